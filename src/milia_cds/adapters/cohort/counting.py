"""Counts over decisions on many cases, batch by batch, whatever their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from milia_cds.adapters.cohort.batches import Batch
from milia_cds.adapters.cohort.cells import plain_array
from milia_cds.adapters.cohort.writing import ASK, CERTAIN

MOST_NAMED = 20
"""The most rows of what is worth recording."""
_SPACE = pa.scalar(" ", pa.large_string())


class Missing(NamedTuple):
    """A fact whose recording frees patients; or several that only together free any.

    Parameters
    ----------
    facts
        The names.
    lacking
        In how many patients one of them is among what withholds an option.
    frees
        For how many patients, at least one, nothing is lacking any more once these and
        those before them in the list are recorded.
    """

    facts: tuple[str, ...]
    lacking: int
    frees: int


class Counts:
    """Counts of decisions."""

    def __init__(self) -> None:
        self.cases = 0
        self.refused = 0
        self.urgency: Counter[str] = Counter()
        self.actions: Counter[str] = Counter()
        self.to: Counter[tuple[str, str]] = Counter()
        self.first: Counter[tuple[str, ...]] = Counter()
        self.certain: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.verdicts: dict[str, Counter[str]] = {}
        self.facts: list[str] = []
        self._lacking: Counter[bytes] = Counter()

    def add(self, batch: Batch) -> None:
        """Count a batch of results, as `decide_batch` gives it."""
        answered = batch.filter(pc.invert(batch.column("refused")))
        self.cases += batch.num_rows
        self.refused += batch.num_rows - answered.num_rows
        if not answered.num_rows:
            return
        self.urgency += tally_of(answered.column("urgency"))
        settled = parts_of(answered.column("disposition"))
        self.actions += tally_of(settled["action"])
        both = pc.binary_join_element_wise(
            texts(settled["to"]), texts(settled["urgency"]), _SPACE
        )
        for name, count in tally_of(both).items():
            to, _, urgency = name.rpartition(" ")
            self.to[to, urgency] += count
        for name, count in tally_of(as_texts(answered.column("first"))).items():
            self.first[tuple(filter(None, name.split(" ")))] += count
        for name, raised in parts_of(answered.column("alerts")).items():
            found = tally_of(raised)
            self.certain[name] += found[CERTAIN]
            self.asked[name] += found[ASK]
        for name, verdicts in parts_of(answered.column("verdict")).items():
            self.verdicts.setdefault(name, Counter()).update(tally_of(verdicts))
        self._count_lacking(answered.column("lacking"))

    def _count_lacking(self, lacking: Any) -> None:
        """Count each set of facts that some patients lack."""
        planes = {
            f"{section}.{fact}": flags
            for section, facts in parts_of(lacking).items()
            for fact, flags in parts_of(facts).items()
        }
        self.facts = [*planes]
        flags = [each.to_numpy(zero_copy_only=False) for each in planes.values()]
        rows = np.packbits(np.array(flags, bool).T, axis=1, bitorder="little")
        kind = pa.binary(rows.shape[1])
        buffers = [None, pa.py_buffer(np.ascontiguousarray(rows))]
        self._lacking += tally_of(pa.Array.from_buffers(kind, len(rows), buffers))

    @property
    def lacking(self) -> int:
        """In how many patients something is lacking."""
        nothing = bytes((len(self.facts) + 7) // 8)
        return self._lacking.total() - self._lacking[nothing]

    def worth_recording(self) -> list[Missing]:
        """The facts whose recording would free most patients, the best next one first.

        It is chosen by how many patients lack nothing else any more. Where no single
        fact frees anybody, it is the fewest that together do.
        """
        if not self._lacking:
            return []
        packed = np.array([np.frombuffer(each, np.uint8) for each in self._lacking])
        sets = np.unpackbits(
            packed, axis=1, count=len(self.facts), bitorder="little"
        ).astype(bool)
        counts = np.array([*self._lacking.values()], np.int64)
        every, found = sets.copy(), list[Missing]()
        while sets.any() and len(found) < MOST_NAMED:
            left = sets.sum(axis=1)
            frees = counts[left == 1] @ sets[left == 1]
            best = np.lexsort((-counts @ sets, -frees))[:1]
            if not frees.any():
                open_ = np.flatnonzero(left)
                fewest = open_[np.lexsort((-counts[open_], left[open_]))[0]]
                best = np.flatnonzero(sets[fewest])
            sets[:, best] = False
            freed = counts[(left > 0) & ~sets.any(axis=1)].sum()
            lacking = counts[every[:, best].any(axis=1)].sum()
            names = tuple(self.facts[each] for each in best)
            found.append(Missing(names, int(lacking), int(freed)))
        return found


def parts_of(array: Any) -> dict[str, Any]:
    """The parts of structs, by name."""
    if not types.is_struct(array.type):
        return {}
    names = [field.name for field in array.type]
    return dict(zip(names, array.flatten(), strict=True))


def texts(array: Any) -> Any:
    """Names as texts, however they are written."""
    array = plain_array(array)
    if types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array.cast(pa.large_string())


def as_texts(lists: Any) -> Any:
    """Lists of names, each as one text."""
    large = lists.cast(pa.large_list(lists.type.value_type))
    names = pa.LargeListArray.from_arrays(large.offsets, texts(large.values))
    return pc.binary_join(names, _SPACE)


def tally_of(array: Any) -> Counter[Any]:
    """How often each value stands in an array, nulls left out."""
    found: Counter[Any] = Counter()
    for each in plain_array(array).value_counts().to_pylist():
        if each["values"] is not None:
            found[each["values"]] += each["counts"]
    return found


def cases_said(count: int, refused: int = 0) -> str:
    """A number of cases in words, and how many of them could not be decided."""
    said = "1 case" if count == 1 else f"{count} cases"
    return f"{said}, of which {refused} could not be decided" if refused else said


def most(counts: Mapping[Any, int]) -> Iterable[tuple[Any, int]]:
    """Names with how often, the most frequent first; those of none left out."""
    order = sorted(counts.items(), key=lambda each: (-each[1], str(each[0])))
    return [each for each in order if each[1]]
