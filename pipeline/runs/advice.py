"""What to do about a problem of a source, by the words it is told in."""

from __future__ import annotations

import re

# A piece of the problem → what to do; the first that is found counts. {source} is the source's name.
_ADVICE: tuple[tuple[str, str], ...] = (
    (
        r"min_links|min_of_usual",
        "`tongket sources check {source}` shows which links are left out and why: change its start points, listings.link "
        "or article_pattern; where the site has become quieter, lower the bound",
    ),
    (
        "max_failed_share",
        "open some of the pages in a browser: where they are there, run again; where they have moved, change rewrite or "
        "article_pattern",
    ),
    (
        "min_dated_share",
        "`tongket sources check {source}`, then name the element that shows the date in layouts.published, or its place "
        "in the address in dates.url",
    ),
    (
        "min_layout_share",
        "`tongket sources check {source}`, then name the element that holds the text now in layouts.body, or add a layout",
    ),
    (
        "min_relevant_share",
        "look whether the start points still lead to the section on unions; else lower the bound",
    ),
    (
        "max_quiet_days",
        "look at the site in a browser: where it shows newer articles, change the start points",
    ),
    ("another run is crawling it", "nothing: the other run does it"),
    ("asked to be left alone|asks to be left alone", "nothing: a run after that time asks again"),
    ("asks for [0-9.e+]+ s between", "ask the site's owner for leave to go faster, or leave the site out"),
    (
        "a batch of .* failed|the crawl failed",
        "run again: what is archived and unread is read then; where it fails again, report it with this line",
    ),
    (
        "robots.txt .*cannot be read|given up after",
        "look whether the site is up and base_url right, then run again: what is left is asked for then",
    ),
    (
        "(feed|sitemap|listing) http",
        "open the address in a browser: where it has moved, change the manifest's field; where it is there, run again",
    ),
)
_OTHERWISE = "`tongket sources check {source}` shows what the site brings now"


def what_to_do(source: str, problem: str) -> str:
    """Advice on `problem`, a line of a crawl's summary.

    >>> what_to_do("bao-tinh", "bao-tinh: another run is crawling it now; nothing was fetched")
    'nothing: the other run does it'
    """
    found = (advice for pattern, advice in _ADVICE if re.search(pattern, problem))
    return next(found, _OTHERWISE).format(source=source)
