"""Sentences that are data as well: each has a code, and the values it was made with, so that the app can say it in any language.

A feature has its sentences in a table of codes and English texts with `{names}` in them (`Phrases`). Either it makes a sentence
from its code (`say`), and the sentence remembers; or, where two hundred places raise refusals in plain words, the code is found
from the words (`find`), which costs something only where something was refused. tests/gates/test_words.py finds a sentence
without a code, and a code without words in the app's catalogue. Pure, no I/O, no clock.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

_NAME = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,6})?")
# Never numbers, though they may look like some: years, and what somebody called something.
_TEXTS = frozenset({"year", "first", "last", "name", "text"})
_HUNDREDTH = Decimal("0.01")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Said(msgspec.Struct, frozen=True):
    """A sentence as data: its code, and what stands in it by name.

    A value is a number or a text, or an object: `{"weight", "unit"}` a weight, `{"day"}` a day, ISO 8601, which is said without its
    year where `{"year"}` is false, `{"list"}` several of these, `{"code", "values"}` a sentence within this one.
    """

    code: str
    values: dict[str, Any]


class Sentence(str):
    """A text that knows how it was said."""

    __slots__ = ("said",)
    said: Said


class Weight(msgspec.Struct, frozen=True):
    """A weight with its unit, as it is to be said."""

    weight: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{number(self.weight)} {self.unit}"


class SaidDay(msgspec.Struct, frozen=True):
    """A day; `year`: whether the year is to be said too."""

    day: date
    year: bool

    def __str__(self) -> str:
        return f"{self.day.day} {MONTHS[self.day.month - 1]}" + (f" {self.day.year}" if self.year else "")


class Listed(msgspec.Struct, frozen=True):
    """Several things, one after the other."""

    items: list[Any]

    def __str__(self) -> str:
        return ", ".join(map(str, self.items))


Value = str | int | float | Decimal | Weight | SaidDay | Listed


def number(value: Decimal) -> str:
    """A number with two digits after the point at most, and no zeros at the end."""
    return f"{value.quantize(_HUNDREDTH).normalize():f}"


class Phrases:
    """A table of sentences: code to English text."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)
        self._exact = {text: code for code, text in self.texts.items() if not _NAME.search(text)}
        open_ones = sorted((item for item in self.texts.items() if item[1] not in self._exact), key=lambda item: -_fixed(item[1]))
        self._open = [(code, _NAME.split(text)) for code, text in open_ones]

    def say(self, code: str, **values: Value) -> Sentence:
        """The sentence of a code."""
        sentence = Sentence(self.texts[code].format_map({name: _english(value) for name, value in values.items()}))
        sentence.said = Said(code, {name: _data(value) for name, value in values.items()})
        return sentence

    def find(self, text: str) -> Said | None:
        """How a sentence was said; None for one that is not of this table, such as what the database itself says."""
        if text in self._exact:
            return Said(self._exact[text], {})
        for code, parts in self._open:
            found = _values(parts, text)
            if found is not None:
                return Said(code, {name: value if name in _TEXTS else _read(value) for name, value in found.items()})
        return None


def _fixed(text: str) -> int:
    return len(_NAME.sub("", text))


def _values(parts: Sequence[str], text: str) -> dict[str, str] | None:
    """What stands in a text between the fixed parts of a sentence, by name; None if it is another sentence.

    Each part is looked for once, from the left: a text may hold megabytes of a client's own. (Rejected: a regular expression,
    which tries again from every place where a part is found.)
    """
    first, last = parts[0], parts[-1]
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return None
    found, at, end = [], len(first), len(text) - len(last)
    for part in parts[2:-1:2]:
        place = text.find(part, at, end)
        if place < 0:
            return None
        found.append(text[at:place])
        at = place + len(part)
    return dict(zip(parts[1::2], [*found, text[at:end]], strict=True))


def _read(value: str) -> str | int | float:
    if not _NUMBER.fullmatch(value):
        return value
    plain = value.replace(",", "")
    return float(plain) if "." in plain else int(plain)


def _english(value: Value) -> str:
    return number(value) if isinstance(value, Decimal) else str(value)


def _data(value: Value) -> Any:
    if isinstance(value, Sentence):
        return {"code": value.said.code, "values": value.said.values}
    if isinstance(value, Weight):
        return {"weight": _plain(value.weight), "unit": value.unit}
    if isinstance(value, SaidDay):
        return {"day": value.day.isoformat(), "year": value.year}
    if isinstance(value, Listed):
        return {"list": [_data(each) for each in value.items]}
    return _plain(value) if isinstance(value, Decimal) else value


def _plain(value: Decimal) -> Decimal:
    """To the hundredth, as it is said; a number without exponent."""
    return Decimal(number(value))
