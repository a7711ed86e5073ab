"""Parts of libraries left out while they are imported: what reading has no use for, and would wait for at each start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def standing_in(*modules: ModuleType) -> Iterator[None]:
    """`modules` in the place of those of their names, for what is imported meanwhile.

    Behind it they are forgotten, and so are those loaded below them (what holds one keeps it): whoever imports them then has
    them whole. Until then an import of theirs in another thread finds the stand-in. One that is loaded already stays.

    >>> with standing_in(ModuleType("luong_thu_mot")):
    ...     import luong_thu_mot
    >>> "luong_thu_mot" in sys.modules
    False
    """
    absent = {module.__name__: module for module in modules if module.__name__ not in sys.modules}
    sys.modules |= absent
    try:
        yield
    finally:
        below = tuple(f"{name}." for name in absent)
        for name in [name for name in sys.modules if name in absent or name.startswith(below)]:
            del sys.modules[name]
