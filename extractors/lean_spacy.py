"""What reading takes of spaCy, loaded without spaCy's command line, which is a third of its time: 400 modules, an HTTP
client among them.

`import spacy` loads `spacy.cli` for the sake of one function, `spacy.info`. Here that function loads it once it is called,
and whoever imports `spacy.cli` has the whole of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

__all__ = ["Doc", "Language", "Vocab", "blank"]


@contextmanager
def _command_line_left_out() -> Iterator[None]:
    if "spacy" in sys.modules:  # it is loaded as it is
        yield
        return
    left_out = {name: ModuleType(name) for name in ("spacy.cli", "spacy.cli.info")}
    left_out["spacy.cli.info"].__dict__["info"] = _info
    sys.modules |= left_out
    try:
        yield
    finally:
        for name in left_out:
            del sys.modules[name]


def _info(*args: Any, **kwargs: Any) -> Any:
    """`spacy.info`."""
    from spacy.cli.info import info  # noqa: PLC0415  (the import that is put off)

    return info(*args, **kwargs)


with _command_line_left_out():
    from spacy import blank
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab
