"""A view a page: reads what is asked for, asks the release, fills the template."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from datasette import Request, Response

from pipeline.explore import behind, bundle, charts
from pipeline.explore.compare import compare
from pipeline.explore.conference import conference
from pipeline.explore.home import home
from pipeline.explore.indicator import indicator, indicators
from pipeline.explore.listing import conferences
from pipeline.explore.rows import DATABASE, Row
from pipeline.explore.state import Explorer
from pipeline.explore.unit import unit, units
from pipeline.explore.web import HERE, language_of, page
from pipeline.explore.words import Words

ATTACHED = "tongket_explorer"
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
# A page of someone else's: shown, but it runs nothing, loads nothing, and is nobody's origin.
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


View = Callable[[Request, Any], Awaitable[Response]]


def told_if_it_fails(view: View) -> View:
    """`view`, but where it fails the page says so at once, and standard error says why.

    Datasette would write down all that the view knew, which takes minutes.
    """

    async def guarded(request: Request, datasette: Any) -> Response:
        try:
            return await view(request, datasette)
        except Exception:
            logging.getLogger("tongket.explore").exception("%s failed", request.path)
            explorer, words = told(request, datasette)
            return page(
                request,
                explorer,
                words,
                "missing.html",
                {"heading": words("error"), "why": words("failed")},
                status=500,
            )

    return guarded


async def ask(datasette: Any, question: Callable[[sqlite3.Connection], Any]) -> Any:
    """What `question` finds in the release, asked in a thread of Datasette's with its own connection."""
    return await datasette.get_database(DATABASE).execute_fn(question)


def told(request: Request, datasette: Any) -> tuple[Explorer, Words]:
    """The running page, and the words of the language asked for."""
    explorer: Explorer = getattr(datasette, ATTACHED)[0]
    return explorer, explorer.words(language_of(request))


def missing(request: Request, datasette: Any, why: str) -> Response:
    """An answer that what is asked for is not there."""
    explorer, words = told(request, datasette)
    return page(
        request,
        explorer,
        words,
        "missing.html",
        {"heading": words("not_found"), "why": words(why)},
        status=404,
    )


async def _kept(
    request: Request,
    datasette: Any,
    question: Callable[[sqlite3.Connection], Any],
    *,
    drawn: Callable[[Row, Words], Mapping[str, Any]] | None = None,
) -> Any:
    """What `question` finds for this address, with the charts that are `drawn` of it. Both take long, and are the same as
    long as the release is."""
    explorer, words = told(request, datasette)

    async def answer() -> Any:
        found = await ask(datasette, question)
        return found if found is None or drawn is None else {**found, **drawn(found, words)}

    key = (request.path, words.language, *_asked(request).items())
    return await explorer.kept.get(key, answer)


def _asked(request: Request) -> dict[str, str]:
    """What a page's address asks for, but for its language."""
    return {key: request.args[key] for key in sorted(request.args) if key != "lang"}


async def show_home(request: Request, datasette: Any) -> Response:
    """What the dataset holds."""
    explorer, words = told(request, datasette)
    found = await _kept(
        request, datasette, home, drawn=lambda found, words: {"chart": charts.months(found["months"], words)}
    )
    health = await asyncio.to_thread(behind.health, explorer.settings) if explorer.settings else None
    return page(request, explorer, words, "home.html", {**found, "health": health})


async def show_conferences(request: Request, datasette: Any) -> Response:
    """Conferences, filtered and sorted."""
    explorer, words = told(request, datasette)
    asked = _asked(request)
    found = await _kept(request, datasette, lambda db: conferences(db, asked))
    return page(request, explorer, words, "conferences.html", found)


async def show_conference(request: Request, datasette: Any) -> Response:
    """One conference, with the text of the article asked for."""
    explorer, words = told(request, datasette)
    asked = request.args.get("report", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 1
    found = await ask(datasette, lambda db: conference(db, words, request.url_vars["id"], number))
    if found is None:
        return missing(request, datasette, "no_conference")
    archived = explorer.settings is not None
    return page(request, explorer, words, "conference.html", {**found, "archived": archived})


async def show_units(request: Request, datasette: Any) -> Response:
    """Units, searched."""
    explorer, words = told(request, datasette)
    asked = _asked(request)
    found = await _kept(request, datasette, lambda db: units(db, asked))
    return page(request, explorer, words, "units.html", found)


async def show_unit(request: Request, datasette: Any) -> Response:
    """One unit over the years."""
    explorer, words = told(request, datasette)
    history = request.args.get("history") == "1"
    found = await ask(datasette, lambda db: unit(db, request.url_vars["id"], history=history))
    if found is None:
        return missing(request, datasette, "no_unit")
    return page(request, explorer, words, "unit.html", found)


async def show_indicators(request: Request, datasette: Any) -> Response:
    """All indicators."""
    explorer, words = told(request, datasette)
    return page(request, explorer, words, "indicators.html", await _kept(request, datasette, indicators))


async def show_indicator(request: Request, datasette: Any) -> Response:
    """One indicator, with its charts."""
    explorer, words = told(request, datasette)
    asked, code = _asked(request), request.url_vars["code"]
    found = await _kept(request, datasette, lambda db: indicator(db, code, asked), drawn=_of_indicator)
    if found is None:
        return missing(request, datasette, "no_indicator")
    return page(request, explorer, words, "indicator.html", found)


def _of_indicator(found: Row, words: Words) -> dict[str, Any]:
    by_level = [
        (words.label("unit_level", one["level"]) or words("unknown"), one["median"])
        for one in found["by_level"]
    ]
    by_province = [(one["name"], one["median"]) for one in found["by_province"]]
    return {
        "years_chart": charts.years(found["years"], words),
        "level_chart": charts.medians(by_level, words),
        "province_chart": charts.medians(by_province, words),
        "pairs_chart": charts.against(found["pairs"], words) if found["pairs"] else None,
    }


async def show_compare(request: Request, datasette: Any) -> Response:
    """Two to five units beside each other."""
    explorer, words = told(request, datasette)
    asked = (
        request.args.get("year", ""),
        request.args.get("indicator", ""),
        request.args.get("q", "").strip(),
    )
    ids = request.args.getlist("unit")
    found = await ask(datasette, lambda db: compare(db, ids, *asked))
    names = [one["name"] for one in found["chosen"]]
    chart = charts.series(found["series"], names) if found["series"] else None
    return page(request, explorer, words, "compare.html", {**found, "chart": chart})


async def show_archived(request: Request, datasette: Any) -> Response:
    """The page an article was read from, as the archive keeps it, in a sandbox."""
    explorer, _ = told(request, datasette)
    found = None
    if explorer.settings:
        found = await asyncio.to_thread(behind.archived, explorer.settings, request.url_vars["id"])
    if found is None:
        return missing(request, datasette, "no_archived")
    body, kind = found
    return Response(body, headers={"Content-Security-Policy": _SANDBOX}, content_type=kind)


async def show_file(request: Request, datasette: Any) -> Response:
    """A style, a script, the sign."""
    name = request.url_vars["file"]
    path = HERE / "static" / name
    if name == "vega.js":
        body = await bundle.vega()
    elif path.is_file():
        body = path.read_text(encoding="utf-8")
    else:
        return missing(request, datasette, "no_page")
    kind = f"{_TYPES[name.rpartition('.')[2]]}; charset=utf-8"
    return Response(body, headers={"Cache-Control": "max-age=3600"}, content_type=kind)
