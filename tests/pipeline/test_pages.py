"""The tables `pages` and `crawls` on both databases: what a crawl notes, and what it finds there again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from pipeline.dataset.crawls import CrawlTable
from pipeline.dataset.database import database, writing
from pipeline.dataset.pages import PageState, PageTable, mark_read
from pipeline.dataset.schema import articles, crawls, pages
from pipeline.summary import CrawlSummary
from tests.databases import note_run

NOW = "2025-01-14T18:00:00+00:00"
BEFORE, AFTER = "2025-01-14T17:59:59+00:00", "2025-01-14T18:00:01+00:00"
NIGHT = datetime(2025, 1, 14, 18, 0, tzinfo=UTC)


@pytest.fixture
def table(engine: Engine) -> PageTable:
    return PageTable(engine)


def state(url: str = "a", **fields: Any) -> PageState:
    return PageState(**{"url": url, "source": "baothu", "kind": "article", **fields})


FULL = state(
    found_on="rss", status=200, etag='"x"', last_modified="Tue", digest="d", warc_file="f", warc_offset=7,
    fetched_at=NOW, checked_at=NOW, next_try=AFTER, reason="r", outcome="new", attempts=2, crawl="c1",
    media_type="text/html", alias_of="b", published="2025-01-14", dated=True, layout_fits=False, content_digest="e",
)  # fmt: skip


# Pages


def test_a_page_is_written_and_read_again(table: PageTable) -> None:
    assert None not in vars(FULL).values()  # every field is proved
    assert table.get("a") is None
    table.put(FULL)
    assert table.get("a") == FULL
    table.put(state(status=404))
    assert table.get("a") == state(status=404)  # the whole row is the new one
    assert table.get("A") is None


def test_a_page_is_on_disk_when_put_returns(table: PageTable, engine: Engine) -> None:
    table.put(FULL)
    with database(engine.url.render_as_string(hide_password=False)) as another:
        assert PageTable(another).get("a") == FULL


def test_putting_a_page_leaves_the_reader_s_columns_alone(table: PageTable, engine: Engine) -> None:
    table.put(state(digest="d"))
    with writing(engine).begin() as connection:
        mark_read(connection, [("a", "d", "no text")], version="1")
    table.put(state(digest="d2"))
    with engine.connect() as connection:
        row = connection.execute(select(pages)).one()
    assert (row.digest, row.read_digest, row.read_version, row.read_error) == ("d2", "d", "1", "no text")


def test_find_notes_what_is_new_and_leaves_what_is_known(table: PageTable) -> None:
    table.put(FULL)
    table.find("baothu", [("a", "listing"), ("b", "rss"), ("c", "rss"), ("c", "listing")])
    table.find("baothu", [("b", "listing")])
    table.find("baothu", [])
    assert table.get("a") == FULL
    assert table.get("b") == state("b", found_on="rss")
    assert table.get("c") == state("c", found_on="listing")


@pytest.mark.parametrize("count", [1, 500, 501, 1200])
def test_any_number_of_urls(table: PageTable, count: int) -> None:
    # More than one IN list holds: none is lost at the seams.
    urls = [f"u{number:04}" for number in range(count)]
    table.find("baothu", ((url, "rss") for url in urls))
    table.find("baothu", ((url, "rss") for url in urls))
    table.put(state(urls[-1], digest="d", published="2025-01-14"))
    assert table.good(urls) == {urls[-1]: "2025-01-14"}
    assert len(table.waiting("baothu", "c1", NOW, 5000)) == count - 1


@pytest.mark.parametrize(
    ("row", "before", "good"),
    [
        pytest.param(state(), None, False, id="found and never asked for"),
        pytest.param(state(status=404, reason="HTTP 404"), None, False, id="never came"),
        pytest.param(state(digest="d"), None, True, id="archived"),
        pytest.param(state(digest="d", status=404), None, True, id="archived, and gone now"),
        pytest.param(state(alias_of="b"), None, True, id="another's twin"),
        pytest.param(state(digest="d", crawl="c1", outcome="new"), "c1", False, id="brought by this crawl"),
        pytest.param(
            state(alias_of="b", crawl="c1", outcome="twin"), "c1", False, id="known as a twin by this crawl"
        ),
        pytest.param(state(digest="d", crawl="c1", outcome="new"), "c2", True, id="brought by another crawl"),
        pytest.param(
            state(digest="d", crawl="c1", outcome="unchanged"), "c1", True, id="there before this crawl"
        ),
        pytest.param(
            state(digest="d", crawl="c1", outcome="changed"), "c1", True, id="changed: there before too"
        ),
        pytest.param(state(digest="d"), "c1", True, id="no crawl is told: an earlier version's"),
    ],
)
def test_good(table: PageTable, row: PageState, before: str | None, good: bool) -> None:
    table.put(row)
    assert table.good(["a", "b", "a"], before=before) == ({"a": None} if good else {})
    assert table.good([], before=before) == {}


@pytest.mark.parametrize(
    ("row", "waits"),
    [
        pytest.param(state(), True, id="found and never asked for"),
        pytest.param(
            state(reason="HTTP 500", next_try=BEFORE, crawl="c0"), True, id="failed, and its time has come"
        ),
        pytest.param(state(reason="HTTP 500", next_try=NOW, crawl="c0"), True, id="just now"),
        pytest.param(
            state(reason="HTTP 500", next_try=AFTER, crawl="c0"), False, id="failed, and not yet due"
        ),
        pytest.param(
            state(reason="HTTP 500", next_try=BEFORE, crawl="c1"), False, id="asked for by this crawl"
        ),
        pytest.param(
            state(digest="d", next_try=BEFORE, crawl="c0"), True, id="archived and due to be looked at"
        ),
        pytest.param(state(digest="d", next_try=AFTER, crawl="c0"), False, id="archived and not yet due"),
        pytest.param(state(digest="d", crawl="c0"), False, id="archived for good"),
        pytest.param(
            state(alias_of="b", next_try=BEFORE, crawl="c0"), False, id="a twin is not asked for again"
        ),
        pytest.param(state(kind="listing"), False, id="no article"),
        pytest.param(state(source="khac"), False, id="another source's"),
    ],
)
def test_waiting(table: PageTable, row: PageState, waits: bool) -> None:
    table.put(row)
    assert table.waiting("baothu", "c1", NOW, 10) == (["a"] if waits else [])


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(10, ["n1", "n2", "o1", "o2"]), (3, ["n1", "n2", "o1"]), (1, ["n1"]), (0, [])],
)
def test_what_never_came_waits_in_front(table: PageTable, limit: int, expected: list[str]) -> None:
    for url in ("o2", "o1"):
        table.put(state(url, digest="d", next_try=BEFORE))
    table.find("baothu", [("n2", "rss"), ("n1", "rss")])
    assert table.waiting("baothu", "c1", NOW, limit) == expected


def test_outcomes_of_a_crawl(table: PageTable) -> None:
    rows = [
        ("a", "new", None, {}), ("b", "new", None, {}), ("c", "failed", "HTTP 500", {}), ("d", "failed", "HTTP 500", {}),
        ("e", "failed", "HTTP 404", {}), ("f", "new", None, {"crawl": "c0"}), ("g", "new", None, {"source": "khac"}),
        ("h", "new", None, {"kind": "feed"}), ("i", None, None, {}),
    ]  # fmt: skip
    for url, outcome, reason, more in rows:
        table.put(state(url, **{"outcome": outcome, "reason": reason, "crawl": "c1", **more}))
    expected = {("new", None): 2, ("failed", "HTTP 500"): 2, ("failed", "HTTP 404"): 1, ("", None): 1}
    assert table.outcomes("baothu", "c1") == expected
    assert table.outcomes("baothu", "c9") == {}


def test_what_a_crawl_showed(table: PageTable) -> None:
    rows: list[dict[str, Any]] = [
        {"outcome": "new", "dated": True, "layout_fits": True},
        {"outcome": "changed", "dated": True, "layout_fits": False},
        {"outcome": "new", "dated": False},  # no layout names a body
        {"outcome": "new"},  # the parser itself failed
        {"outcome": "unchanged", "dated": True, "layout_fits": True},
        {"outcome": "failed", "dated": True, "layout_fits": True},
        {"outcome": "new", "dated": True, "layout_fits": True, "crawl": "c0"},
        {"outcome": "new", "dated": True, "layout_fits": True, "kind": "listing"},
    ]
    for number, row in enumerate(rows):
        table.put(state(f"u{number}", **{"crawl": "c1", **row}))
    assert table.shown("baothu", "c1") == (4, 2, 1, 2)
    assert table.shown("baothu", "c9") == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("row", "read", "unread"),
    [
        pytest.param(state(digest="d"), None, True, id="never read"),
        pytest.param(state(digest="d"), ("d", None, "2"), False, id="read"),
        pytest.param(
            state(digest="d"), ("d", "no text", "2"), False, id="could not be read: is not tried again"
        ),
        pytest.param(state(digest="d"), ("c", None, "2"), True, id="changed since"),
        pytest.param(state(digest="d"), ("d", None, "1"), True, id="read by an older reader"),
        pytest.param(state(), None, False, id="never came"),
        pytest.param(state(digest="d", kind="feed"), None, False, id="no article"),
        pytest.param(state(digest="d", source="khac"), None, False, id="another source's"),
    ],
)
def test_unread(
    table: PageTable, engine: Engine, row: PageState, read: tuple[str, str | None, str] | None, unread: bool
) -> None:
    table.put(row)
    if read:
        digest, error, version = read
        with writing(engine).begin() as connection:
            mark_read(connection, [("a", digest, error)], version=version)
    assert table.unread("baothu", "2") == ([row] if unread else [])


def test_relevant(table: PageTable, engine: Engine) -> None:
    rows = [("a", "new", True), ("b", "changed", False), ("c", "unchanged", True), ("d", "new", None)]
    note_run(engine, "r")
    with writing(engine).begin() as connection:
        for url, _, relevant in rows:
            if relevant is not None:
                connection.execute(
                    insert(articles).values(
                        id=url, url=url, relevant=relevant, quality="[]", text="", extractor_version="1", run_id="r",
                        digest="d",
                    )
                )  # fmt: skip
    for url, outcome, _ in rows:
        table.put(state(url, outcome=outcome, crawl="c1", digest="d"))
    assert table.relevant("baothu", "c1") == (2, 1)
    assert table.relevant("baothu", "c9") == (0, 0)


# Crawls


def summary(crawl: str = "", **fields: Any) -> CrawlSummary:
    return CrawlSummary(source="baothu", crawl=crawl, **fields)


@pytest.mark.parametrize(
    ("finished", "mode", "later", "resumed"),
    [
        pytest.param(False, "nightly", timedelta(minutes=5), True, id="killed: it goes on"),
        pytest.param(False, "nightly", timedelta(hours=20), True, id="just within the night"),
        pytest.param(False, "nightly", timedelta(hours=20, seconds=1), False, id="killed longer ago"),
        pytest.param(False, "backfill 2024-12-01..", timedelta(minutes=5), False, id="another mode"),
        pytest.param(True, "nightly", timedelta(minutes=5), False, id="finished"),
    ],
)
def test_which_crawl_goes_on(
    engine: Engine, finished: bool, mode: str, later: timedelta, resumed: bool
) -> None:
    table = CrawlTable(engine, "baothu")
    first, goes_on = table.begin("nightly", NIGHT)
    assert (first, goes_on) == ("baothu-20250114T180000.000000Z", False)
    if finished:
        table.finish(first, summary(first), NIGHT)
    second, goes_on = table.begin(mode, NIGHT + later)
    assert goes_on is resumed
    assert (second == first) is resumed


def test_sources_do_not_take_each_other_s_crawls(engine: Engine) -> None:
    first, _ = CrawlTable(engine, "baothu").begin("nightly", NIGHT)
    other, resumed = CrawlTable(engine, "khac").begin("nightly", NIGHT)
    assert (resumed, other) == (False, "khac-20250114T180000.000000Z")
    CrawlTable(engine, "baothu").finish(first, summary(first), NIGHT)
    assert CrawlTable(engine, "khac").healthy("nightly", 9) == []
    assert CrawlTable(engine, "khac").last_healthy_start() is None


def test_the_last_of_two_killed_crawls_goes_on(engine: Engine) -> None:
    with writing(engine).begin() as connection:
        for number in (1, 2):
            begun = (NIGHT + timedelta(hours=number)).isoformat()
            connection.execute(
                insert(crawls).values(id=f"c{number}", source="baothu", mode="nightly", started_at=begun)
            )
    assert CrawlTable(engine, "baothu").begin("nightly", NIGHT + timedelta(hours=3)) == ("c2", True)


def nights(engine: Engine, *told: dict[str, Any]) -> CrawlTable:
    """Crawls, an hour apart, finished with these summaries; `mode` is theirs."""
    table = CrawlTable(engine, "baothu")
    for number, fields in enumerate(told):
        moment = NIGHT + timedelta(hours=number)
        crawl, _ = table.begin(fields.get("mode", "nightly"), moment)
        table.finish(crawl, summary(crawl, **fields), moment)
    return table


def test_healthy_crawls_newest_first(engine: Engine) -> None:
    table = nights(
        engine, {"links": 1}, {"links": 2, "problems": ["ill"]}, {"links": 3}, {"links": 4, "mode": "backfill .."}, {"links": 5}
    )  # fmt: skip
    assert [crawl.links for crawl in table.healthy("nightly", 9)] == [5, 3, 1]
    assert [crawl.links for crawl in table.healthy("nightly", 2)] == [5, 3]
    assert [crawl.links for crawl in table.healthy("backfill ..", 9)] == [4]
    table.begin("nightly", NIGHT + timedelta(hours=9))  # under way: neither healthy nor ill
    assert [crawl.links for crawl in table.healthy("nightly", 9)] == [5, 3, 1]


def test_a_summary_comes_back_whole(engine: Engine) -> None:
    told = {"links": 9, "new": 1, "reasons": {"HTTP 404": 2}, "not_before": AFTER, "shown": 3, "dated": 2}
    (again,) = nights(engine, told).healthy("nightly", 9)
    assert again == summary(again.crawl, **told)


def test_a_crawl_is_judged_anew_once_its_articles_are_read(engine: Engine) -> None:
    table = nights(engine, {"links": 9})
    (crawl,) = table.healthy("nightly", 9)
    table.judge(crawl.model_copy(update={"problems": ["too few report a union's event"], "read": 9}))
    assert table.healthy("nightly", 9) == []
    table.judge(crawl.model_copy(update={"read": 9, "relevant": 8}))
    (judged,) = table.healthy("nightly", 9)
    assert (judged.read, judged.relevant) == (9, 8)
    with engine.connect() as connection:
        assert connection.execute(select(crawls.c.finished_at)).scalar_one() == NIGHT.isoformat()


@pytest.mark.parametrize(
    ("told", "hours"),
    [
        pytest.param([], None, id="none yet"),
        pytest.param([{"problems": ["ill"]}], None, id="none healthy"),
        pytest.param([{}, {}], 1, id="the last"),
        pytest.param([{}, {"problems": ["ill"]}], 0, id="the last healthy one"),
        pytest.param([{}, {"mode": "backfill 2020-01-01..2020-12-31"}], 0, id="a backfill is no night"),
        pytest.param([{"mode": "backfill .."}], None, id="a backfill alone"),
    ],
)
def test_when_the_last_healthy_crawl_began(
    engine: Engine, told: list[dict[str, Any]], hours: int | None
) -> None:
    expected = None if hours is None else (NIGHT + timedelta(hours=hours)).isoformat()
    assert nights(engine, *told).last_healthy_start() == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([], None, id="none yet"),
        pytest.param([{}], None, id="nothing asked"),
        pytest.param([{"not_before": AFTER, "problems": ["asks"]}], AFTER, id="asked in an ill night"),
        pytest.param([{"not_before": AFTER}, {}], None, id="no longer"),
        pytest.param([{}, {"not_before": AFTER, "mode": "backfill .."}], AFTER, id="asked in a backfill"),
    ],
)
def test_until_when_the_site_wants_to_be_left_alone(
    engine: Engine, told: list[dict[str, Any]], expected: str | None
) -> None:
    assert nights(engine, *told).not_before() == expected
