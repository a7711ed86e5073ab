"""A page whose console and requests are watched."""

from __future__ import annotations

from typing import Any

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
"""How Chromium is started: without a screen, and without asking anyone for anything."""


class Visit:
    """A page, and in `wrong` every error of its console and every request to anywhere else."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on("console", lambda said: self._note(said) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda asked: self._check(asked.url))

    def _note(self, said: Any) -> None:
        self.wrong.append(f"{said.type}: {said.text}")

    def _check(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:")):
            self.wrong.append(f"request to {url}")

    def open(self, url: str) -> Any:
        """Go there, and wait until all that the page draws is drawn."""
        self.page.goto(url)
        self.page.wait_for_load_state("networkidle")
        self.drawn()
        return self.page

    def drawn(self) -> None:
        """Wait for the charts."""
        self.page.wait_for_function(
            "document.querySelectorAll('.chart').length === document.querySelectorAll('.chart[data-drawn]').length",
            timeout=30_000,
        )
