"""Which element of a page holds the article, where no layout says it."""

from __future__ import annotations

from pipeline.crawl.page.survey import Page, Spot

# Where news systems in use in Vietnam keep the article, the narrowest first: classes and ids in lower case.
_CONTAINERS = {
    name: rank
    for rank, names in enumerate((
        ("article-body", "article__body", "articlebody", "the-article-body", "detail-content-body", "fck_detail", "cms-body"),
        ("detail-content", "detail__content", "detail_content", "content-detail", "content_detail", "contentdetail",
         "news-content", "newscontent", "news-detail-content", "singular-content", "post-content", "entry-content",
         "td-post-content", "article-content", "bodytext", "news-bodyhtml", "noidung", "noi-dung", "noidungtin",
         "noidungchitiet", "chitiet-noidung", "content-news", "single-content"),
    ))
    for name in names
}  # fmt: skip
_WIDER = ("article", "main")
# Characters. Less is an empty shell or a teaser; the wider the element, the more of it may be furniture.
_ENOUGH, _ENOUGH_IN_WIDER = 40, 200
_LEAVES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "pre", "address"})


def find_body(page: Page) -> Spot | None:
    """The element that holds the article: a known container, else the one with most text outside links.

    None on a page without text. A container with a few words in it (a teaser, a widget) does not count.
    """
    ranked = [
        (rank, spot)
        for spot in page.spots
        if (rank := _rank(spot)) is not None and spot.own >= _ENOUGH and not spot.inside
    ]
    if ranked:
        best = min(rank for rank, _ in ranked)
        return max((spot for rank, spot in ranked if rank == best), key=lambda spot: spot.own)
    for name in _WIDER:
        wide = [spot for spot in page.named(name) if spot.own >= _ENOUGH_IN_WIDER and not spot.inside]
        if wide:
            return max(wide, key=lambda spot: spot.own)
    densest = _densest(page)
    return _widened(densest) if densest else None


def _rank(spot: Spot) -> int | None:
    if spot.tag.attrs.get("itemprop") == "articleBody":
        return -1
    if not spot.names:
        return None
    ranks = [_CONTAINERS[name] for name in spot.names.lower().split() if name in _CONTAINERS]
    return min(ranks, default=None)


def _densest(page: Page) -> Spot | None:
    """The element whose paragraphs hold most text outside links."""
    scores: dict[Spot, int] = {}
    for run in page.runs:
        if run.spot.inside or run.spot.tag.name == "li":
            continue
        # A paragraph speaks for its parent, and half as loud for the element around that. On old pages one cell
        # holds all paragraphs, parted by <br>: it speaks for itself.
        speaks_for = run.spot.parent if _is_leaf(run.spot) else run.spot
        above = speaks_for.parent if speaks_for else None
        for spot, weight in ((speaks_for, 2), (above, 1)):
            if spot is not None:
                scores[spot] = scores.get(spot, 0) + weight * (run.length - run.linked)
    return max(scores, key=lambda spot: scores[spot], default=None)


def _is_leaf(spot: Spot) -> bool:
    return spot.tag.name in _LEAVES or spot.runs == 1


def _widened(spot: Spot) -> Spot:
    """`spot`, or an element around it that adds more of the article than of the page's furniture."""
    best = spot
    around = spot.parent
    for _ in range(4):
        if around is None or around.tag.name in {"html", "body"}:
            break
        more = around.prose - best.prose
        noise = around.own + around.linked - around.prose - (best.own + best.linked - best.prose)
        if more >= _ENOUGH and noise <= more / 2 and not _holds_furniture(around, best):
            best = around
        around = around.parent
    return best


def _holds_furniture(around: Spot, inner: Spot) -> bool:
    """Whether `around` holds a second column: a cell or list beside that of `inner`."""
    return around.tag.name in {"tr", "tbody", "table"} and around.runs - inner.runs > inner.runs
