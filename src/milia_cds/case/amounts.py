"""The numbers that a text holds: with units, ranges, commas, as words or Roman."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_DAY, _YEAR = 1.0, 365.25
_HOURS = "h hr hrs hour hours stunde stunden"
_DAYS = "d day days dy tag tage tagen jour jours día dia días dias dage"
_WEEKS = """
w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane
weken uge uger
"""
_MONTHS = """
mo mos mth mths month months monat monate monaten mois mes meses mese mesi maand maanden
måned måneder
"""
_YEARS = """
y yr yrs year years yo y.o y/o jahr jahre jahren an ans année années año años ano anos
anno anni jaar år
"""
_MICRONS = "µm μm um micron microns micrometre micrometres micrometer"
_MILLIMETRES = "mm millimetre millimetres millimeter millimeters"
_CENTIMETRES = "cm centimetre centimetres centimeter centimeters"
_INCHES = 'in inch inches zoll " ″'
_UNITS: Mapping[str, tuple[str, float]] = {
    word: (dimension, size)
    for dimension, size, words in (
        ("time", _DAY / 24, _HOURS),
        ("time", _DAY, _DAYS),
        ("time", _DAY * 7, _WEEKS),
        ("time", _YEAR / 12, _MONTHS),
        ("time", _YEAR, _YEARS),
        ("length", 0.001, _MICRONS),
        ("length", 1.0, _MILLIMETRES),
        ("length", 10.0, _CENTIMETRES),
        ("length", 25.4, _INCHES),
    )
    for word in words.split()
}
"""The dimension and the size of each unit, in days and in millimetres."""

_COUNTED = (
    "zero null zéro cero",
    "one single ein eine eins un une uno una",
    "two zwei deux dos due",
    "three drei trois tres tre",
    "four vier quatre cuatro quattro",
    "five fünf cinq cinco cinque",
    "six sechs seis sei",
    "seven sieben sept siete sette",
    "eight acht huit ocho otto",
    "nine neun neuf nueve nove",
    "ten zehn dix diez dieci",
    "eleven elf onze once undici",
    "twelve dozen zwölf douze doce dodici",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {
    **{word: n for n, words in enumerate(_COUNTED) for word in words.split()},
    **{word: n * 10 for n, word in enumerate(_TENS, 2)},
    "fifteen": 15,
    "hundred": 100,
}
_WHOLE_TENS = range(20, 100, 10)
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ROMAN = {numeral: number for number, numeral in enumerate(_NUMERALS, 1)}
_ABOUT = re.compile(
    r"^(about|approximately|approx\.?|ca\.?|circa|around|roughly|some|etwa|ungefähr|"
    r"environ|env\.?|unos|cerca de|~|≈|=|:)\s*"
)
_BEYOND = re.compile(
    r"^(<=?|>=?|≤|≥|under|over|below|above|less than|more than|fewer than|at least|at "
    r"most|up to|unter|über|bis|mehr als|weniger als|moins de|plus de)\s*(?=\d)|\+$"
)
_RANGE = re.compile(r"\s*(?:-|\.\.+|\bto\b|\bbis\b|\bà\b|\bor\b|\band\b|\boder\b)\s*")
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([t ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|"
    r"\d{1,2}\.? [^\W\d_]{3,9} \d{4}"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[,.' ]\d{3})+")
_FRACTION = re.compile(r"(\d+) ?/ ?([1-9]\d*)")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:e[+-]?\d{1,2})?")
_TOKEN = re.compile(rf"{_NUMBER.pattern}|[^\W\d_][^\W\d_./]*|\S")
_TURNING_WORDS = "no not more less than few several many every times per"
_TURNING = frozenset(_TURNING_WORDS.split())
"""Words beside a number that make another of it."""
_SIGNS = frozenset("().'")
_SIX_DIGITS = 1e6


class Amount(NamedTuple):
    """A number that a text may mean, and its unit, "" where it names none."""

    number: float
    unit: str = ""


class Amounts(NamedTuple):
    """What a text holds: one number, several that may be meant, or a range of them."""

    found: tuple[Amount, ...] = ()
    is_range: bool = False
    is_bound: bool = False
    is_date: bool = False


def amounts_of(text: str, *, roman: bool = False) -> Amounts:
    """The numbers that a text holds, if they can be told.

    Parameters
    ----------
    text
        What was written.
    roman
        Whether Roman numerals count.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    plain = re.sub("[\u2010-\u2015\u2212]", "-", plain).replace("\u2044", "/")
    if _DATE.fullmatch(plain):
        return Amounts(is_date=True)
    plain = _ABOUT.sub("", plain)
    bare = _BEYOND.sub("", plain)
    if _THOUSANDS.fullmatch(bare):
        return Amounts(tuple(map(Amount, dict.fromkeys(_thousands(bare)))))
    words = re.sub(r"(?<=ty)-(?=[a-z])", " ", bare)
    found = _one(words, roman=roman)
    if found:
        return Amounts((found,), is_bound=bare != plain)
    match [_one(part, roman=roman) for part in _RANGE.split(bare)]:
        case [Amount() as low, Amount() as high]:
            low = Amount(low.number, low.unit or high.unit)
            return Amounts((low, high), is_range=True)
    return Amounts()


