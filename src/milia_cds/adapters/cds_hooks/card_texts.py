"""Texts as clients draw them: GitHub-flavoured Markdown, and plain lines.

Some clients hand HTML in Markdown on to the browser, so no text has any: `<`, `>` and
`&` are written as entities, which is safe where backslashes are not understood too.
"""

from __future__ import annotations

import re

from milia_cds.adapters.cds_hooks.card_rules import HTML, LONGEST
from milia_cds.errors import visible

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARKS = str.maketrans(_ENTITIES | {sign: f"\\{sign}" for sign in "\\`*_[]#|~!$@"})
_WEB = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")
_LIST = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
_MORE = " ..."


def markdown(text: str) -> str:
    r"""A text in one line of Markdown, in which nothing of it is a mark or a link.

    Examples
    --------
    >>> print(markdown("*a* <b> www.example.org"))
    \*a\* &lt;b&gt; www&#46;example.org
    """
    plain = _WEB.sub(_unlinked, one_line(text).translate(_MARKS))
    return _LIST.sub(_unlisted, plain)


def _unlinked(found: re.Match[str]) -> str:
    scheme, colon, www, _ = found.groups()
    return f"{scheme}&#58;" if colon else f"{www}&#46;"


def _unlisted(found: re.Match[str]) -> str:
    number, end, sign = found.groups()
    return f"{number}\\{end}" if number else f"\\{sign}"


def one_line(text: str) -> str:
    """A text in one line, in which nothing stands that nobody would see."""
    return visible(" ".join(text.split()))


def label(text: str) -> str:
    """A plain text in one line that no client could take for HTML."""
    return HTML.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", one_line(text))


def summary(text: str, most: int = LONGEST) -> str:
    """A label in the room of a summary: cut between words, never inside one.

    Examples
    --------
    >>> summary("one two three", 11)
    'one two ...'
    >>> summary("indivisible", 8)
    '...'
    """
    said = label(text)
    if len(said) <= most:
        return said
    room = said[: most - len(_MORE) + 1]
    return f"{room.rpartition(' ')[0].rstrip(' ,;:')}{_MORE}".strip()


def points(lines: list[str]) -> str:
    """Lines of Markdown as a list."""
    return "\n".join(f"* {each}" for each in lines)


def titled(heading: str, lines: list[str]) -> str:
    """A heading, and lines of Markdown below it."""
    return f"**{markdown(heading)}**\n\n{points(lines)}"
