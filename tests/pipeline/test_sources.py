"""Manifests: a good one loads, a bad one names its file and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.crawl.sources import Source, SourceError, load_sources
from pipeline.settings import ROOT

GOOD = """
name: bao-thu
title: Báo Thử
base_url: https://baothu.vn
feeds: [/rss/cong-doan.rss]
article_pattern: -post\\d+\\.html$
"""


def test_the_project_s_own_manifests_load() -> None:
    assert "songtien" in [source.name for source in load_sources(ROOT / "pipeline" / "sources")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(
            ("base_url: https://baothu.vn", "base_url: baothu.vn"), "field base_url", id="no scheme"
        ),
        pytest.param(("name: bao-thu", "name: Báo Thử"), "field name", id="a name that is no file name"),
        pytest.param(("title: Báo Thử", ""), "field title", id="left out"),
        pytest.param(("-post\\d+", "-post(\\d+"), "field article_pattern", id="no regular expression"),
        pytest.param(("title:", "titel: x\ntitle:"), "field titel", id="misspelt field"),
        pytest.param(
            ("feeds: [/rss/cong-doan.rss]", ""), "at least one feed or listing", id="nowhere to look"
        ),
        pytest.param(("feeds: [", "delay_seconds: -1\nfeeds: ["), "field delay_seconds", id="time backwards"),
        pytest.param((GOOD, "- a\n- b\n"), "must be a mapping", id="a list"),
        pytest.param((GOOD, "name: [\n"), "cannot be read as YAML", id="broken YAML"),
    ],
)
def test_a_bad_manifest_is_named(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    (tmp_path / "bao-thu.yaml").write_text(GOOD, encoding="utf-8")
    assert len(load_sources(tmp_path)) == 1
    (tmp_path / "bao-thu.yaml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(SourceError, match=told) as caught:
        load_sources(tmp_path)
    assert "bao-thu.yaml" in str(caught.value)


def test_two_manifests_of_one_name(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(SourceError, match=r"b\.yaml.*already used by .*a\.yaml"):
        load_sources(tmp_path)


@pytest.mark.parametrize(
    ("url", "is_article"),
    [
        ("https://baothu.vn/cong-doan/tong-ket-post12.html", True),
        ("https://baothu.vn/cong-doan/", False),  # a listing
        ("https://khac.vn/cong-doan/tong-ket-post12.html", False),  # another site's article
        ("https://m.baothu.vn/cong-doan/tong-ket-post12.html", False),  # a host is not its subdomain
    ],
)
def test_is_article(url: str, is_article: bool) -> None:
    source = Source(
        name="t", title="T", base_url="https://baothu.vn", feeds=["/f"], article_pattern=r"-post\d+\.html$"
    )
    assert source.is_article(url) is is_article
