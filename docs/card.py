"""Take the picture of a card that the README and the first page show.

`python docs/card.py` writes `docs/_static/card.png`. It needs the extra `faces` and
Chromium, as `make faces` does; the card is what a notebook shows of an answer.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from milia_cds import Case, assess
from milia_cds.render.markup import Markup, Page
from milia_cds.render.style import PAPER

ROOT = Path(__file__).parent.parent
CASE = ROOT / "examples" / "cases" / "pregnancy_unknown.json"
PICTURE = ROOT / "docs" / "_static" / "card.png"
WIDTH, HEIGHT = 800, 560
QUIET = ("--disable-background-networking", "--disable-gpu", "--no-first-run")


def card() -> Page:
    """The card of an answer as a page."""
    html = assess(Case.from_json(CASE.read_bytes()))._repr_html_()
    return Page("Assessment", PAPER, Markup(html))


def main() -> None:
    """Open the card in Chromium and take its upper part."""
    chromium = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    with TemporaryDirectory() as folder, sync_playwright() as play:
        file = Path(folder) / "card.html"
        file.write_text(card(), encoding="utf-8")
        browser = play.chromium.launch(executable_path=chromium, args=[*QUIET])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(file.as_uri())
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"wrote {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
