"""Who is recorded as a person, and who never is: a case is a row of `tests/cases/people.tsv`."""

from __future__ import annotations

import pytest

from extractors.people import find_people
from extractors.segments import segment
from extractors.units import find_units
from tests.extractors.tables import Row, rows


@pytest.mark.guard("helped-people")
@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in rows("people")])
def test_people(row: Row) -> None:
    found = find_people(segment(row["text"]), find_units(row["text"]))
    assert ("; ".join(f"{one.name} | {one.position}" for one in found) or "none") == row["expected"]
