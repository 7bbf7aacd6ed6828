"""The path of one case on one screen: what was asked, where it led, what follows.

A decision whose answer was "no" is folded into a list, unless something was met there
that was not known. What must not be missed, the alerts, stands above and makes the
picture higher.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from milia_cds.explanation.bands import bands
from milia_cds.explanation.outcome import Outcome, TraceStep
from milia_cds.explanation.places import SetAside
from milia_cds.explanation.short_names import named
from milia_cds.explanation.turning import TurningPoint
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate
from milia_cds.knowledge.scenarios import Branch, Decision
from milia_cds.knowledge.wording import Wording
from milia_cds.logic.conditions import Atom, Condition, Not, OneOf
from milia_cds.render.lines import wrapped
from milia_cds.render.markup import Markup, element
from milia_cds.render.phrases import capital, fact_of, rests_on, spaced
from milia_cds.render.picture import Picture
from milia_cds.render.style import PICTURE
from milia_cds.render.svg import SIZE, Drawing, Title, mark, wrap

WIDTH, HEIGHT = 1100, 560
_TITLE = "Which situation is it, and what follows"
_EDGE = 24
_TOP = 60
_LINE = 18
_LEGEND = (
    "Line: the way taken. Folded: answered no, with nothing met that was not known. "
    "Dashed: not known."
)


class PathStep(NamedTuple):
    """A decision on the way.

    Parameters
    ----------
    question, answer
        In a few words; of one that is folded the answer is what it denies.
    known
        Whether it was answered.
    folded
        Whether its answer was no.
    assumed
        Whether it rests on what was screened for.
    """

    question: str
    answer: str
    known: bool
    folded: bool
    assumed: bool


class Group(NamedTuple):
    """Options of one standing: the heading, and a line for each, or lines of names."""

    heading: str
    lines: tuple[str, ...]
    ink: str
    listed: bool


class PathWords:
    """Says the path of a case.

    Parameters
    ----------
    outcome
        What an assessment says; its trace is the walk.
    base
        The knowledge base that gave it.
    turning
        What would change the first place.
    """

    def __init__(
        self, outcome: Outcome, base: Knowledge, turning: Sequence[TurningPoint] = ()
    ) -> None:
        self.outcome = outcome
        self.base = base
        self.turning = turning
        self.words = Wording(base)
        self.assumed = {e.fact for e in outcome.assumptions if e.by == "screening"}
        self.gates = {gate.name: gate for gate in base.gates()}
        self.steps = tuple(self._steps())
        self.folded = tuple(each for each in self.steps if each.folded)
        self.asked = tuple(each for each in self.steps if not each.folded)

    # -- the walk --

    def _steps(self) -> Iterator[PathStep]:
        walked: dict[str, list[TraceStep]] = {}
        for each in self.outcome.trace:
            kind, _, name = each.node.partition(".")
            if kind == "decision":
                walked.setdefault(name.rpartition(".")[0], []).append(each)
        for name, traced in walked.items():
            yield self._step(self.base.decisions[name], traced)

    def _step(self, decision: Decision, traced: Sequence[TraceStep]) -> PathStep:
        taken = [at for at, each in enumerate(traced) if each.truth is not False]
        question = capital(decision.short or decision.ask)
        assumed = any(self.assumed.intersection(each.facts) for each in traced)
        if len(taken) != 1 or traced[taken[0]].truth is None:
            answers = " or ".join(self.answer(decision.branch[at]) for at in taken)
            return PathStep(question, answers, known=False, folded=False, assumed=False)
        branch = decision.branch[taken[0]]
        last = taken[0] == len(traced) - 1
        denies = decision.denies or self.denied(decision)
        if last and denies:
            return PathStep(question, denies, known=True, folded=True, assumed=assumed)
        answer = f"{self.answer(branch)}{self.value(traced[taken[0]], branch)}"
        return PathStep(question, answer, known=True, folded=False, assumed=assumed)

    def denied(self, decision: Decision) -> str:
        """What a question without a short form denies, where it is a yes or no."""
        if decision.short or len(decision.branch) != len(("yes", "no")):
            return ""
        yes, no = decision.branch
        return self.answer(yes) if no.otherwise or _denies(no.condition) else ""

    def answer(self, branch: Branch) -> str:
        """The answer of a branch, in a few words."""
        if branch.short:
            return branch.short
        return (
            "otherwise" if branch.otherwise else self.words.condition(branch.condition)
        )

    def value(self, step: TraceStep, branch: Branch) -> str:
        """The one fact that an answer rests on, where it says more than the answer."""
        if len(step.facts) != 1 or not branch.short or _exact(branch.condition):
            return ""
        [(name, value)] = step.facts.items()
        if value is None or isinstance(value, bool | list):
            return ""
        said = self.member(name, value) if isinstance(value, str) else f"{value:g}"
        return "" if said in branch.short else f" ({said})"

    def member(self, name: str, value: str) -> str:
        """The label of a member without what stands in brackets."""
        label = self.base.facts[name].members.get(value, value)
        return label.partition(" (")[0]

    @property
    def heading(self) -> str:
        """What was folded, in a line."""
        return f"Answered no: {len(self.folded)}, folded"

    @property
    def screened(self) -> str:
        """How many of the folded rest on what was screened for."""
        count = sum(each.assumed for each in self.folded)
        return f"{count} rest{'s' * (count == 1)} on what was screened" if count else ""

    # -- what follows --

    @property
    def situations(self) -> tuple[str, ...]:
        """The situations that are still possible."""
        every = (self.base.scenarios[name] for name in self.outcome.scenarios)
        return tuple(capital(each.short or each.label) for each in every)

    def groups(self) -> Iterator[Group]:
        """The options by standing, those that are offered first."""
        offered: dict[str, list[str]] = {}
        for place in self.outcome.ranking:
            name = named(self.base, [place.option])
            offered.setdefault(place.standing, []).append(f"{place.rank} {name}")
        for standing in ("first_line", "reasonable"):
            if standing in offered:
                lines = tuple(offered[standing])
                yield Group(capital(spaced(standing)), lines, "", listed=True)
        rare = [p.option for p in self.outcome.ranking if p.standing == "limited"]
        if rare:
            heading = f"Rarely needed: {len(rare)}"
            yield Group(heading, (named(self.base, rare),), "quiet", listed=False)
        yield from self.not_offered()

    def not_offered(self) -> Iterator[Group]:
        """The other options, by what became of them."""
        said = self.outcome
        if said.withheld:
            names = named(self.base, [each.option for each in said.withheld])
            heading = f"Withheld for now: {len(said.withheld)}"
            yield Group(heading, (names,), "open", listed=False)
        if said.excluded:
            heading = f"Forbidden here: {len(said.excluded)}"
            yield Group(heading, tuple(self.forbidden()), "bad", listed=False)
        if said.not_indicated:
            names = named(self.base, [each.option for each in said.not_indicated])
            heading = f"No use here: {len(said.not_indicated)}"
            yield Group(heading, (names,), "quiet", listed=False)
        if said.unavailable:
            names = named(self.base, [each.option for each in said.unavailable])
            heading = f"Not offered by this clinic: {len(said.unavailable)}"
            yield Group(heading, (names,), "quiet", listed=False)

    def forbidden(self) -> Iterator[str]:
        """The options that are forbidden, those of one reason together."""
        reasons: dict[str, list[str]] = {}
        for each in self.outcome.excluded:
            reasons.setdefault(self.reason(each), []).append(each.option)
        for reason, options in reasons.items():
            names = named(self.base, options)
            yield f"{names}: {reason}" if reason else names

    def reason(self, aside: SetAside) -> str:
        """Why an option is forbidden, in a few words; empty where there are none."""
        gates: Iterable[Gate] = (
            self.gates[each.rule] for each in aside.because if each.rule in self.gates
        )
        return next((each.short for each in gates if each.short), "")

    @property
    def change(self) -> str:
        """What would change the first place, or what is still to ask."""
        if self.turning:
            return f"What would change the first place: {_row(self.turning)}."
        if self.outcome.questions:
            return f"To ask next: {self.outcome.questions[0].ask}"
        return ""

    def alerts(self) -> Iterator[tuple[bool, str, str]]:
        """The dangers: whether each is certain, its word, and what it says."""
        for band in bands(self.outcome.alerts):
            line = band.line(lambda name, value: fact_of(name, value, self.base))
            yield band.certain, band.mark, line

    # -- all of it in words --

    def text(self) -> str:
        """The same in words, complete."""
        return "\n".join(line for each in self._said() for line in each)

    def _said(self) -> Iterator[list[str]]:
        for _, word, line in self.alerts():
            yield wrapped(f"{word} {line}", "! ", "  ")
        if self.folded:
            names = ", ".join(each.answer for each in self.folded)
            more = f"; {self.screened}" if self.screened else ""
            yield wrapped(f"{self.heading}: {names}{more}.")
        for each in self.asked:
            known = "" if each.known else "not known: "
            yield wrapped(f"{each.question}: {known}{each.answer}", "- ", "  ")
        lead = "Situation" if len(self.situations) == 1 else "Situations still possible"
        yield wrapped(f"{lead}: {'; '.join(self.situations)}.")
        yield wrapped(f"What follows: {self.outcome.disposition.headline}.")
        for group in self.groups():
            yield wrapped(f"{group.heading}: {'; '.join(group.lines)}.", "", "  ")
        if self.change:
            yield wrapped(self.change)


def _denies(condition: Condition) -> bool:
    return isinstance(condition, Not)


def _exact(condition: Condition) -> bool:
    """Whether a condition leaves a choice one member only."""
    match condition:
        case Atom(_, OneOf(members)):
            return len(members) == 1
    return False


def _row(points: Sequence[TurningPoint]) -> str:
    return ", ".join(each.text for each in points)


def path_drawing(words: PathWords) -> Picture:
    """Draw the path of a case.

    Parameters
    ----------
    words
        What is said of it.
    """
    title = Title(
        f"{_TITLE} ({words.base.about.notice})", rests_on(words.outcome.knowledge)
    )
    return Picture.of(_Drawn(words, title).drawing(), words.text())


class _Frame(NamedTuple):
    """Where something stands."""

    x: float
    y: float
    width: float
    height: float


class _Drawn:
    """The picture, from left to right: folded, asked, situation, options."""

    def __init__(self, words: PathWords, title: Title) -> None:
        self.words = words
        self.title = title
        self.parts: list[Markup] = []
        self.ends = self._last_lines()
        self.raised = self._raised()

    def drawing(self) -> Drawing:
        top = _TOP + len(self.raised) * _LINE + (8 if self.raised else 0)
        height = HEIGHT + top - _TOP
        bottom = height - len(self.ends) * _LINE - 34
        self.head()
        left = self.folded(top, bottom)
        at = self.asked(left, top, bottom)
        self.situation(at, top, bottom)
        self.options(top, bottom)
        self.last(height, bottom)
        return Drawing(self.title, self.svg(height), WIDTH, height)

    def svg(self, height: int) -> Markup:
        return element(
            "svg",
            element("title", self.title.text),
            element("desc", " ".join(self.words.text().split())),
            element("style", Markup(PICTURE)),
            self.parts,
            xmlns="http://www.w3.org/2000/svg",
            class_="milia",
            width=str(WIDTH),
            height=str(height),
            viewBox=f"0 0 {WIDTH} {height}",
            role="img",
            aria_label=self.title.text,
        )

    # -- lines above and below --

    def head(self) -> None:
        self.add(_text(_TITLE, _EDGE, 34, "large strong"))
        notice = self.words.base.about.notice
        self.add(_text(notice, WIDTH - _EDGE, 34, "open", anchor="end"))
        for at, (state, line) in enumerate(self.raised):
            y = _TOP + at * _LINE + 4
            if state:
                self.add(mark(state, _EDGE, y - 11) or Markup(""))
            self.add(
                _marked(line, _EDGE + 20, y)
                if state
                else _text(line, _EDGE + 20, y, "")
            )

    def _raised(self) -> list[tuple[Literal["", "danger", "unknown"], str]]:
        """The lines of the alerts; the first of each has its mark."""
        found: list[tuple[Literal["", "danger", "unknown"], str]] = []
        for certain, word, line in self.words.alerts():
            first: Literal["danger", "unknown"] = "danger" if certain else "unknown"
            lines = wrap(f"{word} {line}", WIDTH - 2 * _EDGE - 20, bold=True)
            found += [(first if not at else "", each) for at, each in enumerate(lines)]
        return found

    def _last_lines(self) -> list[tuple[str, str]]:
        """The lines at the foot: what would change, the legend, what it rests on."""
        room = WIDTH - 2 * _EDGE
        change = [(line, "") for line in _cut(wrap(self.words.change, room), 2)]
        rests = [(line, "small quiet") for line in self.title.rests_on]
        return [*change, (_LEGEND, "small quiet"), *rests]

    def last(self, height: float, bottom: float) -> None:
        self.add(_line(f"M{_EDGE} {_px(bottom + 18)}H{WIDTH - _EDGE}", "edge false"))
        start = height - 12 - (len(self.ends) - 1) * _LINE
        for at, (line, ink) in enumerate(self.ends):
            self.add(_text(line, _EDGE, start + at * _LINE, ink))

    # -- from left to right --

    def folded(self, top: float, bottom: float) -> float:
        """The list of what was answered no; gives where the next column begins."""
        if not self.words.folded:
            return _EDGE
        wide = 236 if len(self.words.asked) <= _ONE_COLUMN else 176
        frame = _Frame(_EDGE, top, wide, bottom - top)
        room = wide - 46
        lines = [
            (line, not at)
            for each in self.words.folded
            for at, line in enumerate(wrap(each.answer, room))
        ]
        screened = wrap(self.words.screened, room)
        head = wrap(self.words.heading, wide - 32, bold=True)
        space = frame.height - 30 - (len(head) + len(screened)) * _LINE
        pitch = min(28.0, space / max(len(lines), 1))
        y = top + 28 + (len(head) - 1) * _LINE
        inner = [
            _text(line, frame.x + 16, top + 28 + at * _LINE, "strong")
            for at, line in enumerate(head)
        ]
        for line, first in lines:
            y += pitch
            inner += [_text("\u00b7", frame.x + 16, y, "")] if first else []
            inner.append(_text(line, frame.x + 28, y, ""))
        for at, line in enumerate(reversed(screened)):
            inner.append(
                _text(line, frame.x + 16, bottom - 14 - at * _LINE, "small quiet")
            )
        self.add(element("g", _box(frame, "raised"), inner))
        return frame.x + wide

    def asked(self, left: float, top: float, bottom: float) -> _Frame:
        """The decisions that keep question and answer; gives the last of them."""
        steps = self.words.asked
        right = 548.0
        columns = 1 if len(steps) <= _ONE_COLUMN else 2
        gap = 58.0 if left > _EDGE and columns == 1 else 22.0
        begin = left + gap if left > _EDGE else float(_EDGE)
        wide = (right - begin - (columns - 1) * 16) / columns
        wide = min(wide, 216.0 if columns == 1 and left > _EDGE else 300.0)
        rows = -(-len(steps) // columns) or 1
        pitch = min(69.0, (bottom - top + 10) / rows)
        high = pitch - min(15.0, pitch / 5)
        frames = [
            _Frame(
                begin + at // rows * (wide + 16), top + at % rows * pitch, wide, high
            )
            for at in range(len(steps))
        ]
        if left > _EDGE and frames:
            self.arrow(left, frames[0].y + high / 2, frames[0].x)
        for pair, (one, other) in zip(pairwise(steps), pairwise(frames), strict=True):
            known = all(each.known for each in pair)
            self.add(_joint(one, other, "way" if known else "unknown"))
        for step, frame in zip(steps, frames, strict=True):
            self.add(element("g", *self.step(step, frame)))
        if not frames:
            return _Frame(left - 10, top, 10, 54)
        return frames[-1]

    def step(self, step: PathStep, frame: _Frame) -> Iterator[Markup]:
        yield _box(frame, "way" if step.known else "unknown")
        x, room = frame.x + 12, frame.width - 24
        said = step.answer if step.known else "not known"
        most = 1 if frame.height < _TWO_LINES else 2
        lines = _cut(wrap(said, room, bold=True), most)
        narrow = room * SIZE / _SMALL - (0 if step.known else _MARK)
        question = _cut(wrap(step.question, narrow), most + 1 - len(lines))
        height = (len(lines) + len(question)) * 17
        y = frame.y + (frame.height - height) / 2 + 13
        for line in question:
            yield _text(line, x, y, "small quiet")
            y += 17
        if not step.known:
            yield mark("unknown", frame.x + frame.width - 20, frame.y + 6) or Markup("")
        for line in lines:
            yield _text(line, x, y, "strong")
            y += 17

    def situation(self, last: _Frame, top: float, bottom: float) -> None:
        """Where it led, and what to do."""
        x, wide = 632.0, 180.0
        names = self.words.situations
        shown = [
            line for name in names[:_SITUATIONS] for line in self.listed(name, names)
        ]
        if len(names) > _SITUATIONS:
            shown.append(f"and {len(names) - _SITUATIONS} more")
        high = len(shown) * _LINE + 26
        frame = _Frame(x, min(top + 58, bottom - high), wide, high)
        sent = self.words.outcome.disposition.action == "refer"
        ink = "strong" if len(names) == 1 else ""
        kind = "unknown" if not ink else "danger" if sent else "true"
        texts = [
            _text(line, x + 14, frame.y + 26 + at * _LINE, ink)
            for at, line in enumerate(shown)
        ]
        self.add(element("g", _box(frame, kind), texts))
        middle = frame.y + min(frame.height / 2, 34)
        start = last.y + last.height / 2
        bend = (last.x + last.width + x) / 2
        self.add(
            _line(
                f"M{_px(last.x + last.width)} {_px(start)}H{_px(bend)}V{_px(middle)}"
                f"H{_px(x - 13)}"
            )
        )
        self.add(_head(x, middle))
        self.arrow(x + wide, middle, 860.0)
        follows = _cut(wrap(self.words.outcome.disposition.headline, wide), 4)
        y = frame.y + frame.height + 24
        self.add(_text("What follows", x, y, "small quiet"))
        for at, line in enumerate(follows):
            self.add(_text(line, x, y + (at + 1) * _LINE, "strong"))

    def listed(self, name: str, names: Sequence[str]) -> list[str]:
        return wrap(name, 150, bold=len(names) == 1)

    def options(self, top: float, bottom: float) -> None:
        """The options by standing; names of those set aside go where there is room."""
        y = top + 12
        for heading, lines, ink in _fitted(list(self.words.groups()), bottom - top - 8):
            for line in wrap(heading, _OPTIONS, bold=True):
                self.add(_text(line, 868, y, f"{ink} strong".strip()))
                y += 20
            for line in lines:
                self.add(_text(line, 868, y, "" if ink != "quiet" else "quiet"))
                y += _LINE
            y += 12

    # -- ink --

    def arrow(self, start: float, y: float, end: float) -> None:
        self.add(_line(f"M{_px(start)} {_px(y)}H{_px(end - 13)}"))
        self.add(_head(end, y))

    def add(self, part: Markup) -> None:
        self.parts.append(part)


_ONE_COLUMN = 6
_SMALL = 12
_MARK = 16
_TWO_LINES = 50
"""So high is a box in which an answer may have two lines."""
_SITUATIONS = 7
_OPTIONS = 208.0


def _fitted(groups: list[Group], room: float) -> list[tuple[str, list[str], str]]:
    """The groups with their lines; the longest names give way until all of it fits."""
    laid = [
        (
            each.heading,
            [line for text in each.lines for line in wrap(text, _OPTIONS)],
            each,
        )
        for each in groups
    ]

    def height() -> float:
        heads = sum(
            len(wrap(head, _OPTIONS, bold=True)) * 20 + 12 for head, _, _ in laid
        )
        return heads + sum(len(lines) * _LINE for _, lines, _ in laid)

    while height() > room:
        long = max(laid, key=lambda each: (not each[2].listed) * len(each[1]))
        if not long[1]:
            break
        long[1].pop()
        if long[1]:
            long[1][-1] = f"{long[1][-1].rstrip(',')[:26].rstrip()} \u2026"
    return [(head, lines, group.ink) for head, lines, group in laid]


def _cut(lines: list[str], most: int) -> list[str]:
    """The first lines; an ellipsis says that there is more."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    return [*lines[: most - 1], f"{last[: max(len(last) - 2, 1)].rstrip()} \u2026"]