def _thousands(text: str) -> Iterator[float]:
    """As a whole, and with a single comma or point read as that of decimals."""
    yield float(re.sub(r"[,.' ]", "", text))
    if len(re.findall(r"[,.]", text)) == 1:
        yield float(text.replace(",", "."))


def _one(text: str, *, roman: bool) -> Amount | None:
    """The one number among the words of a text; units of one dimension add up."""
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        return Amount(int(fraction[1]) / int(fraction[2]))
    found: list[Amount] = []
    for token in _TOKEN.findall(text):
        number = _number(token, roman=roman)
        if number is not None and _goes_on(found, number):
            found[-1] = Amount(found[-1].number + number)
        elif number is not None:
            found.append(Amount(number))
        elif found and not found[-1].unit and _UNITS.get(token):
            found[-1] = Amount(found[-1].number, token)
        elif token in _TURNING or not (token.isalpha() or token in _SIGNS):
            return None
    if len(found) > 1 and all(each.unit for each in found):
        total = (size_in(each, found[0].unit) for each in found)
        sizes = [size for size in total if size is not None]
        return Amount(sum(sizes), found[0].unit) if len(sizes) == len(found) else None
    return found[0] if len(found) == 1 else None


def _goes_on(found: list[Amount], number: float) -> bool:
    """Whether one to nine follows twenty to ninety, as in a number in words."""
    tens = found[-1].number if found and not found[-1].unit else 0
    return tens in _WHOLE_TENS and 0 < number < min(_WHOLE_TENS) / 2


def _number(token: str, *, roman: bool) -> float | None:
    if _NUMBER.fullmatch(token):
        return float(token.replace(",", "."))
    if roman and token in _ROMAN:
        return _ROMAN[token]
    return _WORDS.get(token)


def size_in(amount: Amount, unit: str) -> float | None:
    """An amount in another unit; None where its own is of another dimension.

    Parameters
    ----------
    amount
        The amount; without a unit it is in the other one already.
    unit
        The unit, "" for a count or a grade.
    """
    if not amount.unit or amount.unit == unit:
        return amount.number
    (dimension, size), (other, into) = (
        _UNITS.get(each, ("", 1.0)) for each in (amount.unit, unit)
    )
    return amount.number * size / into if dimension == other else None


def unit_of(word: str) -> str:
    """The word itself where it is a unit, else nothing.

    Parameters
    ----------
    word
        The word, such as the end of a key.
    """
    return word if word in _UNITS else ""


def shown(number: float) -> str:
    """A number as JSON has it, of at most six digits.

    Parameters
    ----------
    number
        The number.
    """
    return repr(number) if abs(number) >= _SIX_DIGITS else f"{number:.6g}"
