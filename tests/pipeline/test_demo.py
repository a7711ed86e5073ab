"""The demo as a newcomer sees it."""

from __future__ import annotations

import io
import random
import socket
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.demo import Row, demo, overview
from pipeline.demo_sites import FOLDER, SITES, DemoSiteError
from pipeline.summary import RunSummary


def free_ports() -> int:
    """The first of a free port for each site, below those that the system hands out to everybody else."""
    for first in random.sample(range(10_000, 32_000), 100):
        with ExitStack() as stack, suppress(OSError):
            for place in range(len(SITES)):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", first + place))
            return first
    raise AssertionError("no ports are free")


def show(tmp_path: Path, port: int) -> tuple[RunSummary, str]:
    console = Console(file=io.StringIO(), width=140)
    summary = demo(console, direct=True, port=port, out=tmp_path / "out", archive=tmp_path / "archive")
    assert isinstance(console.file, io.StringIO)
    return summary, console.file.getvalue()


def test_a_second_demo_finds_everything_unchanged(tmp_path: Path) -> None:
    port = free_ports()
    shelves = [len(list((FOLDER / name / "articles").glob("*.txt"))) for name in SITES]
    first, told = show(tmp_path, port)
    assert [crawl.new for crawl in first.crawls] == shelves
    assert (first.stored.new, first.stored.failed) == (sum(shelves), 0)
    assert f"{shelves[0]} articles found: {shelves[0]} new or changed" in told
    assert "more conferences" in told
    second, told = show(tmp_path, port)
    assert second.rows == first.rows
    assert second.stored.new == second.stored.changed == 0
    # On a night the lists are read as far as something in them is new.
    assert "11 articles found: 0 new or changed, 11 unchanged" in told
    assert "(15 requests, 15 of them answered 304" in told


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(DemoSiteError, match="--port"):
            show(tmp_path, int(taken.getsockname()[1]))
    assert not (tmp_path / "out").exists()


def conference(host: str | None, start: str | None, end: str | None = None, kind: str = "year_review") -> Row:
    basis = "publication" if start else "unresolved"
    return {"host_canonical": host, "date_start": start, "date_end": end, "date_basis": basis, "kind": kind}


def figure(indicator: str, words: str, status: str = "achieved") -> Row:
    return {"indicator": indicator, "evidence_text": words, "status": status}


def award(form: str, words: str, count: int | None) -> Row:
    return {"form": form, "form_text": words, "count": count}


def rendered(
    head: Row, *, told: tuple[Row, ...] = (), given: tuple[Row, ...] = (), sums: str = "", width: int = 80
) -> tuple[list[str], list[str], list[str]]:
    """Lines of the three cells of the table's one row; `sums` is `+` for a check that holds, `-` for a fail."""
    console = Console(file=io.StringIO(), width=width)
    console.print(overview([(head, told, given, [{"holds": sign == "+"} for sign in sums])]))
    assert isinstance(console.file, io.StringIO)
    _, names, _, *lines = console.file.getvalue().splitlines()
    second, third = names.index("Figures"), names.index("Awards")
    cells = [(line[:second], line[second:third], line[third:]) for line in lines]
    left, middle, right = (
        [cell.strip() for cell in column if cell.strip()] for column in zip(*cells, strict=True)
    )
    return left, middle, right


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2025-02-14", None, ["2025-02-14 (publication)"], id="one day, with its basis"),
        pytest.param("2025-02-18", "2025-02-19", ["2025-02-18 to 19", "(publication)"], id="two of a month"),
        pytest.param("2025-02-28", "2025-03-01", ["2025-02-28 to 03-01", "(publication)"], id="two months"),
        pytest.param("2024-12-31", "2025-01-01", ["2024-12-31 to 2025-01-01", "(publication)"], id="years"),
        pytest.param(None, None, ["(date unresolved)"], id="none"),
    ],
)
@pytest.mark.parametrize("width", [80, 120])
def test_dates_and_kinds_are_never_broken(
    start: str | None, end: str | None, expected: list[str], width: int
) -> None:
    head = conference("Liên đoàn Lao động huyện Gò Công Tây", start, end, "workers_conference")
    lines, _, _ = rendered(head, width=width)
    assert lines[-1 - len(expected) :] == [*expected, "workers_conference"]


def test_figures_are_told_the_best_known_first_and_each_once() -> None:
    told = (
        figure("other", "12 hồ sơ"),
        figure("members_recruited", "74 đoàn viên"),
        figure("members_recruited", "31 đoàn viên"),
        figure("houses_supported", "5 căn nhà"),
        figure("members_recruited", "80 đoàn viên", "target"),
    )
    _, lines, _ = rendered(conference(None, None), told=told, width=120)
    assert lines == [
        "members_recruited 74 đoàn viên",
        "members_recruited 80 đoàn viên (target)",
        "houses_supported 5 căn nhà",  # a second number of the first indicator, and `other`, stand back
        "and 2 more",
    ]


@pytest.mark.parametrize(
    ("given", "sums", "expected"),
    [
        pytest.param(
            (
                award("certificate_of_merit", "Bằng khen của Bộ Y tế", 2),
                award("emulation_flag", "Cờ thi đua", 1),
                award("certificate_of_merit", "Bằng khen", 9),
            ),
            "++",
            ["11 Bằng khen", "1 Cờ thi đua", "2 sums hold"],
            id="summed by form under its shortest name",
        ),
        pytest.param((award("title", "danh hiệu", None),), "", ["danh hiệu"], id="a form with no count"),
        pytest.param((), "+--", ["1 sum holds", "2 sums fail"], id="sums that fail beside one that holds"),
        pytest.param((), "-", ["1 sum fails"], id="only one that fails"),
        pytest.param((), "", [], id="neither award nor sum"),
    ],
)
def test_awards_are_summed_by_form(given: tuple[Row, ...], sums: str, expected: list[str]) -> None:
    _, _, lines = rendered(conference(None, None), given=given, sums=sums, width=120)
    assert lines == expected


@pytest.mark.guard("terminal")
def test_nothing_in_a_page_steers_the_terminal() -> None:
    host, *_ = rendered(conference("Ngành\x1b[2J [red]Y tế", None))[0]
    assert host == "Ngành\\x1b[2J [red]Y tế"
