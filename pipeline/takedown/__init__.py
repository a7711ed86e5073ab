"""Taking an article down: out of the database, the archive and the releases, and kept out of them."""

from __future__ import annotations

from pipeline.takedown.held import Held, HeldArticle
from pipeline.takedown.work import TakedownError, TakenDown, look_up, restore, take_down

__all__ = ["Held", "HeldArticle", "TakedownError", "TakenDown", "look_up", "restore", "take_down"]
