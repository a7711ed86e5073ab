"""An article marked up for the terminal: nested and crossing spans, with and without colour, safe to look at."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from extractors.records import EventDate, Evidence, Place
from pipeline.cli import app
from pipeline.explain import Mark, explain, legend, marked, pieces

TEXT = "Sáng 12/1, Bến Tre kết nạp 705 đoàn viên, giao 800 đoàn viên cho năm tới."
SPANS = [
    # (text, marks as (start, end, kind), the marked text, what the row proves)
    ("abcdef", [], "abcdef", "no mark"),
    ("abcdef", [(0, 6, "unit")], "[unit l (r): abcdef]", "the whole text"),
    ("abcdef", [(2, 4, "unit")], "ab[unit l (r): cd]ef", "one mark"),
    ("abcdef", [(0, 2, "unit"), (2, 4, "date")], "[unit l (r): ab][date l (r): cd]ef", "side by side"),
    ("abcdef", [(0, 6, "award"), (2, 4, "unit")], "[award l (r): ab[unit l (r): cd]ef]", "one inside the other"),
    ("abcdef", [(0, 4, "award"), (2, 6, "unit")], "[award l (r): ab[unit l (r): cd]][unit l (r): ef]", "crossing"),
    ("abcdef", [(1, 3, "award"), (1, 3, "unit")], "a[award l (r): [unit l (r): bc]]def", "the same words"),
    ("abcdef", [(0, 4, "award"), (2, 4, "unit")], "[award l (r): ab[unit l (r): cd]]ef", "ending together"),
    ("[a]", [(1, 2, "unit")], "[[unit l (r): a]]", "the text's own brackets are no markup"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "spans", "expected", "proves"), SPANS, ids=[row[3] for row in SPANS])
def test_marks_nest_properly(
    text: str, spans: list[tuple[int, int, str]], expected: str, proves: str
) -> None:
    out = ""
    for piece in pieces(text, [Mark(start, end, kind, "l", "r") for start, end, kind in spans]):
        opening = f"[{piece.mark.kind} l (r): " if piece.mark else ""
        out += {"text": piece.text, "open": opening, "close": "]"}[piece.step]
    assert out == expected, proves


@pytest.fixture
def report(build: Any) -> Any:
    day = Evidence(start=5, end=9, text="12/1", rule="day_month")
    return build(
        TEXT,
        host="Bến Tre",
        date=EventDate(start="2024-01-12", session="morning", basis="publication", evidence=day),
        figures=(
            ("705 đoàn viên", 705, {"modifier": "more_than"}),
            ("800 đoàn viên", 800, {"status": "target"}),
        ),
        place=Place(
            text="Bến Tre", province_code="83", evidence=Evidence(start=11, end=18, text="Bến Tre", rule="at")
        ),
        title="Bến Tre họp",
    )


def shown(report: Any, *, colour: bool) -> str:
    out = io.StringIO()
    system: Any = "truecolor" if colour else None
    explain(
        report, Console(file=out, width=200, force_terminal=colour, color_system=system, no_color=not colour)
    )
    return out.getvalue()


def test_without_colour_marks_stand_in_brackets(report: Any) -> None:
    text = shown(report, colour=False)
    assert "\x1b" not in text
    assert "kết nạp [figure members_recruited > 705 person (by_hand): 705 đoàn viên], giao" in text
    assert "[target members_recruited 800 person (by_hand): 800 đoàn viên]" in text
    assert "Sáng [date 2024-01-12 morning (publication) (day_month): 12/1]" in text
    assert "[place 83 (at): [unit host Bến Tre (by_hand): Bến Tre]]" in text
    assert "spans: figure 1  target 1  unit 1  date 1  place 1" in text


def test_with_colour_the_words_stay_whole_and_the_label_follows(report: Any) -> None:
    text = marked(report, colour=True)
    assert "705 đoàn viên‹members_recruited > 705 person (by_hand)›" in text.plain
    start = text.plain.index("705 đoàn viên")
    styles = [str(span.style) for span in text.spans if span.start <= start < span.end]
    assert styles == ["green"]
    twice = text.plain.index("Bến Tre")
    styles = [str(span.style) for span in text.spans if span.start <= twice < span.end]
    assert styles == ["cyan underline"], "two marks over the same words"
    assert "\x1b[32m705 đoàn viên" in shown(report, colour=True)


def test_every_word_of_the_article_is_there_once(report: Any) -> None:
    slices = [
        piece.text for piece in pieces(TEXT, [Mark(0, 30, "unit", "l", "r"), Mark(5, 40, "date", "l", "r")])
    ]
    assert "".join(slices) == TEXT


def test_a_report_without_spans_says_so(build: Any) -> None:
    assert legend(build("Trời mưa.", no_event=True), colour=False).plain == "spans: none"


@pytest.mark.guard("terminal")
def test_control_characters_never_reach_the_terminal(build: Any) -> None:
    nasty = "Hội nghị\x1b]0;x\x07 \x9b2J \u202e705 đoàn viên\r\n"
    report = build(
        nasty,
        title="\x1b[31mđỏ",
        source="a\x1b[2J",
        figures=(("705 đoàn viên", 705, {"subject": "\x1b[0m"}),),
        awards=(("Hội nghị", 1, {"grantors": ["\x1bc"], "recipients": ["\x07"]}),),
    )
    for colour in (False, True):
        text = shown(report, colour=colour)
        for own in ("\x1b]", "\x1b[2J", "\x1bc", "\x1b[31mđỏ", "\x07", "\x9b", "\u202e", "\r"):
            assert own not in text, f"{own!r}, colour {colour}"
        assert "\\x1b]0;x\\x07" in text, "spelt out, not dropped"


def run(*args: str, stdin: str | None = None) -> Any:
    return CliRunner().invoke(app, ["explain", *args], input=stdin)


def test_a_file_the_text_itself_and_standard_input_read_the_same(tmp_path: Any) -> None:
    path = tmp_path / "bai.txt"
    path.write_text(TEXT, encoding="utf-8")
    by_file, by_text, by_stdin = run(str(path)), run(TEXT), run("-", stdin=TEXT)
    assert [r.exit_code for r in (by_file, by_text, by_stdin)] == [0, 0, 0]
    marked_lines = {r.stdout.split("spans:")[0].strip() for r in (by_file, by_text, by_stdin)}
    assert len(marked_lines) == 1
    assert "đoàn viên" in marked_lines.pop()


@pytest.mark.parametrize(
    ("what", "line", "proves"),
    [
        ("khong-co.txt", "khong-co.txt: no such file", "one word with a suffix is meant as a file"),
        ("bai/viet", "bai/viet: no such file", "so is one with a slash"),
        ("", "the text: empty: there is nothing to read", "no text"),
        ("\x00", "the text: a binary file, not text: give text, HTML, WARC or JSON Lines", "no path either"),
    ],
)
def test_what_cannot_be_explained(what: str, line: str, proves: str) -> None:
    result = run(what)
    assert (result.exit_code, result.stderr) == (2, line + "\n"), proves
