"""The pages as a plugin of Datasette: their addresses, and the guard around every answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import NotFound, Request, Response, hookimpl

from pipeline.explore import bundle, guard
from pipeline.explore.conference import conference
from pipeline.explore.rows import DATABASE
from pipeline.explore.state import Explorer
from pipeline.explore.web import HERE, language_of, page
from pipeline.explore.words import Words

_ATTACHED = "tongket_explorer"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

View = Callable[[Request, Any], Awaitable[Response]]


def attach(datasette: Any, explorer: Explorer, refresh: Callable[[], None], allowed_script: str) -> None:
    """Tell `datasette` that it shows the pages of `explorer`: others in the same process are left as they are."""
    setattr(datasette, _ATTACHED, (explorer, refresh, allowed_script))


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, View]]:
    """The pages' addresses."""
    if not hasattr(datasette, _ATTACHED):
        return []
    return [
        (r"^/conferences/(?P<id>[^/]+)$", _conference),
        (r"^/-/tongket/(?P<file>[a-z]+\.(?:css|js|svg))$", _file),
    ]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[guard.App], guard.App]:
    """The guard, around the pages and Datasette's own alike."""

    def wrap(app: guard.App) -> guard.App:
        attached = getattr(datasette, _ATTACHED, None)
        return guard.guarded(app, *attached) if attached else app

    return wrap


@hookimpl
def extra_template_vars(request: Request | None, datasette: Any) -> dict[str, Any]:
    """What the head of Datasette's own pages needs."""
    if request is None or not hasattr(datasette, _ATTACHED):
        return {}
    explorer: Explorer = getattr(datasette, _ATTACHED)[0]
    words = explorer.words(language_of(request))
    return {"t": words, "review": explorer.token is not None}


async def ask(datasette: Any, question: Callable[[sqlite3.Connection], Any]) -> Any:
    """What `question` finds in the release, asked in a thread of its own."""
    return await datasette.get_database(DATABASE).execute_fn(question)


def _told(request: Request, datasette: Any) -> tuple[Explorer, Words]:
    explorer: Explorer = getattr(datasette, _ATTACHED)[0]
    return explorer, explorer.words(language_of(request))


async def _conference(request: Request, datasette: Any) -> Response:
    explorer, words = _told(request, datasette)
    asked = request.args.get("report", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 1
    told = await ask(datasette, lambda db: conference(db, words, request.url_vars["id"], number))
    if told is None:
        raise NotFound(words("no_conference"))
    return page(request, explorer, words, "conference.html", told)


async def _file(request: Request) -> Response:
    name = request.url_vars["file"]
    if name == "vega.js":
        body = await bundle.vega()
    else:
        path = HERE / "static" / name
        if not path.is_file():
            raise NotFound(name)
        body = path.read_text(encoding="utf-8")
    kind = _TYPES["." + name.rpartition(".")[2]]
    return Response(body, headers={"Cache-Control": "max-age=3600"}, content_type=kind)
