"""How fast the pages of `tongket explore` are served from a large release: `make bench`.

The release is generated: so many conferences with an article, figures, awards and people each, all of them invented.
Times are the server's, in process, without a browser: the first request and the median of several, in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.dataset.release.codebook import build
from pipeline.dataset.release.model import TABLES, ReleasedTable
from pipeline.dataset.release.sqlite_file import NAME, ReleaseDatabase
from pipeline.explore.app import make_app
from pipeline.explore.places import provinces
from pipeline.explore.state import Explorer
from tests.benchmarks.bench_figures import write

LIMITS = {"home": 300, "conference": 150}
"""What is promised, in milliseconds."""
FIGURES, AWARDS, PEOPLE = 20, 3, 4
_WORDS = [
    "công",
    "đoàn",
    "tỉnh",
    "huyện",
    "đồng",
    "tháp",
    "đoàn",
    "viên",
    "người",
    "lao",
    "động",
    "hội",
    "nghị",
    "tổng",
    "kết",
    "năm",
    "kết",
    "nạp",
    "mới",
    "chăm",
    "lo",
    "trao",
    "quà",
    "tặng",
    "bằng",
    "khen",
    "tập",
    "thể",
    "cá",
    "nhân",
    "phấn",
    "đấu",
    "chỉ",
    "tiêu",
    "thi",
    "đua",
    "đời",
    "sống",
    "việc",
    "làm",
    "tiền",
    "lương",
    "sáng",
    "chiều",
    "dịp",
    "này",
]
_INDICATORS = (
    "members_recruited",
    "unions_founded",
    "care_beneficiaries",
    "gifts_given",
    "training_sessions",
    "other",
)


def rows(conferences: int) -> dict[str, list[dict[str, Any]]]:
    """Rows of all tables; what a row does not name is empty."""
    chance = random.Random(7)
    codes = sorted(provinces())
    made: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}
    units = [f"u-{number:012x}" for number in range(max(10, conferences // 8))]
    of_unit = {unit: codes[number % len(codes)] for number, unit in enumerate(units)}
    for number, unit in enumerate(units):
        made["units"].append(
            {
                "id": unit, "name": f"Liên đoàn Lao động huyện Số {number}", "type": "federation", "history_id": unit,
                "level": chance.choice(["district", "province", "grassroots"]), "province_code": of_unit[unit],
                "predecessors": "[]", "spellings": "[]",
            }
        )  # fmt: skip
    panel: dict[tuple[str, int, str], dict[str, Any]] = {}
    for number in range(conferences):
        _conference(made, panel, chance, number, units[number % len(units)], of_unit)
    made["panel"] = list(panel.values())
    return made


def _conference(made: Any, panel: Any, chance: random.Random, number: int, unit: str, of_unit: Any) -> None:
    article, year = f"{number:016x}", 2010 + number % 16
    conference, outcome = f"{article}-1", f"o-{article}-1"
    day = f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 28):02}"
    text = " ".join(chance.choices(_WORDS, k=400))
    made["articles"].append(
        {
            "id": article, "url": f"https://bao{number % 12}.example.vn/{number}", "source": f"bao{number % 12}",
            "title": f"Hội nghị tổng kết số {number}", "published_at": f"{day}T09:00:00+07:00", "relevant": 1,
            "quality": "[]", "text": text, "extractor_version": "1",
        }
    )  # fmt: skip
    about = {
        "kind": "year_review",
        "date_start": day,
        "date_basis": "explicit",
        "name": f"hội nghị tổng kết năm {year}",
    }
    made["conferences"].append(
        {
            "id": conference,
            "article_id": article,
            "ordinal": 0,
            **about,
            "host_unit_id": unit,
            "host_start": 0,
            "host_end": 9,
            "host_text": text[:9],
        }
    )
    made["outcomes"].append(
        {
            "id": outcome, "conference_id": conference, "host_unit_id": unit, "host": f"Đơn vị {number}", **about,
            "province_code": of_unit[unit], "articles": 1, "reports": 1, "differing": "[]",
        }
    )  # fmt: skip
    made["outcome_reports"].append(
        {
            "id": f"r-{article}",
            "outcome_id": outcome,
            "conference_id": conference,
            "article_id": article,
            "first": 1,
            "score": 1.0,
            "reason": "the only report",
        }
    )
    for at in range(FIGURES):
        figure, value = f"{conference}-f{at:03}", f"v-{conference}-f{at:03}"
        indicator, amount = _INDICATORS[at % len(_INDICATORS)], chance.randrange(10, 50_000)
        told = {
            "indicator": indicator, "value": str(amount), "value_number": float(amount), "unit": "person",
            "modifier": "exact", "status": "target" if at % 4 == 3 else "achieved", "confidence": 0.9,
        }  # fmt: skip
        place = {
            "evidence_start": at * 30 + 10,
            "evidence_end": at * 30 + 22,
            "evidence_text": text[at * 30 + 10 : at * 30 + 22],
        }
        made["figures"].append(
            {
                "id": figure,
                "conference_id": conference,
                "ordinal": at,
                **told,
                "unit_text": "người",
                "support": "s",
                "sentence_start": 0,
                "sentence_end": 50,
                **place,
            }
        )
        made["outcome_values"].append(
            {
                "id": value,
                "outcome_id": outcome,
                "ordinal": at,
                **told,
                "year": year,
                "unit_id": unit,
                "agreement": "single",
                "reports": 1,
                "figure_id": figure,
            }
        )
        made["value_reports"].append(
            {"id": f"x-{value}", "value_id": value, "figure_id": figure, "agrees": 1}
        )
        panel[unit, year, indicator] = {
            "unit_id": unit, "history_id": unit, "unit_name": f"Đơn vị {unit}", "level": "district", "year": year,
            "province_code": of_unit[unit], "indicator": indicator, "unit": "person", "achieved": str(amount),
            "achieved_number": float(amount), "achieved_value_id": value, "outcomes": json.dumps([outcome]), "sources": 1,
        }  # fmt: skip
    for at in range(AWARDS):
        award, mine = f"{conference}-a{at:03}", f"w-{conference}-a{at:03}"
        told = {
            "form": "certificate_of_merit",
            "form_text": "bằng khen",
            "recipient_type": "collective",
            "count": 3,
            "grantors": "[]",
            "confidence": 0.9,
        }
        made["awards"].append(
            {
                "id": award,
                "conference_id": conference,
                "ordinal": at,
                **told,
                "recipients": "[]",
                "support": "s",
                "evidence_start": 700,
                "evidence_end": 710,
            }
        )
        made["outcome_awards"].append(
            {
                "id": mine,
                "outcome_id": outcome,
                "ordinal": at,
                **told,
                "agreement": "single",
                "reports": 1,
                "award_id": award,
            }
        )
        made["award_reports"].append(
            {"id": f"x-{mine}", "outcome_award_id": mine, "award_id": award, "agrees": 1}
        )
    for at in range(PEOPLE):
        made["people"].append(
            {
                "id": f"{conference}-p{at}",
                "conference_id": conference,
                "ordinal": at,
                "name": f"Người {number} {at}",
                "role": "attends",
                "evidence_start": 800,
                "evidence_end": 806,
            }
        )
    made["checks"].append(
        {
            "id": f"{conference}-c0",
            "conference_id": conference,
            "ordinal": 0,
            "rule": "parts_sum_to_total",
            "holds": int(number % 20 > 0),
            "figures": "[]",
            "message": "1 + 1",
        }
    )
    if number % 3 == 0:
        made["review_items"].append(
            {
                "id": f"i-{number}",
                "kind": "low_confidence",
                "record_table": "figures",
                "record_id": f"{conference}-f000",
                "article_id": article,
                "question": "?",
                "sentence": text[:80],
                "priority": 0.5,
            }
        )


def whole(table: ReleasedTable, found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each row with all fields of its table."""
    empty = dict.fromkeys(table.names)
    for row in found:
        yield {**empty, **row}


