"""What goes wrong in a night: a site, the disk, the database, or the run itself; and the words that tell of it."""

from __future__ import annotations

import random
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.demo_sites import DemoSite, Fault

Ill = Callable[[DemoSite], None]


@dataclass(frozen=True)
class Trouble:
    """One night's fault. `site` makes one site ill; `step` is the line of progress at which something befalls the run.

    There, at its n-th such line, it is sent `signal`, or the database is locked for `locked` seconds. `full` is how the
    path of a file ends that no longer fits the disk. `told` is a pattern that the night's report must hold.
    """

    name: str
    told: str
    site: Ill | None = None
    step: str = ""
    signal: signal.Signals | None = None
    locked: float = 0.0
    full: str = ""

    def reported(self, said: str) -> bool:
        """Whether what a night's report says tells of this."""
        return re.search(self.told, said) is not None


def everywhere(fault: Fault, *places: str) -> Ill:
    """The same fault at all `places`; without any, everywhere but at robots.txt."""

    def ill(site: DemoSite) -> None:
        site.faults = dict.fromkeys(places or ("*",), fault)

    return ill


def newest(fault: Fault, many: int) -> Ill:
    """The fault at the newest articles."""

    def ill(site: DemoSite) -> None:
        site.faults = {story.path: fault for story in site.stories()[:many]}

    return ill


def other_layout(site: DemoSite) -> None:
    site.layout = "changed"


CRAWLING, READING, RELEASING = r"pages asked for", r"reading \d+ articles", r"writing the release"
LISTS = ("feeds", "listings", "sitemaps")

TROUBLES = (
    Trouble("killed while it crawls", "unfinished", step=CRAWLING, signal=signal.SIGKILL),
    Trouble("killed while it reads", "unfinished", step=READING, signal=signal.SIGKILL),
    Trouble("killed while it releases", "unfinished", step=RELEASING, signal=signal.SIGKILL),
    Trouble("told to end", "SIGTERM", step=CRAWLING, signal=signal.SIGTERM),
    Trouble("told to end while it releases", "SIGTERM", step=RELEASING, signal=signal.SIGTERM),
    Trouble("database locked", r"in Vietnam, (?:[3-9]|\d\d) s", step=CRAWLING, locked=3.0),
    Trouble("disk full at the archive", "File too large", full=".warc.gz"),
    Trouble("disk full at the release", "File too large", full=".csv"),
    Trouble("errors everywhere", "HTTP 500", site=everywhere(Fault.status(500))),
    Trouble("no answers", "cannot be read", site=everywhere(Fault.reset(), "*", "/robots.txt")),
    Trouble("asks for peace", "left alone for 7200 s", site=everywhere(Fault.status(429, "7200"))),
    Trouble(
        "robots.txt fails", "robots.txt cannot be read", site=everywhere(Fault.status(503), "/robots.txt")
    ),
    Trouble("a check for robots", "a check for robots", site=everywhere(Fault.challenge(200), "articles")),
    Trouble(
        "lists that are none",
        "(?:feed|listing|sitemap) http|links found",
        site=everywhere(Fault.soft_404(), *LISTS),
    ),
    Trouble("slow bodies", "took more than", site=newest(Fault.slow(0.4, 20), 2)),
    Trouble("cut bodies", "broken off", site=everywhere(Fault.truncated(), "articles")),
    Trouble("another layout", "layout|links found", site=other_layout),
)
"""More than there are nights in two weeks: which of them come, and when, is drawn."""


def drawn(nights: int, chance: random.Random) -> list[Trouble]:
    """A trouble a night, no two the same, by turns the run's and a site's."""
    runs = [one for one in TROUBLES if one.site is None]
    sites = [one for one in TROUBLES if one.site is not None]
    chance.shuffle(runs)
    chance.shuffle(sites)
    pairs = zip(runs, sites, strict=False)
    return [one for pair in pairs for one in pair][:nights]
