"""One POST to an address of the user's own, to tell of ill sources. Whatever comes of it, the run goes on."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests
from requests.utils import get_auth_from_url

from pipeline import logs
from pipeline.settings import Settings

_PATIENCE = 10.0  # seconds for an answer to begin, at most
_WHOLE = 2  # times that for all of it: looking up the name, connecting, a server that dawdles


def tell_webhook(settings: Settings, message: Mapping[str, object]) -> bool:
    """POST `message` as JSON to `settings.webhook`; whether it was taken, which is any status of 200 to 299.

    A redirect is not followed: what is told is meant for that address. Never raises and never takes long; a failure is
    logged, without the address, of which the path is often the password.
    """
    patience = min(settings.timeout_seconds, _PATIENCE)
    reasons: list[str] = ["no answer in time"]

    def post() -> None:
        reasons.append(_post(settings, message, patience))

    # In a thread of its own, since neither looking up a name nor a slow answer ends by itself.
    thread = threading.Thread(target=post, name="webhook", daemon=True)
    with suppress(Exception):
        thread.start()
        thread.join(_WHOLE * patience)
    reason = reasons[-1]
    host = _host(settings.webhook)
    if reason:
        logs.note("webhook_failed", "warning", host=host, reason=reason)
    else:
        logs.note("webhook_told", host=host)
    return not reason


def _post(settings: Settings, message: Mapping[str, object], patience: float) -> str:
    """Why the message was not taken; empty where it was."""
    try:
        with requests.Session() as session:
            # A proxy does not reach this machine's own addresses.
            session.trust_env = not _is_loopback(_host(settings.webhook))
            user = get_auth_from_url(settings.webhook)
            answer = session.post(
                settings.webhook,
                json=message,
                auth=user if any(user) else lambda request: request,  # none that a .netrc may hold
                headers={"User-Agent": settings.user_agent},
                timeout=patience,
                allow_redirects=False,
                stream=True,  # what it answers is not read
            )
            with answer:
                if 200 <= answer.status_code < 300:
                    return ""
                return f"HTTP {answer.status_code}" + (
                    " (redirects are not followed)" if answer.is_redirect else ""
                )
    except Exception as error:  # noqa: BLE001  its failure must not be the run's
        return type(error).__name__


def _host(url: str) -> str:
    with suppress(ValueError):
        return urlsplit(url).hostname or ""
    return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False
