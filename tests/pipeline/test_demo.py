"""The demo as a newcomer sees it."""

from __future__ import annotations

import io
import socket
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.demo import demo
from pipeline.demo_site import DemoSiteError
from pipeline.summary import RunSummary


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def show(tmp_path: Path, port: int) -> tuple[RunSummary, str]:
    console = Console(file=io.StringIO(), width=140)
    summary = demo(console, direct=True, port=port, out=tmp_path / "out", archive=tmp_path / "archive")
    assert isinstance(console.file, io.StringIO)
    return summary, console.file.getvalue()


def test_a_second_demo_finds_everything_unchanged(tmp_path: Path) -> None:
    port = free_port()
    first, told = show(tmp_path, port)
    assert (first.crawls[0].fetched, first.stored.new, first.stored.failed) == (16, 16, 0)
    assert "16 articles found: 16 new or changed" in told
    second, told = show(tmp_path, port)
    assert second.rows == first.rows
    assert second.stored.new == second.stored.changed == 0
    assert "16 articles found: 0 new or changed, 16 unchanged" in told
    assert "(22 requests, 22 of them answered 304" in told


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(DemoSiteError, match="--port"):
            show(tmp_path, int(taken.getsockname()[1]))
    assert not (tmp_path / "out").exists()
