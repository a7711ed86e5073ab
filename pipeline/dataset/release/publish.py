"""A release's folder comes and goes whole: written aside, renamed, `latest` moved last."""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date as day
from pathlib import Path

from pipeline.dataset.release.describe import sha256

SUMS = "SHA256SUMS"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@contextmanager
def publishing(out_dir: Path, date: str) -> Iterator[Path]:
    """An empty folder to write the release of `date` into; at the end of the block it takes its place in `out_dir`.

    A release of the same date is replaced, and stays where the block fails. What a killed one left is cleared away; two
    at once wait for each other. Raises `ValueError` unless `date` is like `2025-01-07`.
    """
    check_date(date)
    out_dir.mkdir(parents=True, exist_ok=True)
    with (out_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _recover(out_dir)
        aside = out_dir / f".{date}.new"
        aside.mkdir()
        try:
            yield aside
            (aside / SUMS).write_text(_sums(aside), encoding="utf-8")
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        _replace(aside, out_dir / date)
        _point(out_dir / "latest", date)


def delete_releases(out_dir: Path, dates: Iterable[str]) -> None:
    """Delete the releases of `dates`, each in one step for whoever looks; `latest` names the newest that is left."""
    with (out_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _recover(out_dir)
        for date in dates:
            aside = out_dir / f".{date}.new"  # which is cleared away where this is killed
            if (out_dir / date).exists():
                (out_dir / date).rename(aside)
                shutil.rmtree(aside)
        left = [path.name for path in out_dir.glob("????-??-??")]
        if left:
            _point(out_dir / "latest", max(left))
        else:
            (out_dir / "latest").unlink(missing_ok=True)


def check_date(date: str) -> None:
    """Raises `ValueError` unless `date` is a day of the calendar, written like `2025-01-07`."""
    try:
        if _DATE.fullmatch(date) and day.fromisoformat(date):
            return
    except ValueError:  # 2025-02-30
        pass
    raise ValueError(f"release date {date!r}: write a day as YYYY-MM-DD, such as 2025-01-07")


def release_before(out_dir: Path, date: str) -> Path | None:
    """The newest whole release in `out_dir` before `date`."""
    found = [path for path in out_dir.glob("????-??-??") if path.name < date and (path / SUMS).is_file()]
    return max(found, default=None, key=lambda path: path.name)


def _recover(out_dir: Path) -> None:
    """Put back what was being replaced when a release was killed, and clear away what it had begun."""
    for old in out_dir.glob(".????-??-??.old"):
        final = out_dir / old.name[1:-4]
        if final.exists():
            shutil.rmtree(old)
        else:
            old.rename(final)
    for new in out_dir.glob(".????-??-??.new"):
        shutil.rmtree(new)


def _sums(folder: Path) -> str:
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    return "".join(f"{sha256(path)}  {path.name}\n" for path in files)


def _replace(aside: Path, final: Path) -> None:
    old = final.with_name(f".{final.name}.old")
    if final.exists():
        final.rename(old)
    aside.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _point(link: Path, target: str) -> None:
    """`link` → `target`, in one step: a symlink made aside is renamed over the old one."""
    newest = max([target, *(path.name for path in link.parent.glob("????-??-??"))])
    aside = link.with_name(".latest.new")
    aside.unlink(missing_ok=True)
    aside.symlink_to(newest)
    aside.replace(link)
