"""`tongket explore`: the pages on a port of this machine, until they are stopped."""

from __future__ import annotations

import errno
import secrets
import socket
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from pipeline.explore.app import make_app
from pipeline.explore.behind import check_behind
from pipeline.explore.state import Explorer, find_release
from pipeline.settings import Settings

HOST = "127.0.0.1"


class PortError(OSError):
    """A port that cannot be had; the message says which and what to do."""


def listen(port: int) -> socket.socket:
    """A socket bound to `port` of this machine alone; 0 is any that is free. Raises `PortError`."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)  # who comes before the pages are ready waits a moment
    except OSError as error:
        listener.close()
        why = "something else listens there" if error.errno == errno.EADDRINUSE else error.strerror
        raise PortError(f"port {port}: {why}: choose another with --port") from error
    return listener


def explore(
    folder: Path,
    *,
    port: int,
    open_browser: bool,
    settings: Settings | None,
    review: bool,
    reviewer: str,
    say: Callable[[str], None],
) -> None:
    """Serve the release in `folder` until Ctrl-C or SIGTERM. Raises `ReleaseError`, `BehindError`, `PortError`
    before it begins.

    With `review` decisions are taken into the database of `settings`, by whoever has the printed address with its token.
    """
    find_release(folder)
    if settings:
        check_behind(settings, folder)
    explorer = Explorer(
        folder, settings, token=secrets.token_urlsafe(24) if review else None, reviewer=reviewer
    )
    with listen(port) as listener:
        datasette = make_app(explorer)
        address = f"http://{HOST}:{listener.getsockname()[1]}/"
        if explorer.token:
            address += f"?token={explorer.token}"
        server = uvicorn.Server(
            uvicorn.Config(datasette.app(), log_level="warning", lifespan="on", server_header=False)
        )
        if open_browser:
            threading.Thread(target=_open, args=(server, address), daemon=True).start()
        say(f"release {explorer.name}: {address}")
        say("Ctrl-C ends it")
        server.run(sockets=[listener])


def _open(server: uvicorn.Server, address: str) -> None:
    for _ in range(200):
        if server.started:
            webbrowser.open(address)
            return
        time.sleep(0.05)
