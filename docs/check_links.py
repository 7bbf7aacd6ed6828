"""Check the built site: every link inside it leads to a page and a place that is there.

`python docs/check_links.py build/docs`. Links to other sites are not followed: the
build needs no network. A page that asks another site for a script, a style, a font or
a picture is a problem too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LINKS = {"a": "href", "img": "src", "link": "href", "script": "src", "object": "data"}


class Page(HTMLParser):
    """What a page links to, what it loads, and the places in it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an id, a link, or something to load."""
        given = dict(attrs)
        for key in ("id", "name"):
            if given.get(key):
                self.places.add(str(given[key]))
        address = given.get(LINKS.get(tag, ""))
        if address:
            (self.links if tag == "a" else self.loads).append(address)


def read(folder: Path) -> dict[Path, Page]:
    """Read every page of a site."""
    pages = {}
    for path in sorted(folder.rglob("*.html")):
        pages[path.resolve()] = page = Page()
        page.feed(path.read_text(encoding="utf-8"))
    return pages


def problems(pages: Mapping[Path, Page]) -> Iterator[tuple[Path, str]]:
    """Every address that leads nowhere, and what is loaded from elsewhere."""
    for path, page in pages.items():
        for address in page.loads:
            if urlsplit(address).netloc:
                yield path, f"loads {address}"
        for address in dict.fromkeys([*page.links, *page.loads]):
            if not urlsplit(address).scheme and not leads(path, address, pages):
                yield path, f"links {address}"


def leads(path: Path, address: str, pages: Mapping[Path, Page]) -> bool:
    """Whether an address on a page leads to something."""
    parts = urlsplit(address)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target not in pages:
        return target.is_file()
    place = unquote(parts.fragment)
    # A place with "=" in it is a state of a page, such as a case that it opens with.
    return place in {"", "top"} or "=" in place or place in pages[target].places


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every problem; give the exit code."""
    (folder,) = sys.argv[1:] if arguments is None else arguments
    pages = read(Path(folder))
    found = list(problems(pages))
    for path, said in found:
        print(f"{path}: {said}", file=sys.stderr)
    links = sum(len(page.links) for page in pages.values())
    print(f"{len(pages)} pages, {links} links, {len(found)} of them broken")
    return int(bool(found) or not pages)


if __name__ == "__main__":
    raise SystemExit(main())
