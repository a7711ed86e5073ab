"""What reading takes of spaCy, loaded without spaCy's command line, which is a third of its time: 400 modules, an HTTP
client among them.

`import spacy` loads `spacy.cli` for the sake of one function, `spacy.info`. Here that function loads it once it is called.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from extractors.stand_ins import standing_in

__all__ = ["Doc", "Language", "Vocab", "blank"]


def _info(*args: Any, **kwargs: Any) -> Any:
    """`spacy.info`."""
    from spacy.cli.info import info  # noqa: PLC0415  (the import that is put off)

    return info(*args, **kwargs)


_LEFT_OUT = [ModuleType("spacy.cli"), ModuleType("spacy.cli.info")]
vars(_LEFT_OUT[1])["info"] = _info

with standing_in(*([] if "spacy" in sys.modules else _LEFT_OUT)):
    from spacy import blank
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab
