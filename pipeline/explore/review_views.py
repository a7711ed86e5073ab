"""The views of the review queue: seen by all, answered by whoever has the token."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any
from urllib.parse import urlencode

from datasette import Request, Response

from pipeline.explore import review
from pipeline.explore.guard import TOKEN_COOKIE
from pipeline.explore.state import Explorer
from pipeline.explore.views import ask, missing, told
from pipeline.explore.web import page
from pipeline.review.answers import AnswerError


def may_answer(request: Request, explorer: Explorer) -> bool:
    """Whether the browser has the token that was printed."""
    given = request.cookies.get(TOKEN_COOKIE, "")
    return explorer.token is not None and secrets.compare_digest(given.encode(), explorer.token.encode())


async def show_review(request: Request, datasette: Any) -> Response:
    """What to look at, the least certain first."""
    explorer, words = told(request, datasette)
    kinds = await ask(datasette, review.kinds)
    asked = request.args.get("kind", "")
    kind = asked if asked in {one["kind"] for one in kinds} else ""
    number = request.args.get("page", "")
    at = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
    answering = may_answer(request, explorer)
    if answering and explorer.settings:
        found = await asyncio.to_thread(review.to_answer, explorer.settings, kind, at)
    else:
        found = await ask(datasette, lambda db: review.read_only(db, kind, at))
    items = await ask(datasette, lambda db: review.dressed(db, found[: review.PAGE]))
    vocabularies = review.vocabularies()
    return page(
        request,
        explorer,
        words,
        "review.html",
        {
            "kinds": kinds,
            "kind": kind,
            "page": at,
            "more": len(found) > review.PAGE,
            "items": items,
            "answering": answering,
            "reviewer": explorer.reviewer,
            "vocabularies": {field: words.codes(name) for field, name in vocabularies.items()}
            if answering
            else {},
            "taken": request.args.get("taken"),
            "refused": request.args.get("refused"),
            "released": request.args.get("released"),
        },
    )


async def take_answer(request: Request, datasette: Any) -> Response:
    """Keep one answer and go back to the queue."""
    explorer, _ = told(request, datasette)
    if request.method != "POST":
        return missing(request, datasette, "no_page")
    if not may_answer(request, explorer) or explorer.settings is None:
        return _refused()
    form = await request.post_vars()
    back = {name: form[name] for name in ("at_kind", "at_page") if form.get(name)}
    back = {name.removeprefix("at_"): value for name, value in back.items()}
    try:
        await asyncio.to_thread(review.take, explorer.settings, form, explorer.reviewer)
        back["taken"] = "1"
    except AnswerError as error:
        back["refused"] = str(error)[:500]
    return _back(back)


async def make_release(request: Request, datasette: Any) -> Response:
    """Make a release in which what was decided stands; the page shows it from then on."""
    explorer, _ = told(request, datasette)
    if request.method != "POST":
        return missing(request, datasette, "no_page")
    if not may_answer(request, explorer) or explorer.settings is None:
        return _refused()
    # Beside the one that is shown: where `latest` leads, the page follows.
    settings = explorer.settings.model_copy(update={"releases_dir": explorer.folder.parent})
    try:
        name = await asyncio.to_thread(review.release_now, settings)
    except (ValueError, OSError) as error:
        return _back({"refused": str(error)[:500]})
    return _back({"released": name})


def _refused() -> Response:
    return Response.text(
        "open the address that `tongket explore --review` printed: answers need its token", status=403
    )


def _back(query: dict[str, str]) -> Response:
    return Response("", status=303, headers={"Location": f"/review?{urlencode(query)}"})
