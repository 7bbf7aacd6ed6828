"""Records that show themselves in a notebook, by what an upper layer knows of them.

A record of a low layer knows nothing of rendering. An upper layer says once how records
are shown; a notebook finds it through the two methods that it looks for.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any, Self, TypeAlias


class Face:
    """How a thing is shown; each way is made when it is read.

    Parameters
    ----------
    html, text
        What makes a part of a page, and what makes the complete plain text.
    """

    def __init__(self, html: Callable[[], str], text: Callable[[], str]) -> None:
        self._html = html
        self._text = text

    @property
    def html(self) -> str:
        """The part of a page."""
        return self._html()

    @property
    def text(self) -> str:
        """The complete plain text."""
        return self._text()


Draw: TypeAlias = Callable[[object], Face | None]
_DRAWN_BY: list[Draw] = []


def show_by(draw: Draw) -> None:
    """Let a function say how records are shown.

    Parameters
    ----------
    draw
        Gives the face of one record, or `None` where it can only give its name.
    """
    _DRAWN_BY[:] = [draw]


class Shown:
    """A record that a notebook shows as a card, with nothing extra installed."""

    __slots__ = ()

    def _face(self) -> Face | None:
        return next((draw(self) for draw in _DRAWN_BY), None)

    def _repr_html_(self) -> str | None:
        """The card, as a notebook asks for it."""
        face = self._face()
        return face.html if face else None

    def _repr_mimebundle_(
        self,
        include: Container[str] | None = None,
        exclude: Container[str] | None = None,
    ) -> dict[str, str]:
        """The card and its plain text, as a notebook asks for them."""
        face = self._face()
        if face is None:
            return {"text/plain": repr(self)}
        return {
            kind: face.text if kind == "text/plain" else face.html
            for kind in ("text/plain", "text/html")
            if (include is None or kind in include)
            and (exclude is None or kind not in exclude)
        }


class AtHome(Shown):
    """A record that leads to what it was taken from, in whose words it shows itself.

    This is no field: it is not compared, written or stored, and a copy has lost it.
    """

    __slots__ = ("_home",)

    @property
    def home(self) -> Any:
        """What it was taken from; `None` where that is not known."""
        return getattr(self, "_home", None)

    def at_home(self, home: object) -> Self:
        """The record, which from now on leads there."""
        object.__setattr__(self, "_home", home)  # records are frozen
        return self


class Told(AtHome):
    """A record that is also read as text, by `text()` and by printing it."""

    __slots__ = ()

    def text(self) -> str:
        """The text of at most 80 columns, with its notice and digest."""
        face = self._face()
        return face.text if face else repr(self)

    def __str__(self) -> str:
        """The text."""
        return self.text()