def generate(folder: Path, conferences: int) -> None:
    """The release's SQLite file in `folder`."""
    made = rows(conferences)
    with ReleaseDatabase(folder / NAME) as database:
        for table in TABLES:
            for _ in database.add(table, whole(table, made[table.name])):
                pass
        database.describe(build(TABLES))
        database.index_texts()


async def measure(folder: Path, conferences: int, runs: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each page: the first time, and the median of `runs` more, each of other conferences and units."""
    datasette = make_app(Explorer(folder))
    await datasette.invoke_startup()
    numbers = count(11, 97)
    paths = {
        "home": lambda _: "/",
        "conference": lambda at: f"/conferences/o-{at:016x}-1",
        "conferences": lambda at: f"/conferences?page={at % 9 + 1}",
        "conferences, filtered": lambda at: f"/conferences?year={2010 + at % 16}&failed=1",
        "conferences, searched": lambda at: f"/conferences?q=so+{at}",
        "conferences, a frequent word": lambda at: f"/conferences?q=cong+doan&year={2010 + at % 16}",
        "unit": lambda at: f"/units/u-{at % (conferences // 8):012x}",
        "indicator": lambda _: "/indicators/members_recruited",
        "review": lambda at: f"/review?page={at % 9 + 1}",
    }
    found = {}
    for name, path in paths.items():
        times = []
        for _ in range(runs + 1):
            asked = path(next(numbers) % conferences)
            started = time.perf_counter()
            answer = await datasette.client.get(asked)
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200, (asked, answer.text[:300])
        found[name] = {
            "first_ms": times[0],
            "median_ms": statistics.median(times[1:]),
            "slowest_ms": max(times[1:]),
        }
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--conferences", type=int, default=20_000, help="how many the release has (default: 20000)"
    )
    options.add_argument("--runs", type=int, default=15, help="requests of each page (default: 15)")
    options.add_argument("--output", type=Path, help="write the figures here as JSON")
    given = options.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), given.conferences)
        size = (Path(folder) / NAME).stat().st_size / 1e6
        found = asyncio.run(measure(Path(folder), given.conferences, given.runs))
    table = Table(
        f"page, of {given.conferences} conferences ({size:.0f} MB)",
        "first ms",
        "median ms",
        "slowest ms",
        "promised",
    )
    for name, told in found.items():
        table.add_row(name, *(f"{told[key]:.0f}" for key in told), str(LIMITS.get(name, "")))
    console.print(table)
    if given.output:
        write(given.output, found)
    late = [name for name, limit in LIMITS.items() if found[name]["first_ms"] > limit]
    if late:
        sys.exit(f"later than promised: {', '.join(late)}")


if __name__ == "__main__":
    main()
