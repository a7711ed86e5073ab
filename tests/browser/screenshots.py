"""Makes the pictures that README shows: `make screenshots`. Of the demo's and the annotated articles, all invented.

Needs Chromium on this machine (`apt-get install chromium`).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from pipeline.settings import ROOT
from tests.browser.conftest import CHROMIUM, serving
from tests.browser.watched import FLAGS, Visit
from tests.explore.asking import ask
from tests.pipeline.release.filled import filled, readings, released

FOLDER = ROOT / "pipeline" / "explore" / "screenshots"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--output", type=Path, default=FOLDER, help=f"folder of the pictures (default: {FOLDER})"
    )
    folder: Path = options.parse_args().output
    if CHROMIUM is None:
        raise SystemExit("no Chromium on this machine: apt-get install chromium")
    with TemporaryDirectory() as work:
        with filled(f"sqlite:///{work}/all.db", readings()) as engine:
            release = released(engine, Path(work) / "releases")
        folder.mkdir(parents=True, exist_ok=True)
        _take(release, folder)


def _take(release: Path, folder: Path) -> None:
    [(outcome,)] = ask(
        release, "SELECT outcome_id FROM outcome_values WHERE agreement = 'differ' ORDER BY id LIMIT 1"
    )
    [(unit,)] = ask(
        release, "SELECT unit_id FROM target_results GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    pages = {
        "home": ("", 1200, 900),
        "conference": (f"conferences/{outcome}", 1200, 900),
        "indicator": ("indicators/members_recruited", 1200, 900),
        "unit": (f"units/{unit}", 1200, 900),
        "phone": (f"conferences/{outcome}?lang=vi", 390, 800),
    }
    with serving(release) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, (path, width, height) in pages.items():
            context = browser.new_context(viewport={"width": width, "height": height})
            page = Visit(context.new_page()).open(address + path)
            page.screenshot(path=folder / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
