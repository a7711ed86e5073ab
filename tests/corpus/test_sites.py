"""Every article of a demo site has the front matter that the site is built from."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

SITES = Path(__file__).parents[2] / "corpus" / "sites"
FILES = sorted(SITES.glob("*/articles/*.txt"))

REQUIRED = {"title", "published", "path", "category", "lead", "byline"}
OPTIONAL = {"modified", "tags"}


def split(text: str) -> tuple[dict[str, Any], list[str]]:
    """The front matter and the paragraphs of the body; ValueError where the dashes are missing."""
    before, front, body = text.split("---\n", 2)
    if before:
        raise ValueError("the file does not begin with ---")
    meta: dict[str, Any] = yaml.safe_load(front)
    return meta, [p.strip() for p in body.strip().split("\n\n")]


def problems(text: str) -> list[str]:
    """What is wrong with one article's file; empty where nothing is."""
    meta, paragraphs = split(text)
    found = [f"no {key}" for key in sorted(REQUIRED - meta.keys())]
    found += [f"unknown key {key}" for key in sorted(meta.keys() - REQUIRED - OPTIONAL)]
    for key in ("published", "modified"):
        if key in meta and datetime.fromisoformat(str(meta[key])).utcoffset() != timedelta(hours=7):
            found.append(f"{key} is not in +07:00")
    if "modified" in meta and str(meta["modified"]) <= str(meta.get("published")):
        found.append("modified before it was published")
    if meta.get("category") not in {"cong-doan", "thoi-su"}:
        found.append(f"category {meta.get('category')!r} is unknown")
    elif not str(meta.get("path")).startswith(f"/{meta['category']}/") or not str(meta["path"]).endswith(
        ".html"
    ):
        found.append(f"path {meta.get('path')!r} is not a page of its category")
    found += [f"more than a line in {p[:30]!r}" for p in paragraphs if "\n" in p]
    found += [f"empty marker {p!r}" for p in paragraphs if p in {"##", "[ảnh]"}]
    found += [f"no credit in {p!r}" for p in paragraphs if p.startswith("[ảnh]") and "Ảnh: " not in p]
    words = len(f"{meta.get('lead')} {' '.join(paragraphs)}".split())
    if not 250 <= words <= 600:
        found.append(f"{words} words, not 250 to 600")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_article_parses(file: Path) -> None:
    assert problems(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("site", sorted({file.parents[1] for file in FILES}), ids=lambda site: site.name)
def test_paths_are_distinct(site: Path) -> None:
    paths = [split(f.read_text(encoding="utf-8"))[0]["path"] for f in sorted(site.glob("articles/*.txt"))]
    assert len(paths) >= 16
    assert len(set(paths)) == len(paths)


# (what is replaced, by what, the complaint): the check itself can fail.
BROKEN = [
    ("byline:", "author:", "no byline"),
    ("+07:00", "+00:00", "published is not in +07:00"),
    ("category: cong-doan", "category: the-thao", "category 'the-thao' is unknown"),
    ("path: /cong-doan/", "path: /thoi-su/", "is not a page of its category"),
    (" Ảnh: THANH SƯƠNG", "", "no credit in"),
    ("## Lo cái Tết, lo mái nhà", "##", "empty marker '##'"),
    ("## Phương hướng năm 2025\n\n", "## Phương hướng năm 2025\n", "more than a line in"),
]


@pytest.mark.parametrize(("old", "new", "complaint"), BROKEN, ids=[row[2] for row in BROKEN])
def test_the_check_sees_what_is_broken(old: str, new: str, complaint: str) -> None:
    text = (SITES / "songtien/articles/01-ldld-tien-giang-tong-ket-2024.txt").read_text(encoding="utf-8")
    assert old in text
    assert any(complaint in p for p in problems(text.replace(old, new)))


def test_the_unicode_page_keeps_its_hard_characters() -> None:
    """An editor that normalises on saving would quietly take away what article 15 is for."""
    text = (SITES / "songtien/articles/15-cong-doan-khu-kinh-te-tra-vinh.txt").read_text(encoding="utf-8")
    assert "\u00d0" in text
    assert "\u00ad" in text
    assert unicodedata.normalize("NFC", text) != text
