"""`tongket diff`: every sort of change is told once, with its words; what is the same is no change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractors.records import EventDate, Period, Report
from pipeline.cli import app

TEXT = "LĐLĐ huyện Cái Bè kết nạp 705 đoàn viên, trao 12 căn nhà và tặng Bằng khen cho 4 tập thể. Tổng LĐLĐ Việt Nam dự."
UNION = "LĐLĐ huyện Cái Bè"
MEMBERS, HOUSES = ("705 đoàn viên", 705), ("12 căn nhà", 12, {"indicator": "houses_supported"})
CHECK = {"rule": "part_of_whole", "holds": True, "figures": [0, 1], "message": "705 of 800"}


def lines(*reports: Any) -> bytes:
    return "".join((r if isinstance(r, str) else r.to_json()) + "\n" for r in reports).encode()


def renamed(report: Report, **article: Any) -> Report:
    return report.model_copy(update={"article": report.article.model_copy(update=article)})


def diff(folder: Path, old: bytes, new: bytes, *args: str) -> Any:
    (folder / "old.jsonl").write_bytes(old)
    (folder / "new.jsonl").write_bytes(new)
    return CliRunner().invoke(app, ["diff", str(folder / "old.jsonl"), str(folder / "new.jsonl"), *args])


def listed(output: str) -> list[str]:
    """The changes: lines indented by two, above the line of totals."""
    return [
        line.strip() for line in output.partition(" articles → ")[0].splitlines() if line.startswith("  ")
    ]


def dated(day: str, **more: Any) -> EventDate:
    return EventDate(start=day, basis="explicit", **more)


CHANGES: list[tuple[dict[str, Any], dict[str, Any], list[str], str]] = [
    # (old, new, the lines, what the row proves)
    ({"figures": (MEMBERS,)}, {"figures": (MEMBERS,)}, [], "nothing"),
    ({"figures": (MEMBERS, HOUSES)}, {"figures": (HOUSES, MEMBERS)}, [], "the order of figures is no change"),
    ({"figures": (MEMBERS,)}, {"figures": (MEMBERS, HOUSES)},
     ["figure gained «12 căn nhà»: 12 person houses_supported achieved"], "a figure more"),
    ({"figures": (MEMBERS, HOUSES)}, {"figures": (MEMBERS,)},
     ["figure lost «12 căn nhà»: 12 person houses_supported achieved"], "a figure less"),
    ({"figures": (("705", 705),)}, {"figures": (("705 đoàn viên", 705, {"status": "target"}),)},
     ["figure changed «705 đoàn viên»: status achieved → target; evidence 705 → 705 đoàn viên"], "overlap pairs them"),
    ({"figures": (("705 đoàn viên", 700),)}, {"figures": (MEMBERS,)},
     ["figure changed «705 đoàn viên»: value 700 → 705"], "another value from the same words"),
    ({"figures": (("kết nạp 705 đoàn viên, trao 12", 705), ("12 căn nhà", 12))},
     {"figures": (("12 căn nhà", 12), ("705 đoàn viên", 705))},
     ["figure changed «705 đoàn viên»: evidence kết nạp 705 đoàn viên, trao 12 → 705 đoàn viên"],
     "of two that overlap, the closer"),
    ({"awards": (("Bằng khen", 4),)}, {"awards": (("Bằng khen cho 4 tập thể", 4, {"grantors": [UNION]}),)},
     [f"award changed «Bằng khen cho 4 tập thể»: grantors – → {UNION}; evidence Bằng khen → Bằng khen cho 4 tập thể"], "a giver found"),
    ({"awards": (("Bằng khen", 4),)}, {}, ["award lost «Bằng khen»: certificate_of_merit collective 4"], "an award less"),
    ({"units": ((UNION, UNION, "host"),)}, {"units": ((UNION, UNION, "host"), (UNION, UNION, "grantor"))},
     [f"unit gained «{UNION}»: grantor {UNION} federation"], "another role of the same words"),
    ({"units": ((UNION, UNION, "member"),)}, {"units": (("Tổng LĐLĐ Việt Nam", UNION, "member"),)},
     ["unit changed «Tổng LĐLĐ Việt Nam»: name LĐLĐ huyện Cái Bè → Tổng LĐLĐ Việt Nam; "
      "evidence LĐLĐ huyện Cái Bè → Tổng LĐLĐ Việt Nam"], "a unit is told by name and role"),
    ({"host": UNION, "date": dated("2024-01-12")}, {"host": "Tổng LĐLĐ Việt Nam", "date": dated("2024-01-13"), "kind": "congress"},
     [f"conference changed «c»: kind year_review → congress; host {UNION} → Tổng LĐLĐ Việt Nam; "
      "date 2024-01-12 day explicit → 2024-01-13 day explicit"], "kind, host and date"),
    ({"review_period": Period(label="năm 2023", start="2023-01-01", end="2023-12-31")}, {},
     ["conference changed «c»: review_period năm 2023 → –"], "a period lost"),
    ({"checks": [CHECK]}, {"checks": [{**CHECK, "figures": [1, 2]}]}, [], "a check's indices are no change"),
    ({"checks": [CHECK]}, {"checks": [{**CHECK, "holds": False}]},
     ["conference changed «c»: checks part_of_whole true 705 of 800 → part_of_whole false 705 of 800"], "a check that fails now"),
    ({"no_event": True}, {"figures": (MEMBERS,)},
     ["conference gained «c»: year_review day unresolved",
      "figure gained «705 đoàn viên»: 705 person members_recruited achieved"], "an event and what is in it"),
    ({"relevant": False, "title": "Tin"}, {"title": "Tin"}, ["article changed «Tin»: relevant false → true"], "relevance"),
    ({"source": "a/x.txt"}, {"source": "b/x.txt"}, [], "read from elsewhere"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected", "proves"), CHANGES, ids=[row[3] for row in CHANGES])
def test_what_is_told(
    old: dict[str, Any], new: dict[str, Any], expected: list[str], proves: str, tmp_path: Path, build: Any
) -> None:
    result = diff(tmp_path, lines(build(TEXT, **old)), lines(build(TEXT, **new)))
    assert listed(result.stdout) == expected, proves
    assert result.exit_code == (1 if expected else 0)


def test_an_article_on_one_side_alone_is_told_whole(tmp_path: Path, build: Any) -> None:
    both, one = build(TEXT), renamed(build(TEXT, figures=(MEMBERS, HOUSES), title="Tin mới"), id="y")
    result = diff(tmp_path, lines(both), lines(one, both))
    assert listed(result.stdout) == ["article gained «Tin mới»: 1 conferences, 2 figures, 0 awards"]
    assert "1 articles → 2 articles, 1 of them read alike" in result.stdout
    result = diff(tmp_path, lines(one, both), lines(both))
    assert listed(result.stdout) == ["article lost «Tin mới»: 1 conferences, 2 figures, 0 awards"]


def test_a_text_given_twice_is_two_articles(tmp_path: Path, build: Any) -> None:
    report = build(TEXT, figures=(MEMBERS,))
    assert diff(tmp_path, lines(report, report), lines(report, report)).exit_code == 0
    result = diff(tmp_path, lines(report, report), lines(report))
    assert listed(result.stdout) == ["article lost: 1 conferences, 1 figures, 0 awards"]


ANNEX = "Ngày 9/3, LĐLĐ huyện Chợ Gạo trao 12 căn nhà."


def test_a_round_up_pairs_its_events_by_what_they_say(tmp_path: Path, build: Any) -> None:
    """One event more at the top renames those below; what is in them stays where it was read."""
    text = f"{TEXT}\n{ANNEX}"
    first = build(text, host=UNION, figures=(MEMBERS,)).conferences[0]
    second = build(text, kind="care_event", figures=(HOUSES,)).conferences[0].model_copy(update={"id": "d"})
    old = build(text).model_copy(update={"conferences": [second]})
    new = old.model_copy(update={"conferences": [first, second.model_copy(update={"id": "e"})]})
    assert listed(diff(tmp_path, lines(old), lines(new)).stdout) == [
        f"conference gained «c»: year_review {UNION} day unresolved",
        "figure gained «705 đoàn viên»: 705 person members_recruited achieved",
    ]
    # The same figure, now of the other event.
    moved = [first, second.model_copy(update={"figures": []})]
    moved[0] = moved[0].model_copy(update={"figures": first.figures + second.figures})
    moved_report = new.model_copy(update={"conferences": moved})
    assert listed(diff(tmp_path, lines(new), lines(moved_report)).stdout) == [
        "figure changed «12 căn nhà»: conference 2 → 1"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected", "proves"),
    [
        (f"Xem thêm\n{TEXT}", TEXT, [], "the line stands elsewhere, the figure is the same"),
        (f"{TEXT}\nXem thêm", f"{ANNEX}\n{TEXT}", [], "a line off here, a line on there"),
        (TEXT.replace("Tổng", "TỔNG"), TEXT, [], "the line changed, the words did not"),
        (TEXT.replace("705 đoàn", "705  đoàn"), TEXT,
         ["figure lost «705  đoàn viên»: 705 person members_recruited achieved",
          "figure gained «705 đoàn viên»: 705 person members_recruited achieved"], "the line and the words changed"),
    ],
)  # fmt: skip
def test_a_text_that_changed(
    old: str, new: str, expected: list[str], proves: str, tmp_path: Path, build: Any
) -> None:
    words = ("705  đoàn viên" if "  " in old else "705 đoàn viên", 705)
    result = diff(
        tmp_path,
        lines(build(old, figures=(words,))),
        lines(build(new, figures=(MEMBERS,))),
        "--only",
        "figures",
    )
    assert listed(result.stdout) == expected, proves
    whole = diff(tmp_path, lines(build(old)), lines(build(new)))
    (told,) = listed(whole.stdout)
    assert told.startswith("article changed: text from ")


def test_only_one_sort_counts(tmp_path: Path, build: Any) -> None:
    old, new = lines(build(TEXT, figures=(MEMBERS,))), lines(build(TEXT, awards=(("Bằng khen", 4),)))
    assert diff(tmp_path, old, new, "--only", "units").exit_code == 0
    result = diff(tmp_path, old, new, "--only", "awards")
    assert result.exit_code == 1
    assert listed(result.stdout) == ["award gained «Bằng khen»: certificate_of_merit collective 4"]
    assert "figures" not in result.stdout


def test_the_limit_hides_and_counts(tmp_path: Path, build: Any) -> None:
    old, new = lines(build(TEXT)), lines(build(TEXT, figures=(MEMBERS, HOUSES), awards=(("Bằng khen", 4),)))
    result = diff(tmp_path, old, new, "--limit", "1")
    assert [line.partition(" «")[0] for line in listed(result.stdout)] == ["figure gained"]
    assert "… and 2 more: --limit 3 lists them" in result.stdout.splitlines()
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["figures", "2", "0", "0"] in rows
    assert ["awards", "1", "0", "0"] in rows
    assert "more:" not in diff(tmp_path, old, new, "--limit", "3").stdout
    assert diff(tmp_path, old, new, "--limit", "0").exit_code == 1


def test_json_holds_counts_and_changes(tmp_path: Path, build: Any) -> None:
    old = lines(build(TEXT, figures=(MEMBERS, HOUSES)))
    new = lines(build(TEXT, figures=(("705 đoàn viên", 705, {"status": "target"}),)))
    result = diff(tmp_path, old, new, "--json")
    got = json.loads(result.stdout)
    assert result.exit_code == 1
    assert got["articles"] == {"old": 1, "new": 1, "same": 0}
    assert got["counts"]["figures"] == {"gained": 0, "lost": 1, "changed": 1, "fields": {"status": 1}}
    assert set(got["counts"]) == {"articles", "conferences", "units", "figures", "awards"}
    changed, lost = got["changes"]
    assert changed == {
        "article": "x", "source": "a", "section": "figures", "kind": "changed", "words": "705 đoàn viên",
        "start": TEXT.index("705"), "fields": {"status": {"old": "achieved", "new": "target"}},
    }  # fmt: skip
    assert lost["fields"]["value"] == {"old": "12", "new": None}
    assert len(json.loads(diff(tmp_path, old, new, "--json", "--limit", "1").stdout)["changes"]) == 1


def test_what_another_version_wrote_may_have_other_codes_and_fields(tmp_path: Path, build: Any) -> None:
    old = json.loads(build(TEXT, figures=(MEMBERS,)).to_json())
    (figure,) = old["conferences"][0]["figures"]
    figure["indicator"] = "members_admitted"
    figure["certainty"] = 0.8
    del figure["share_pct"]
    figure["evidence"]["rule"] = "quantity.old"
    result = diff(tmp_path, lines(json.dumps(old)), lines(build(TEXT, figures=(MEMBERS,))))
    assert listed(result.stdout) == [
        "figure changed «705 đoàn viên»: indicator members_admitted → members_recruited; certainty 0.8 → –"
    ]


@pytest.mark.guard("terminal")
def test_what_a_page_says_cannot_steer_the_terminal(tmp_path: Path, build: Any) -> None:
    old = build(TEXT, title="Tin \x1b[2J[bold]x", relevant=False)
    result = diff(tmp_path, lines(old), lines(build(TEXT, title="Tin \x1b[2J[bold]x")))
    assert listed(result.stdout) == ["article changed «Tin \\x1b[2J[bold]x»: relevant false → true"]


def test_standard_input_and_pipes(tmp_path: Path, build: Any, tongket: Any) -> None:
    """Neither can go back to where an old article stood; both are compared all the same."""
    reports = [renamed(build(TEXT, figures=(MEMBERS,)), id=name) for name in "abc"]
    (tmp_path / "old.jsonl").write_bytes(lines(*reports))
    back = lines(*reversed(reports))
    assert tongket("diff", str(tmp_path / "old.jsonl"), "-", stdin=back).returncode == 0
    assert tongket("diff", "-", str(tmp_path / "old.jsonl"), stdin=back).returncode == 0
    assert tongket("diff", "/dev/stdin", str(tmp_path / "old.jsonl"), stdin=back).returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "said", "proves"),
    [
        (b"{}\n", b"", "old.jsonl:1: no report (article: Field required): give the output of `tongket extract`", "no report"),
        (b"", b"\n<p>", "new.jsonl:2: no report (Invalid JSON: expected value at line 1 column 1): give the output of `tongket extract`", "no JSON"),
        (b"", b'{"article": {"id": "a", "text": "a"}, "conferences": [{"id": "a-1", "figures": [{}]}]}',
         "new.jsonl:1: no report (conferences.0.figures.0.evidence: Field required): give the output of `tongket extract`", "no evidence"),
        (None, b"", "old.jsonl: cannot be read: No such file or directory", "no file"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(
    old: bytes | None, new: bytes, said: str, proves: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if old is not None:
        Path("old.jsonl").write_bytes(old)
    Path("new.jsonl").write_bytes(new)
    result = CliRunner().invoke(app, ["diff", "old.jsonl", "new.jsonl"])
    assert (result.exit_code, result.stderr) == (2, said + "\n"), proves


def test_standard_input_is_one_of_the_two() -> None:
    result = CliRunner().invoke(app, ["diff", "-", "-"])
    said = "-: standard input cannot be both: give one of the two as a file\n"
    assert (result.exit_code, result.stderr) == (2, said)
