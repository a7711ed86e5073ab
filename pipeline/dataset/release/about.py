"""What every description of a release says alike: name, licence, citation, limits."""

from __future__ import annotations

NAME = "tongket"
TITLE = "tongket: outcomes of Vietnamese trade-union conferences"
DESCRIPTION = (
    "What Vietnamese trade unions reported at their conferences, read from news articles: which unit met on which day, "
    "what it says it achieved, what it planned, who was awarded what. Each value points at the words it was read from; "
    "reports of one conference are linked into one outcome, targets to the results of the year after."
)
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
LICENCE_NOTE = (
    "The tables are under CC BY 4.0. The articles' texts in them belong to their publishers and are there as evidence: "
    "check what your use of them needs."
)
KEYWORDS = ["Vietnam", "trade unions", "công đoàn", "news", "annual reports", "hội nghị tổng kết"]
LIMITS = (
    "Values were read by rules and may be wrong: look at the words beside a number before you build on it "
    "(`evidence_text`, and `evidence_start` to `evidence_end` in `articles.text`).",
    "It holds what the crawled sites reported, not what happened: unions that no site wrote about are missing, and what "
    "is reported is a union's own account.",
    "`confidence` is measured on few annotated articles: it ranks readings, it is no probability.",
    "Two reports are linked only where host, day, kind and numbers speak for it; what is uncertain stays apart and is "
    "listed in `review_items`.",
    "A unit whose province took in others on 1 July 2025 is another row of `units` since then; `history_id` joins them, "
    "but their numbers are not comparable.",
    "What somebody asked to have removed is blanked: each letter is a █, and offsets keep holding.",
    "In `panel` the largest of several values of one indicator counts as the whole; `status_note` says where there were "
    "several.",
)


def version(date: str) -> str:
    """A release's version by its date: `2025.1.7`.

    >>> version("2025-01-07")
    '2025.1.7'
    """
    return ".".join(str(int(part)) for part in date.split("-"))


def citation(date: str) -> str:
    """How to cite a release, as BibTeX."""
    return (
        f"@misc{{tongket_{date.replace('-', '')},\n"
        f"  title = {{{{{TITLE}}}}},\n  author = {{{{The tongket developers}}}},\n"
        f"  year = {{{date[:4]}}},\n  version = {{{version(date)}}},\n"
        f"  note = {{Dataset, release of {date}}}\n}}"
    )
