"""The articles of a demo site as readers find them now: the files, with what a test edits or takes away."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.demo_sites.story import DemoSiteError, Story, load_story


@dataclass(frozen=True)
class _Edit:
    old: str
    new: str
    modified: datetime | None


class Shelf:
    """Articles of a folder. Files are read anew when they change, so that a changed file is a changed page.

    `without` holds paths of articles that are not yet published. Safe to use from several threads.
    """

    def __init__(self, folder: Path, categories: Collection[str]) -> None:
        self.without: set[str] = set()
        self._folder = folder
        self._categories = categories
        self._edits: dict[str, list[_Edit]] = {}
        self._withdrawn: dict[str, int] = {}
        self._read: dict[Path, tuple[tuple[int, int], Story]] = {}
        self._lock = threading.Lock()

    def stories(self) -> list[Story]:
        """All articles that readers can find, newest first. Raises `DemoSiteError` on a file at fault."""
        with self._lock:
            gone = self.without | self._withdrawn.keys()
            found = [self._story(path) for path in sorted(self._folder.glob("*.txt"))]
            shown = [story for story in found if story.path not in gone]
        return sorted(shown, key=lambda story: (story.published, story.path), reverse=True)

    def gone(self, path: str) -> int | None:
        """The status that a withdrawn article's page answers with; None where it is not withdrawn."""
        return self._withdrawn.get(path)

    def edit(self, path: str, old: str, new: str, modified: datetime | None) -> None:
        """Write `old` as `new` in the article at `path`. Raises `DemoSiteError` where either is not there."""
        with self._lock:
            story = self._known(path)
            story.edited(old, new)
            self._edits.setdefault(path, []).append(_Edit(old, new, modified))

    def withdraw(self, path: str, status: int) -> None:
        """Take the article at `path` away. Raises `DemoSiteError` where there is none."""
        with self._lock:
            self._withdrawn[self._known(path).path] = status

    def restore(self, path: str) -> None:
        """Undo every `edit` and `withdraw` of the article at `path`."""
        with self._lock:
            self._edits.pop(path, None)
            self._withdrawn.pop(path, None)

    def _known(self, path: str) -> Story:
        for file in sorted(self._folder.glob("*.txt")):
            if (story := self._story(file)).path == path:
                return story
        raise DemoSiteError(f"{path}: no article of {self._folder} has this path")

    def _story(self, file: Path) -> Story:
        state = file.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        kept = self._read.get(file)
        if kept is None or kept[0] != stamp:
            story = load_story(file)
            if story.category not in self._categories:
                known = ", ".join(self._categories)
                raise DemoSiteError(f"{file}: category {story.category!r} must be one of {known}")
            kept = self._read[file] = (stamp, story)
        story = kept[1]
        for edit in self._edits.get(story.path, []):
            story = story.edited(edit.old, edit.new, edit.modified)
        return story