def _box(frame: _Frame, kind: str) -> Markup:
    return element(
        "rect",
        class_=f"box {kind}",
        x=_px(frame.x),
        y=_px(frame.y),
        width=_px(frame.width),
        height=_px(frame.height),
        rx="6",
    )


def _joint(one: _Frame, other: _Frame, kind: str) -> Markup:
    """A line down to the next box, or over to the first of the next column."""
    if one.x == other.x:
        x = one.x + one.width / 2
        d = f"M{_px(x)} {_px(one.y + one.height)}V{_px(other.y)}"
    else:
        right, half = one.x + one.width, one.height / 2
        d = (
            f"M{_px(right)} {_px(one.y + half)}H{_px((right + other.x) / 2)}"
            f"V{_px(other.y + half)}H{_px(other.x)}"
        )
    return _line(d, f"edge {kind}")


def _line(d: str, kind: str = "edge way") -> Markup:
    return element("path", class_=kind, d=d)


def _head(x: float, y: float) -> Markup:
    return element("path", class_="head way", d=f"M{_px(x)} {_px(y)}l-14 -7v14z")


def _text(
    text: str, x: float, y: float, ink: str, *, anchor: str | None = None
) -> Markup:
    return element(
        "text", text, x=_px(x), y=_px(y), class_=ink or None, text_anchor=anchor
    )


def _marked(line: str, x: float, y: float) -> Markup:
    """A line whose first word stands out."""
    word, _, rest = line.partition(" ")
    strong = element("tspan", word, font_weight="bold")
    return element("text", strong, f" {rest}", x=_px(x), y=_px(y))


def _px(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
