"""Four small articles of two districts, and people's decisions on what they say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Table, insert, select

from pipeline.dataset.database import writing
from pipeline.dataset.decisions import anchor, decision_id
from pipeline.dataset.link import link
from pipeline.dataset.schema import conferences, decisions
from tests.databases import all_rows, note_run
from tests.pipeline.link.linked import Row, report, store

FIRST = (
    "Sáng 9/1/2024, LĐLĐ huyện Ba Tri (Bến Tre) tổ chức Hội nghị tổng kết hoạt động công đoàn năm 2023. | Năm qua, các "
    "cấp công đoàn kết nạp 705 đoàn viên, thành lập 14 công đoàn cơ sở, trao 2.316 suất quà Tết, trồng 3.450 cây xanh và "
    "hỗ trợ xây 12 căn nhà Mái ấm Công đoàn. | Năm 2024, huyện phấn đấu kết nạp 650 đoàn viên."
)
SECOND = (
    "LĐLĐ huyện Ba Tri nhìn lại năm 2023 vào ngày 9/1/2024. | Toàn huyện có thêm 705 đoàn viên mới; 2.316 suất quà đến "
    "tay người lao động."
)
NEXT = (
    "Ngày 8/1/2025, LĐLĐ huyện Ba Tri (Bến Tre) tổng kết hoạt động công đoàn năm 2024. | Trong năm đã kết nạp 618 đoàn "
    "viên, đạt 95,1% chỉ tiêu."
)
ELSEWHERE = "Ngày 12/1/2024, LĐLĐ huyện Giồng Trôm (Bến Tre) tổng kết năm 2023: kết nạp 318 đoàn viên."
TEXTS = {
    "first": (FIRST, "2024-01-09T16:00:00+07:00"),
    "second": (SECOND, "2024-01-10T08:00:00+07:00"),
    "next": (NEXT, "2025-01-09T08:00:00+07:00"),
    "elsewhere": (ELSEWHERE, "2024-01-13T08:00:00+07:00"),
}
IDS = {name: report(*told, name).article.id for name, told in TEXTS.items()}
CONFERENCES = {name: f"{article}-1" for name, article in IDS.items()}


def fill(engine: Engine) -> None:
    """Store the articles and link them."""
    note_run(engine, "r")
    read(engine)
    link(engine)


def read(engine: Engine, **texts: str) -> None:
    """Store all articles; `texts` are those whose pages say something else now."""
    store(engine, [report(texts.get(name, text), when, name) for name, (text, when) in TEXTS.items()])


def grown(text: str) -> str:
    """An article to which a figure was added before all others, so that these have other ids."""
    return text.replace("Năm qua, các", "Huyện có 162 công đoàn cơ sở. Năm qua, các")


def rows(engine: Engine, table: str, **wanted: Any) -> list[Row]:
    """Rows of `table` that have these values."""
    found: list[Row] = all_rows(engine)[table]
    return [row for row in found if all(row[name] == value for name, value in wanted.items())]


def figure(engine: Engine, value: str, article: str = "first") -> Row:
    (row,) = rows(engine, "figures", value=value, conference_id=CONFERENCES[article])
    return row


def decide(engine: Engine, kind: str, left: str, right: str, verdict: str, **more: Any) -> str:
    """Write a decision as a person's answers are written; its id."""
    row = {
        "id": decision_id(kind, left, right, more.get("field"), more.get("decided_at"), human=True),
        "kind": kind,
        "left_id": left,
        "right_id": right,
        "verdict": verdict,
        "score": 1.0,
        "human": True,
        "decided_by": "Mận",
        "decided_at": "2025-02-01T08:00:00+00:00",
        **more,
    }
    with writing(engine).begin() as connection:
        connection.execute(insert(decisions).values(row))
    return str(row["id"])


def on_pair(engine: Engine, one: str, other: str, verdict: str, **more: Any) -> str:
    left, right = sorted((CONFERENCES[one], CONFERENCES[other]))
    return decide(engine, "same_conference", left, right, verdict, **more)


def on_record(engine: Engine, table: Table, record: str, kind: str, **more: Any) -> str:
    with engine.connect() as connection:
        row = dict(connection.execute(select(table).where(table.c.id == record)).mappings().one())
        article = (
            row.get("article_id")
            or connection.execute(
                select(conferences.c.article_id).where(conferences.c.id == row["conference_id"])
            ).scalar_one()
        )
    return decide(engine, kind, record, table.name, "value", anchor=anchor(table.name, article, row), **more)


def groups(engine: Engine) -> set[frozenset[str]]:
    """The articles of each outcome, by their names here."""
    names = {article: name for name, article in IDS.items()}
    found: dict[str, set[str]] = {}
    for row in all_rows(engine)["outcome_reports"]:
        found.setdefault(row["outcome_id"], set()).add(names[row["article_id"]])
    return set(map(frozenset, found.values()))


def members(engine: Engine) -> list[str]:
    """Values of members recruited in outcomes of 2023."""
    return sorted(
        row["value"]
        for row in rows(engine, "outcome_values", indicator="members_recruited", status="achieved", year=2023)
    )


APART = {frozenset({"first"}), frozenset({"second"}), frozenset({"next"}), frozenset({"elsewhere"})}
TOGETHER = {frozenset({"first", "second"}), frozenset({"next"}), frozenset({"elsewhere"})}
