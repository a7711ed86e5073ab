"""A page as an answer: its language, its template, its headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.explore.places import provinces
from pipeline.explore.state import Explorer
from pipeline.explore.words import LANGUAGES, Words

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "tongket_language"
_YEAR = 365 * 24 * 3600


@cache
def templates() -> Environment:
    """The pages' templates: what is put into them is text, never markup."""
    made = Environment(
        loader=FileSystemLoader([HERE / "templates", HERE / "templates" / "datasette"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["provinces"] = provinces
    return made


def language_of(request: Request) -> str:
    """The language asked for: in the address, else chosen before, else the browser's."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    return "vi" if (request.headers.get("accept-language") or "").lower().startswith("vi") else "en"


def address(request: Request, **changes: Any) -> str:
    """The page's own address with some parts of its query changed; None takes one away."""
    pairs = [
        (key, value)
        for key in request.args
        for value in request.args.getlist(key)
        if key not in changes and key != "lang"
    ]
    pairs += [(key, str(value)) for key, value in changes.items() if value is not None]
    return f"{request.path}?{urlencode(pairs)}" if pairs else str(request.path)


def page(
    request: Request,
    explorer: Explorer,
    words: Words,
    template: str,
    told: Mapping[str, Any],
    *,
    status: int = 200,
) -> Response:
    """`template` with what `told` says, as an answer."""
    body = templates().get_template(template).render(
        t=words,
        path=request.path,
        review=explorer.token is not None,
        release=explorer.name,
        switch={code: address(request, lang=code) for code in LANGUAGES},
        languages=LANGUAGES,
        address=lambda **changes: address(request, **changes),
        csrf=request.scope.get("csrftoken"),
        **told,
    )  # fmt: skip
    response = Response.html(body, status=status)
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, request.args["lang"], max_age=_YEAR, samesite="lax")
    return response


def chart_data(spec: Mapping[str, Any]) -> str:
    """A chart's specification as JSON that may stand inside a page's script element."""
    text = json.dumps(spec, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
