"""What pydantic found wrong, in words for the person who wrote the input."""

from __future__ import annotations

from pydantic import ValidationError


def first_problem(error: ValidationError) -> str:
    """The first thing wrong: `conferences.0.host: Field required`, or the message alone where it is of no field."""
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"]))
    return f"{field}: {first['msg']}" if field else first["msg"]
