"""What is worked out once and kept, by one thread at a time.

`functools.cache` and `cached_property` may work a thing out twice when two threads want
it at once. That does no harm where the two are equal and nothing else depends on them;
what others build on, such as diagrams whose numbers must agree, is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from threading import RLock
from typing import Any, Generic, Protocol, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def one_of_each(most: int | None) -> Callable[[F], F]:
    """Let a function work out each result once, whichever threads ask for it.

    Parameters
    ----------
    most
        How many results are kept, those last asked for; `None` keeps all.
    """

    def of(function: F) -> F:
        kept = lru_cache(maxsize=most)(function)
        making = RLock()

        @wraps(function)
        def result(*arguments: Hashable) -> Any:
            with making:
                return kept(*arguments)

        return cast("F", result)

    return of


class Making(Protocol):
    """An object with properties that are made once, by one thread at a time."""

    making: Any


class made_once(Generic[T]):  # noqa: N801 - it is written as a decorator
    """A property that is made when it is first read, and then kept.

    All such properties of an object share the lock `making` that it has, so that they
    may use one another. Once made, it is read without the lock.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make
        self.name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, home: Making | None, kind: type | None = None) -> T:
        """The value; where it is not there yet, it is made."""
        if home is None:
            return self  # type: ignore[return-value] # as of any property of a class
        with home.making:
            kept = home.__dict__
            if self.name not in kept:
                kept[self.name] = self.make(home)
            value: T = kept[self.name]
            return value
