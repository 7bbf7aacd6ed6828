"""Every page and picture is whole, quiet and accessible, on every ground and width.

What Chromium drew is left in `build/faces` to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe

from milia_cds import Case, assess
from milia_cds.render.markup import Markup, Page
from tests.browser.gallery import PAGES, long_leaflets, page, review, shown

VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "rules": {"color-contrast": {"enabled": False}},
}
# Contrast takes most of the time, and depends on what is computed of an element and of
# the grounds behind it: the first text of each such kind is looked at.
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
ONE_OF_EACH_KIND = """within => {
  const kinds = new Set()
  for (const each of document.querySelectorAll(`${within} *`)) {
    if (![...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
      continue
    const {color, fontSize, fontWeight} = getComputedStyle(each)
    const kind = [each.getAttribute('class'), color, fontSize, fontWeight]
    for (let up = each; up; up = up.parentElement) {
      const {backgroundColor, backgroundImage, opacity} = getComputedStyle(up)
      kind.push(backgroundColor, backgroundImage, opacity)
    }
    if (!kinds.has(kind.join())) each.setAttribute('data-of-its-kind', '')
    kinds.add(kind.join())
  }
}"""
OF_ITS_KIND = {"include": [["[data-of-its-kind]"]]}
EVERY = pytest.mark.parametrize("name", PAGES)
WIDE = "document.documentElement.scrollWidth - innerWidth"
OPEN = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
# A text that leaves its box, a box that meets another, ink that leaves its picture.
CUT_OFF = """() => {
  const found = []
  const over = (inner, outer) => inner.left < outer.left - 1
    || inner.top < outer.top - 1
    || inner.right > outer.right + 1
    || inner.bottom > outer.bottom + 1
  const meet = (one, two) => one.left < two.right && two.left < one.right
    && one.top < two.bottom && two.top < one.bottom
  for (const svg of document.querySelectorAll('svg.milia')) {
    const frame = svg.getBoundingClientRect()
    const boxes = [...svg.querySelectorAll('rect.box')]
    const areas = boxes.map(box => box.getBoundingClientRect())
    boxes.forEach((box, at) => {
      for (const text of box.parentNode.querySelectorAll('text'))
        if (over(text.getBoundingClientRect(), areas[at]))
          found.push('leaves its box: ' + text.textContent)
      for (let next = at + 1; next < areas.length; next++)
        if (meet(areas[at], areas[next]))
          found.push('boxes meet: ' + box.parentNode.textContent.slice(0, 60))
    })
    for (const ink of svg.querySelectorAll('text, rect, path'))
      if (over(ink.getBoundingClientRect(), frame))
        found.push('leaves the picture: ' + (ink.textContent || ink.outerHTML))
  }
  return found
}"""
OVERLAPPING_TEXT = """() => {
  const found = []
  for (const svg of document.querySelectorAll('svg')) {
    const texts = [...svg.querySelectorAll('text')]
    const areas = texts.map(text => text.getBoundingClientRect())
    areas.forEach((one, at) => areas.slice(at + 1).forEach((two, next) => {
      if (one.left < two.right - 1 && two.left < one.right - 1
          && one.top < two.bottom - 3 && two.top < one.bottom - 3)
        found.push(texts[at].textContent + ' / ' + texts[at + 1 + next].textContent)
    }))
  }
  return found
}"""


@pytest.fixture(params=VIEWS)
def view(browser: Any, request: pytest.FixtureRequest) -> Iterator[tuple[str, Any]]:
    """An empty tab of each view."""
    context = browser.new_context(**VIEWS[request.param])
    yield request.param, context.new_page()
    context.close()


@EVERY
def test_a_page_is_quiet_whole_and_accessible(
    name: str, view: tuple[str, Any], folder: Path
) -> None:
    kind, tab = view
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda asked: said.append(asked.url))
    tab.set_content(page(name))
    tab.screenshot(path=folder / f"{name}_{kind}.png", full_page=True)
    tab.evaluate(OPEN)
    assert said == []
    assert tab.evaluate(WIDE) <= 0, "the page is wider than the window"
    assert tab.evaluate(CUT_OFF) == []
    assert tab.evaluate(OVERLAPPING_TEXT) == []
    # What a page is made of is the same on every ground, and its targets are closest
    # where it is narrow; its colours are those of the ground.
    if kind == "narrow":
        well_made(tab)
    else:
        legible(tab)


def well_made(tab: Any) -> None:
    found = Axe().run(tab, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


def legible(tab: Any, within: str = "body") -> None:
    tab.evaluate(ONE_OF_EACH_KIND, within)
    found = Axe().run(tab, context=OF_ITS_KIND, options=CONTRAST)
    assert found.violations_count == 0, found.generate_report()


def test_a_text_that_is_hard_to_read_would_be_seen(browser: Any) -> None:
    tab = browser.new_page()
    tab.set_content(
        "<html lang='en'><title>x</title><main><h1>One</h1><p>clear</p><p>clear</p>"
        "<p style='color: #ddd'>pale</p></main></html>"
    )
    with pytest.raises(AssertionError, match="color-contrast"):
        legible(tab)
    tab.close()


@EVERY
def test_print_opens_what_is_folded(name: str, browser: Any, folder: Path) -> None:
    tab = browser.new_page()
    tab.set_content(page(name))
    folded = [text for text in tab.locator("details").all_text_contents() if text]
    path = folder / f"{name}.pdf"
    tab.pdf(path=path, format="A4", prefer_css_page_size=True)
    tab.close()
    printed = pypdfium2.PdfDocument(path)
    text = "".join(each.get_textpage().get_text_range() for each in printed)
    words = "".join(text.split())
    for fold in folded:
        end = "".join(fold.split())[-12:]
        assert end in words, f"not printed: {fold[-60:]}"
    for number, sheet in enumerate(printed, start=1):
        if number <= 2:
            sheet.render(scale=1.4).to_pil().save(folder / f"{name}_p{number}.png")


def test_the_review_pack_prints_on_at_most_30_pages(browser: Any, folder: Path) -> None:
    tab = browser.new_page()
    tab.set_content(review())
    path = folder / "review_pack.pdf"
    tab.pdf(path=path, prefer_css_page_size=True)
    tab.close()
    printed = pypdfium2.PdfDocument(path)
    for number in (1, 2, 3, 10):
        picture = printed[number - 1].render(scale=1.4).to_pil()
        picture.save(folder / f"review_pack_p{number}.png")
    first, matrix = (printed[n].get_textpage().get_text_range() for n in (0, 1))
    assert "two sittings are better" in first
    assert "F first line" in matrix, "the matrix is on one page with its key"
    assert len(printed) <= 30


def test_the_longest_leaflets_and_a_letter_fit_their_pages(
    browser: Any, folder: Path
) -> None:
    leaflets = {**long_leaflets(), "referred": page("leaflet_referred")}
    assert {name: n for name, n in _printed(browser, folder, leaflets) if n > 2} == {}
    letters = {name: page(name) for name in ("letter", "letter_open")}
    assert {name: n for name, n in _printed(browser, folder, letters) if n > 1} == {}


def _printed(
    browser: Any, folder: Path, pages: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """How many pages of A4 each takes."""
    for name, each in pages.items():
        tab = browser.new_page()
        tab.set_content(each)
        path = folder / f"long_{name}.pdf"
        tab.pdf(path=path, format="A4", prefer_css_page_size=True)
        tab.close()
        yield name, len(pypdfium2.PdfDocument(path))


def test_the_review_pack_is_whole_and_accessible(browser: Any, folder: Path) -> None:
    tab = browser.new_page(viewport={"width": 320, "height": 640})
    tab.set_content(review())
    assert tab.evaluate(WIDE) <= 0, "the page is wider than the window"
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.screenshot(path=folder / "review_pack.png")
    well_made(tab)
    legible(tab)
    tab.close()


@pytest.mark.parametrize(
    ("theme", "ground"), [("true", "rgb(255, 255, 255)"), ("false", "rgb(21, 25, 30)")]
)
@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_card_follows_the_notebook_and_not_the_system(
    browser: Any, theme: str, ground: str, system: str
) -> None:
    tab = browser.new_page(color_scheme=system)
    card = shown(assess(Case())).body
    tab.set_content(f'<body data-jp-theme-light="{theme}">{card}</body>')
    said = "getComputedStyle(document.querySelector('.milia')).backgroundColor"
    assert tab.evaluate(said) == ground
    tab.close()


def test_cards_can_stand_side_by_side(browser: Any) -> None:
    card = shown(assess(Case())).body
    tab = browser.new_page()
    tab.set_content(Page("two", "", Markup(card + card)))
    assert tab.evaluate("document.querySelectorAll('[id]').length") == 0
    tab.close()


def test_a_page_that_is_cut_off_would_be_seen(browser: Any) -> None:
    tab = browser.new_page()
    tab.set_content(
        '<svg class="milia" width="100" height="40"><g><rect class="box" width="30" '
        'height="20"/><text x="5" y="15">far too long</text></g></svg>'
    )
    assert tab.evaluate(CUT_OFF) == ["leaves its box: far too long"]
    tab.close()
