"""The scores that a release's card tells, as measured on annotated articles now.

    python -m pipeline.evaluate.quality corpus/gold > pipeline/dataset/codebook/quality.json

`make calibrate` writes it; a test holds it against `tongket evaluate corpus/gold`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pipeline.evaluate.gold import load_gold
from pipeline.evaluate.predict import predict
from pipeline.evaluate.report import as_json
from pipeline.evaluate.score import score


def quality(folder: Path) -> dict[str, Any]:
    """`{"articles": 26, "scores": {"figures": {"p": 0.993, …}, …}}` of a gold folder, shares with three digits."""
    gold = load_gold(folder)
    scores = json.loads(as_json(score(gold, predict(gold))))
    rounded = {
        name: {key: round(value, 3) if key != "n" else value for key, value in told.items()}
        for name, told in scores.items()
    }
    return {"articles": len(gold), "scores": rounded}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(quality(Path(sys.argv[1])), indent=1) + "\n")
