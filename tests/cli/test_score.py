"""Scores worked out by hand: what pairs, what is a miss, what a false alarm, and what counts neither way."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.records import EventDate, Period, Report
from pipeline.evaluate.align import FoldedText, equal, unit_name
from pipeline.evaluate.gold import GoldArticle, GoldItem
from pipeline.evaluate.score import Scores, score

TEXT = (
    "Hội nghị tại Bến Lức: kết nạp 705 đoàn viên, đạt 87,5% kế hoạch; trao 12 căn nhà; 9 cuộc đối thoại. "
    "LĐLĐ tỉnh tặng bằng khen cho 3 tập thể và 5 cá nhân."
)
MEMBERS = {
    "quote": "705 đoàn viên",
    "value": "705",
    "unit": "person",
    "indicator": "members_recruited",
    "status": "achieved",
}
HOUSES = {
    "quote": "12 căn nhà",
    "value": "12",
    "unit": "house",
    "indicator": "houses_supported",
    "status": "achieved",
}
TALKS = {
    "quote": "9 cuộc đối thoại",
    "value": 9,
    "unit": "session",
    "indicator": "dialogues",
    "status": "achieved",
}
HOUSE = {"unit": "house", "indicator": "houses_supported"}
THREE = {"quote": "3 tập thể", "form": "certificate_of_merit", "recipient_type": "collective", "count": 3}
FIVE = {"quote": "5 cá nhân", "form": "certificate_of_merit", "recipient_type": "individual", "count": 5}
PERSON = {"recipient_type": "individual"}


def gold(name: str = "a", **conference: Any) -> GoldArticle:
    event = {"kind": "year_review", **conference}
    return GoldArticle.model_validate({"name": name, "text": TEXT, "conferences": [event]})


def counts(scores: Scores, name: str) -> tuple[int, int, int]:
    tally = scores.counted[name]
    return tally.right, tally.false, tally.missed


FIGURES = [
    # gold figures, predicted (quote, value, fields), (right, false, missed) loose and strict, what the row proves
    ([MEMBERS, HOUSES], [("705 đoàn viên", 705), ("12 căn nhà", 12, HOUSE)], (2, 0, 0), (2, 0, 0), "all right"),
    ([MEMBERS, HOUSES], [("705 đoàn viên", 705)], (1, 0, 1), (1, 0, 1), "one missed"),
    ([MEMBERS], [("705 đoàn viên", 705), ("12 căn nhà", 12)], (1, 1, 0), (1, 1, 0), "one false alarm"),
    ([MEMBERS], [("705 đoàn viên", 706)], (0, 1, 1), (0, 1, 1), "the value is not the same"),
    ([MEMBERS], [("12 căn nhà", 705)], (0, 1, 1), (0, 1, 1), "the value is, the place is not"),
    ([MEMBERS], [("705", 705)], (1, 0, 0), (1, 0, 0), "part of the words is the same place"),
    ([MEMBERS], [("705", 705), ("705 đoàn viên", 705)], (1, 1, 0), (1, 1, 0), "told twice is once too often"),
    ([MEMBERS], [("705 đoàn viên", 705, {"status": "target"})], (1, 0, 0), (0, 1, 1), "wrong status is strictly wrong"),
    ([MEMBERS], [("705 đoàn viên", 705, {"of": 900})], (1, 0, 0), (0, 1, 1), "so is a whole that is not there"),
    ([MEMBERS], [("705 đoàn viên", 705, {"modifier": "about"})], (1, 0, 0), (0, 1, 1), "gold says exact by silence"),
    ([{**MEMBERS, "attainment_pct": 87.5}], [("705 đoàn viên", 705, {"attainment_pct": 87.5})], (1, 0, 0), (1, 0, 0), "attainment"),
    ([{**MEMBERS, "attainment_pct": 87.5}], [("705 đoàn viên", 705)], (1, 0, 0), (0, 1, 1), "attainment left out"),
    ([MEMBERS, {**TALKS, "optional": True}], [("705 đoàn viên", 705)], (1, 0, 0), (1, 0, 0), "optional, not found"),
    ([MEMBERS, {**TALKS, "optional": True}], [("705", 705), ("9 cuộc", 9)], (1, 0, 0), (1, 0, 0), "optional, found"),
    ([{**MEMBERS, "optional": True}, MEMBERS], [("705", 705)], (1, 0, 0), (1, 0, 0), "required ones choose first"),
    ([{**MEMBERS, "quote": "800 đoàn viên"}], [("705", 705)], (0, 1, 1), (0, 1, 1), "a quote that the text lacks"),
    ([], [], (0, 0, 0), (0, 0, 0), "nothing there, nothing found"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "got", "loose", "strict", "proves"), FIGURES, ids=[row[4] for row in FIGURES]
)
def test_figures(wanted: Any, got: Any, loose: Any, strict: Any, proves: str, build: Any) -> None:
    scores = score([gold(figures=wanted)], {"a": build(TEXT, figures=tuple(got))})
    assert counts(scores, "figures") == loose, proves
    assert counts(scores, "figures_strict") == strict, proves


AWARDS = [
    # gold awards, predicted (quote, count, fields), (right, false, missed) loose and strict, what the row proves
    ([THREE, FIVE], [("3 tập thể", 3), ("5 cá nhân", 5, PERSON)], (2, 0, 0), (2, 0, 0), "two awards, one sentence"),
    ([THREE, FIVE], [("3 tập thể", 3)], (1, 0, 1), (1, 0, 1), "one missed"),
    ([THREE], [("3 tập thể", 3, {"form": "emulation_flag"})], (0, 1, 1), (0, 1, 1), "another form"),
    ([THREE], [("3 tập thể", 3, PERSON)], (0, 1, 1), (0, 1, 1), "another kind of recipient"),
    ([THREE], [("3 tập thể", None)], (0, 1, 1), (0, 1, 1), "no count where gold has one"),
    ([{**THREE, "count": None}], [("3 tập thể", None)], (1, 0, 0), (1, 0, 0), "no count in either"),
    ([THREE], [("bằng khen", 3)], (1, 0, 0), (1, 0, 0), "other words of the same sentence"),
    ([{**THREE, "grantors": ["LĐLĐ TP. Tân An"]}], [("3 tập thể", 3, {"grantors": ["LĐLĐ thành phố Tân An"]})],
     (1, 0, 0), (1, 0, 0), "a grantor by another spelling"),
    ([{**THREE, "grantors": ["LĐLĐ tỉnh"]}], [("3 tập thể", 3)], (1, 0, 0), (0, 1, 1), "the grantor is missing"),
    ([{**THREE, "optional": True}], [], (0, 0, 0), (0, 0, 0), "optional"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "got", "loose", "strict", "proves"), AWARDS, ids=[row[4] for row in AWARDS]
)
def test_awards(wanted: Any, got: Any, loose: Any, strict: Any, proves: str, build: Any) -> None:
    scores = score([gold(awards=wanted)], {"a": build(TEXT, awards=tuple(got))})
    assert counts(scores, "awards") == loose, proves
    assert counts(scores, "awards_strict") == strict, proves


def test_an_award_far_away_is_another_award(build: Any) -> None:
    text = "Trao 3 tập thể." + " Thời tiết đẹp." * 12 + " Tặng bằng khen."
    article = GoldArticle.model_validate(
        {"name": "a", "text": text, "conferences": [{"kind": "other", "awards": [THREE]}]}
    )
    near, far = text.replace(" Thời tiết đẹp." * 12, ""), text
    for said, expected in ((near, (1, 0, 0)), (far, (0, 1, 1))):
        report = build(said, awards=(("bằng khen", 3),))
        assert counts(score([article], {"a": report}), "awards") == expected


UNITS = [
    # gold (canonical, role), predicted (canonical, role), (right, false, missed), what the row proves
    ([("LĐLĐ tỉnh Long An", "host")], [("LĐLĐ tỉnh Long An", "host")], (1, 0, 0), "the same"),
    ([("LĐLĐ TP. Tân An", "host")], [("LĐLĐ thành phố Tân An", "host")], (1, 0, 0), "spelt otherwise"),
    ([("LĐLĐ tỉnh", "host")], [("LĐLĐ tỉnh", "grantor")], (0, 1, 1), "another role"),
    ([("LĐLĐ tỉnh", "superior")], [], (0, 0, 0), "a role that is not scored"),
    ([], [("Huyện đoàn", "participant")], (0, 0, 0), "nor is it a false alarm"),
    ([("Hội", "member")], [("Hội", "member"), ("Hội", "member")], (1, 0, 0), "named twice is one unit"),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "got", "expected", "proves"), UNITS, ids=[row[3] for row in UNITS])
def test_units(wanted: Any, got: Any, expected: Any, proves: str, build: Any) -> None:
    units = [{"canonical": name, "role": role} for name, role in wanted]
    report = build(TEXT, units=tuple(("Hội nghị", name, role) for name, role in got))
    assert counts(score([gold(units=units)], {"a": report}), "units") == expected, proves


DAY = {"start": "2024-01-12", "end": None, "session": "morning"}
YEAR = {"label": "năm 2023", "start": "2023-01-01", "end": "2023-12-31"}
EVENTS = [
    # gold fields, predicted fields, the judgement looked at, (right, n), what the row proves
    ({"date": DAY}, {"date": EventDate(start="2024-01-12", session="morning")}, "date", (1, 1), "the day"),
    ({"date": DAY}, {"date": EventDate(start="2023-01-12", session="morning")}, "date", (0, 1), "a year out"),
    ({"date": DAY}, {"date": EventDate(start="2024-01-12", end="2024-01-13")}, "date", (0, 1), "a day too many"),
    ({"date": DAY}, {"date": EventDate(start="2024-01-12")}, "session", (0, 1), "morning not seen"),
    ({"date": None}, {}, "date", (1, 1), "no day in either"),
    ({}, {"kind": "congress"}, "kind", (0, 1), "another kind"),
    ({"host": "bến lức"}, {"host": "Bến Lức"}, "host", (1, 1), "case does not count"),
    ({"host": "Cần Giuộc"}, {"host": "Bến Lức"}, "host", (0, 1), "another host"),
    ({"host": None}, {"host": "Bến Lức"}, "host", (0, 0), "gold leaves it open"),
    ({"review_period": YEAR}, {"review_period": Period(**YEAR)}, "review_period", (1, 1), "the year reviewed"),
    ({"review_period": YEAR}, {}, "review_period", (0, 1), "not found"),
    ({}, {"review_period": Period(**YEAR)}, "review_period", (0, 0), "gold leaves it open"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "got", "name", "expected", "proves"), EVENTS, ids=[f"{row[2]}: {row[4]}" for row in EVENTS]
)
def test_the_event_itself(wanted: Any, got: Any, name: str, expected: Any, proves: str, build: Any) -> None:
    share = score([gold(**wanted)], {"a": build(TEXT, **got)}).judged[name]
    assert (share.right, share.n) == expected, proves


def test_ratios_by_hand(build: Any) -> None:
    """Two of three found, one of them of the wrong status, one false alarm: P 2/3, R 2/3; strictly 1/3, 1/3."""
    report = build(
        TEXT, figures=(("705", 705), ("12 căn nhà", 12, {**HOUSE, "status": "target"}), ("87,5%", 87.5))
    )
    scores = score([gold(figures=[MEMBERS, HOUSES, TALKS])], {"a": report})
    loose, strict = scores.counted["figures"], scores.counted["figures_strict"]
    assert (loose.precision, loose.recall, loose.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert (strict.precision, strict.recall, strict.f1) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert scores.judged["figure.status"].accuracy == pytest.approx(1 / 2)
    assert scores.judged["figure.unit"].accuracy == 1
    sorts = [(f.article, f.sort) for f in scores.findings if f.sort.startswith("figure")]
    assert sorts == [("a", "figure attributes"), ("a", "figure missed"), ("a", "figure false alarm")]
    assert any("«9 cuộc đối thoại»" in f.what for f in scores.findings), "a miss shows its quote"


def test_an_article_without_a_report_is_missed_whole() -> None:
    scores = score([gold(figures=[MEMBERS], awards=[THREE])], {})
    assert counts(scores, "figures") == counts(scores, "awards") == (0, 0, 1)
    assert scores.judged["relevant"].accuracy == 0
    assert [f.what for f in scores.findings if f.sort == "article"] == ["no prediction"]


@pytest.mark.parametrize(
    ("relevant", "false", "proves"),
    [(False, 0, "read only because of --all"), (True, 1, "called a union's event, so its figures are wrong")],
)
def test_an_article_without_events(relevant: bool, false: int, proves: str, build: Any) -> None:
    article = GoldArticle.model_validate({"name": "a", "text": TEXT, "relevant": False, "conferences": []})
    scores = score([article], {"a": build(TEXT, relevant=relevant, figures=(("705", 705),))})
    assert scores.counted["figures"].false == false, proves
    assert scores.judged["relevant"].right == (not relevant)


@pytest.mark.parametrize(
    ("text", "item", "found", "proves"),
    [
        ("a  b\n\nc d", {"quote": "b c"}, "b c", "white space is folded"),
        ("5 tổ, 7 tổ, 5 tổ", {"quote": "5 tổ", "in": "7 tổ, 5 tổ"}, "5 tổ", "the context picks the place"),
        ("5 tổ", {"quote": "6 tổ"}, None, "not there"),
        ("5 tổ 6 tổ", {"quote": "5 tổ", "in": "6 tổ"}, None, "not inside its own context"),
        ("\n\n 5 to\u0302\u0309", {"quote": "5 tổ"}, "5 tổ", "blanks in front; not NFC"),
    ],
)
def test_a_quote_is_found(text: str, item: dict[str, str], found: str | None, proves: str) -> None:
    folded = FoldedText(text)
    place = folded.find(GoldItem.model_validate(item))
    assert (place and folded.text[slice(*place)]) == found, proves
    if "in" in item and place:
        assert place[0] > 4, "the later of the two"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Liên đoàn Lao động TP. Cần Thơ", "liên đoàn lao động thành phố Cần Thơ", True),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa  Vũng Tàu", True),
        ("Công đoàn Y tế, Dược", "Công đoàn Y tế Dược", True),
        ("Liên đoàn Lao động huyện Ba Tri", "Liên đoàn Lao động huyện Ba Vì", False),
        (None, "", True),
    ],
)
def test_names_compare(a: str | None, b: str, expected: bool) -> None:
    assert (unit_name(a) == unit_name(b)) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(87.5, 87.5, True), (None, None, True), (None, 0, False), (0, None, False), (88.2, 88.3, False), (0.1 + 0.2, 0.3, True)],
)  # fmt: skip
def test_numbers_compare(a: float | None, b: float | None, expected: bool) -> None:
    assert equal(a, b) is expected


def test_order_of_articles_and_reports_does_not_count(build: Any) -> None:
    articles = [gold("a", figures=[MEMBERS]), gold("b", figures=[HOUSES])]
    reports: dict[str, Report] = {
        "b": build(TEXT, figures=(("705", 705),)),
        "a": build(TEXT, figures=(("705", 705),)),
    }
    there, back = score(articles, reports), score(articles[::-1], dict(reversed(reports.items())))
    assert there.counted == back.counted
    assert there.judged == back.judged
    assert counts(there, "figures") == (1, 1, 1)
