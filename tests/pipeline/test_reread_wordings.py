"""Which earlier copies of an article are wordings of it, when the archive is read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.crawl.archive import Archive
from pipeline.crawl.outcomes import Page
from pipeline.crawl.sources import Layout, Source
from pipeline.dataset.database import database
from pipeline.dataset.schema import article_versions
from pipeline.reread import reread
from pipeline.settings import load_settings

URL = "https://baothu.vn/cong-doan/bai-1.html"
FIRST = datetime(2025, 1, 13, 19, 0, tzinfo=UTC)
_TOLD = (
    "Sáng 12/1, LĐLĐ huyện Mang Thít họp tổng kết năm 2024. Cả năm kết nạp {} đoàn viên, đạt 112% kế hoạch."
)


def page(dress: str, members: int) -> str:
    """The article as the manifest's layout has it (`ours`), or in another dress, with the menu in its text."""
    text = f"<p>{_TOLD.format(members)}</p>"
    inner = {
        "ours": f'<div class="body">{text}</div>',
        "other": f'<div class="noi-dung"><p>Trang chủ, tin tức, hoạt động công đoàn các huyện.</p>{text}</div>',
    }[dress]
    return f"<html><head><title>Mang Thít tổng kết</title></head><body><h1>Mang Thít tổng kết</h1>{inner}</body></html>"


@pytest.mark.parametrize(
    ("layouts", "copies", "wordings"),
    [
        pytest.param(["div.body"], [("ours", 705), ("ours", 706)], 2, id="an edited article has two"),
        pytest.param(["div.body"], [("ours", 705), ("ours", 705)], 1, id="the same words are one"),
        pytest.param(["div.body"], [("other", 705), ("ours", 705)], 1, id="a copy in a dress that fits no layout is none"),
        pytest.param(["div.body"], [("ours", 705), ("other", 705), ("ours", 706)], 2, id="nor between two that are"),
        pytest.param(["div.body", "div.noi-dung"], [("other", 705), ("ours", 705)], 2, id="a layout of its own makes it one"),
        pytest.param([], [("other", 705), ("ours", 705)], 2, id="without layouts nothing tells the dresses apart"),
    ],
)  # fmt: skip
def test_a_copy_that_fits_no_layout_is_no_wording(
    tmp_path: Path, layouts: list[str], copies: list[tuple[str, int]], wordings: int
) -> None:
    settings = load_settings(
        {},
        database_url=str(tmp_path / "t.db"),
        archive_dir=tmp_path / "archive",
        releases_dir=tmp_path / "releases",
        runs_dir=tmp_path / "runs",
    )
    source = Source(
        name="baothu", title="Báo Thử", base_url="https://baothu.vn", feeds=["/rss"],
        article_pattern=r"^/cong-doan/bai-\d+\.html$", layouts=[Layout(body=body) for body in layouts],
    )  # fmt: skip
    archive = Archive(settings.archive_dir, source.name)
    for night, (dress, members) in enumerate(copies):
        body, kind = page(dress, members).encode(), "text/html; charset=utf-8"
        headers = (("Content-Type", kind),)
        fetched = FIRST + timedelta(days=night)
        archive.append(Page(URL, URL, 200, headers, (), body, fetched, None, None, kind))
    assert reread(settings, [source]).ok
    with database(settings.database_url) as engine, engine.connect() as connection:
        texts = connection.execute(select(article_versions.c.text)).scalars().all()
    assert len(texts) == wordings
