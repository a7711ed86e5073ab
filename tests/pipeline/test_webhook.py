"""Who wants to know is told of ill sources, once a run; whatever answers there, the run's outcome is the same."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pipeline import logs
from pipeline.crawl.sources import Bounds, Source
from pipeline.crawl.webhook import tell_webhook
from pipeline.demo_sites import DemoSite
from pipeline.run import run
from pipeline.settings import Settings, load_settings


class Hook:
    """A real server on this machine that keeps what it is sent, and answers as told."""

    def __init__(self) -> None:
        self.status, self.location, self.silent = 204, "", threading.Event()
        self.came: list[tuple[str, dict[str, str], Any]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.came.append((self.path, dict(self.headers), json.loads(body)))
                if hook.silent.is_set():
                    hook.drip(self)
                    return
                self.send_response(hook.status)
                if hook.location:
                    self.send_header("Location", hook.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:  # what a redirect that is followed would ask for
                hook.came.append((self.path, {}, None))

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """A header that never ends, a byte at a time: no single wait is long."""
        while self.silent.is_set():
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.silent.clear()
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logs.stop()
    yield
    logs.stop()


def test_ill_sources_are_told_once_a_run(
    settings: Settings, source: Source, site: DemoSite, hook: Hook
) -> None:
    told = settings.model_copy(update={"webhook": f"{hook.base}/secret?k=1", "contact": "thu@bao.vn"})
    ill = source.model_copy(update={"bounds": Bounds(min_links=99)})
    other = ill.model_copy(update={"name": "khac", "title": "Báo Khác"})
    summary = run(told, [ill, other])
    ((path, headers, message),) = hook.came
    assert path == "/secret?k=1"
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"] == "tongket/0.1 (+thu@bao.vn)"
    assert "Authorization" not in headers
    assert message == {
        "run": summary.run_id,
        "state": "failed",
        "sources": [
            {"source": "songtien", "title": "Báo Sông Tiền", "problems": summary.crawls[0].problems},
            {"source": "khac", "title": "Báo Khác", "problems": summary.crawls[1].problems},
        ],
        "report": str(settings.runs_dir / f"{summary.run_id}.md"),
    }
    # A night on which all is well is told to nobody.
    hook.came.clear()
    assert run(told, [source]).ok
    assert hook.came == []


@pytest.mark.parametrize(
    ("status", "location", "taken", "logged"),
    [
        pytest.param(200, "", True, "", id="taken"),
        pytest.param(202, "", True, "", id="accepted"),
        pytest.param(404, "", False, "HTTP 404", id="not there"),
        pytest.param(500, "", False, "HTTP 500", id="broken"),
        pytest.param(302, "/elsewhere", False, "redirects are not followed", id="elsewhere"),
        pytest.param(
            307, "/elsewhere", False, "redirects are not followed", id="elsewhere, with the message"
        ),
    ],
)
def test_what_is_answered(
    status: int, location: str, taken: bool, logged: str, hook: Hook, capsys: Any
) -> None:
    hook.status, hook.location = status, location
    settings = load_settings({}, webhook=f"{hook.base}/secret", timeout_seconds=5)
    logs.setup(settings)
    assert tell_webhook(settings, {"run": "x"}) is taken
    assert len(hook.came) == 1
    said = capsys.readouterr().err
    assert logged in said
    assert bool(said) is not taken
    assert "secret" not in said


def test_a_user_in_the_address_is_sent_as_such(hook: Hook) -> None:
    settings = load_settings({}, webhook=hook.base.replace("://", "://me:pw@"))
    assert tell_webhook(settings, {})
    ((_, headers, _),) = hook.came
    assert headers["Authorization"] == "Basic bWU6cHc="


@pytest.mark.guard("webhook")
@pytest.mark.parametrize("trouble", ["nobody", "silent", "drip", "no such host"])
def test_a_failing_webhook_never_changes_a_run(
    trouble: str, settings: Settings, source: Source, site: DemoSite, hook: Hook, capsys: Any
) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        if trouble == "silent":
            bound.listen()  # connections are taken, and nothing is ever said
        at = f"http://127.0.0.1:{bound.getsockname()[1]}/secret"
        if trouble == "drip":
            hook.silent.set()
            at = f"{hook.base}/secret"
        elif trouble == "no such host":
            at = "http://nowhere.invalid/secret"
        told = settings.model_copy(update={"webhook": at, "timeout_seconds": 0.5})
        logs.setup(told)
        summary = run(told, [source.model_copy(update={"bounds": Bounds(min_links=99)})])
        before = time.monotonic()
        assert tell_webhook(told, {}) is False
        assert time.monotonic() - before < 3
    assert summary.state == "failed"
    assert len(summary.problems) == 1
    said = capsys.readouterr().err
    assert "webhook_failed" in said
    assert "secret" not in said
