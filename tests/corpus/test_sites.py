"""Every article of a demo site has the front matter that the site is built from."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.demo_sites.encoding import encode

ROOT = Path(__file__).parents[2]
SITES = ROOT / "corpus" / "sites"
FILES = sorted(SITES.glob("*/articles/*.txt"))
NAMES = sorted({file.parents[1].name for file in FILES})

REQUIRED = {"title", "published", "path", "category", "lead", "byline"}
OPTIONAL = {"modified", "tags"}


def split(text: str) -> tuple[dict[str, Any], list[str]]:
    """The front matter and the paragraphs of the body; ValueError where the dashes are missing."""
    before, front, body = text.split("---\n", 2)
    if before:
        raise ValueError("the file does not begin with ---")
    meta: dict[str, Any] = yaml.safe_load(front)
    return meta, [p.strip() for p in body.strip().split("\n\n")]


def site_file(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((SITES / name / "site.yaml").read_text(encoding="utf-8"))
    return data


def article_pattern(name: str) -> str:
    manifest = yaml.safe_load((ROOT / "pipeline" / "sources" / f"{name}.yaml").read_text(encoding="utf-8"))
    return str(manifest["article_pattern"])


def cannot_write(text: str, charset: str) -> set[str]:
    """Letters that a site of that charset could only write as references; those of Vietnamese are none of them."""
    if charset == "utf-8":
        return set()
    marks = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text))
    return {mark for mark in marks if mark not in "\u0302\u0306\u031b" and encode(mark, charset)[:2] == b"&#"}


def problems(text: str, site: str = "songtien") -> list[str]:
    """What is wrong with one article's file; empty where nothing is."""
    about = site_file(site)
    meta, paragraphs = split(text)
    found = [f"no {key}" for key in sorted(REQUIRED - meta.keys())]
    found += [f"unknown key {key}" for key in sorted(meta.keys() - REQUIRED - OPTIONAL)]
    for key in ("published", "modified"):
        if key in meta and datetime.fromisoformat(str(meta[key])).utcoffset() != timedelta(hours=7):
            found.append(f"{key} is not in +07:00")
    if "modified" in meta and str(meta["modified"]) <= str(meta.get("published")):
        found.append("modified before it was published")
    path, folder = str(meta.get("path")), str(meta.get("path"))[1:].partition("/")[0]
    if meta.get("category") not in about["categories"]:
        found.append(f"category {meta.get('category')!r} is unknown")
    elif folder in about["categories"] and folder != meta["category"]:
        found.append(f"path {path!r} is not a page of its category")
    if not re.search(article_pattern(site), path):
        found.append(f"path {path!r} is no article's by the site's manifest")
    found += [
        f"{mark!r} is not in {about['charset']}" for mark in sorted(cannot_write(text, about["charset"]))
    ]
    found += [f"more than a line in {p[:30]!r}" for p in paragraphs if "\n" in p]
    found += [f"empty marker {p!r}" for p in paragraphs if p in {"##", "[ảnh]"}]
    found += [f"no credit in {p!r}" for p in paragraphs if p.startswith("[ảnh]") and "Ảnh: " not in p]
    words = len(f"{meta.get('lead')} {' '.join(paragraphs)}".split())
    if not 250 <= words <= 600:
        found.append(f"{words} words, not 250 to 600")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_article_parses(file: Path) -> None:
    assert problems(file.read_text(encoding="utf-8"), file.parents[1].name) == []


@pytest.mark.parametrize("site", NAMES)
def test_paths_are_distinct(site: str) -> None:
    files = sorted((SITES / site / "articles").glob("*.txt"))
    paths = [split(file.read_text(encoding="utf-8"))[0]["path"] for file in files]
    assert len(paths) >= 16
    assert len(set(paths)) == len(paths)


def test_there_are_three_sites_with_seventy_articles() -> None:
    assert NAMES == ["mietthu", "songtien", "truongson"]
    assert len(FILES) >= 70


# (what is replaced, by what, the complaint): the check itself can fail.
BROKEN = [
    ("byline:", "author:", "no byline"),
    ("+07:00", "+00:00", "published is not in +07:00"),
    ("category: cong-doan", "category: the-thao", "category 'the-thao' is unknown"),
    ("path: /cong-doan/", "path: /thoi-su/", "is not a page of its category"),
    ("-post1001.html", ".html", "is no article's by the site's manifest"),
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


def test_the_check_sees_what_the_old_charset_cannot_write() -> None:
    assert cannot_write("Tiếng Việt – “đủ dấu”, Ầ ỡ ẵ ự", "windows-1258") == set()
    assert cannot_write("≥ 5 → Ð", "windows-1258") == {"≥", "→", "Ð"}
