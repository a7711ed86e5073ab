"""`tongket explore` from the command line: what it prints, and what it says where it cannot."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from pipeline.dataset.database import database

PROGRAM = Path(sys.executable).with_name("tongket")


def refused(*args: str) -> str:
    """What the program says on standard error when it ends at once."""
    done = subprocess.run(
        [PROGRAM, "explore", *args, "--no-open"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2, done
    assert done.stdout == ""
    return done.stderr


def test_it_serves_this_machine_and_prints_the_address(release: Path) -> None:
    command = [str(PROGRAM), "explore", str(release), "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        try:
            assert line.startswith("release 2025-01-14: http://127.0.0.1:")
            with urlopen(line.partition(": ")[2], timeout=30) as answer:
                assert b"tongket" in answer.read()
        finally:
            process.terminate()
        assert process.wait(30) in {0, -15}


def test_without_a_release_it_says_how_to_make_one(tmp_path: Path) -> None:
    said = refused(str(tmp_path))
    assert "no release here" in said
    assert "tongket demo" in said
    assert "tongket run" in said
    assert len(said.splitlines()) == 1


def test_a_port_that_is_taken_is_named(release: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(str(release), "--port", str(port))
    assert f"port {port}" in said
    assert "--port" in said


def test_a_database_that_is_not_there_is_not_made(release: Path, tmp_path: Path) -> None:
    said = refused(str(release), "--review", "--db", str(tmp_path / "x.db"))
    assert "no database here" in said
    assert not (tmp_path / "x.db").exists()


def test_the_database_of_another_release_is_refused(release: Path, tmp_path: Path) -> None:
    with database(f"sqlite:///{tmp_path}/other.db"):
        pass
    assert "not made of this database" in refused(
        str(release), "--review", "--db", str(tmp_path / "other.db")
    )
