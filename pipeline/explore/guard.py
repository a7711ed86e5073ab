"""Around every answer: only this machine's names are served, and nothing from elsewhere is let into a page."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pipeline.explore.spreadsheets import SafeCells
from pipeline.explore.state import Explorer

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN_COOKIE = "tongket_token"  # noqa: S105  its name
_NAMES = {"127.0.0.1", "localhost", "::1"}
_COMMON = "default-src 'none'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
OURS = _COMMON + "script-src 'self'; style-src 'self'"
# Datasette's own pages of tables have a style element, and one script: `DATASETTE_ALLOW_FACET = true;`.
DATASETTES = _COMMON + "script-src 'self' 'sha256-{}'; style-src 'self' 'unsafe-inline'"
_TABLES = "/tongket"
_DATASETTE_PATHS = (_TABLES, "/-/")


def guarded(app: App, explorer: Explorer, refresh: Callable[[], None], allowed_script: str) -> App:
    """`app` behind the guard; `refresh` is called before each answer, so that the newest release is shown."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}
        host = urlsplit(f"//{headers.get(b'host', '')}")
        origin = headers.get(b"origin")
        if host.hostname not in _NAMES:
            await _refuse(send, 421, "served on this machine alone: open http://127.0.0.1")
            return
        if (
            scope["method"] not in {"GET", "HEAD"}
            and origin is not None
            and urlsplit(origin).netloc != host.netloc
        ):
            await _refuse(send, 403, "sent from another site's page")
            return
        if explorer.token and (where := _without_token(scope, explorer.token)):
            kept = f"{TOKEN_COOKIE}={explorer.token}; Path=/; HttpOnly; SameSite=Strict"
            head = [
                (b"location", where.encode()),
                (b"set-cookie", kept.encode()),
                (b"cache-control", b"no-store"),
            ]
            await send({"type": "http.response.start", "status": 303, "headers": head})
            await send({"type": "http.response.body", "body": b""})
            return
        refresh()
        policy = DATASETTES.format(allowed_script) if scope["path"].startswith(_DATASETTE_PATHS) else OURS

        cells: SafeCells | None = None

        async def send_with_headers(message: Message) -> None:
            nonlocal cells
            if message["type"] == "http.response.start":
                told = {name.lower(): value for name, value in message.get("headers", [])}
                if _is_table(scope["path"], told.get(b"content-type", b"")):
                    cells = SafeCells()
                extra = [
                    (b"content-security-policy", policy.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"same-origin"),
                    (b"cross-origin-opener-policy", b"same-origin"),
                ]
                kept = [pair for pair in extra if pair[0] not in told]
                message["headers"] = [*message.get("headers", []), *kept]
            elif cells and message["type"] == "http.response.body":
                last = not message.get("more_body", False)
                message["body"] = cells.feed(message.get("body", b""), last=last)
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped


def _is_table(path: str, kind: bytes) -> bool:
    """Whether Datasette answers with CSV, which it calls plain text unless it is downloaded."""
    return path.startswith(_TABLES) and kind.startswith((b"text/csv", b"text/plain"))


async def _refuse(send: Send, status: int, why: str) -> None:
    head = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": why.encode()})


def _without_token(scope: Scope, token: str) -> str | None:
    """Where to go on without the token in the address; None where it is not there, or wrong."""
    asked = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    given = dict(asked).get("token", "")
    if scope["method"] != "GET" or not secrets.compare_digest(given.encode(), token.encode()):
        return None
    rest = urlencode([(name, value) for name, value in asked if name != "token"])
    path = "/" + scope["path"].lstrip("/")  # `//elsewhere` would lead away
    return path if not rest else f"{path}?{rest}"
