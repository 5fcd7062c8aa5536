"""The text of one field to a value: numbers, durations, dates, units; None for what cannot be read.

Files come from many phones: spaces may be any of Unicode's, decimals may have a comma, months be in seven languages.
"""

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from reptrail.training.rules import SetLoad, WeightUnit
from reptrail.transfer.formats.parsed import DistanceUnit

METRES_PER: Final = {
    DistanceUnit.M: Decimal(1),
    DistanceUnit.KM: Decimal(1000),
    DistanceUnit.MI: Decimal("1609.344"),  # the international mile, exact by definition
}

# Every space of Unicode to a plain one (phones write U+202F before AM), invisible marks to nothing.
_SPACES: Final = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_MARKS: Final = dict.fromkeys((0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF))
_PLAIN: Final = {**_SPACES, **_MARKS, 0x2212: "-"}  # and the typographic minus

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,9}(?:[.,][0-9]{0,20})?|[.,][0-9]{1,20})")
_CLOCK: Final = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,4}):([0-5]?[0-9])")
_DURATION: Final = re.compile(
    r"(?:(?P<h>[0-9]{1,5}) ?(?:h|hrs?|hours?|std)\.?)? ?"
    r"(?:(?P<m>[0-9]{1,6}) ?(?:m|mins?|minutes?)\.?)? ?"
    r"(?:(?P<s>[0-9]{1,7}) ?(?:s|secs?|seconds?|sek)\.?)?"
)
_GUARD: Final = re.compile(r"'(?=[=+\-@\t])")
_LOAD_MODE: Final = re.compile(r"\((assisted|weighted|bodyweight)\b", re.IGNORECASE)
_LOADS: Final = {"assisted": SetLoad.ASSISTED, "weighted": SetLoad.ADDED, "bodyweight": SetLoad.BODYWEIGHT}

_WEIGHT_UNITS: Final = {
    "kg": WeightUnit.KG, "kgs": WeightUnit.KG, "kilograms": WeightUnit.KG,
    "lb": WeightUnit.LB, "lbs": WeightUnit.LB, "pounds": WeightUnit.LB,
}  # fmt: skip
_DISTANCE_UNITS: Final = {
    "m": DistanceUnit.M, "meter": DistanceUnit.M, "meters": DistanceUnit.M, "metres": DistanceUnit.M,
    "km": DistanceUnit.KM, "kilometers": DistanceUnit.KM, "kilometres": DistanceUnit.KM,
    "mi": DistanceUnit.MI, "mile": DistanceUnit.MI, "miles": DistanceUnit.MI,
}  # fmt: skip

# Stems of the month names in English, German, French, Spanish, Portuguese, Dutch and Italian, accents stripped. A word
# belongs to the longest stem it begins with; "jui" alone is no month in French, so juin and juil carry four letters.
_MONTH_STEMS: Final = (
    "jan ene gen",
    "feb fev",
    "mar mrz mrt maart maer",
    "apr abr avr",
    "may mai mei mag",
    "jun juin giu",
    "jul juil lug",
    "aug aou ago",
    "sep set",
    "oct okt ott out",
    "nov",
    "dec dez dic",
)
_MONTHS: Final = {stem: month for month, stems in enumerate(_MONTH_STEMS, start=1) for stem in stems.split()}
_LONGEST_STEM: Final = max(map(len, _MONTHS))

_TIME: Final = (
    r"(?:[ ,T]*(?:(?:at|um|om|[aàá]s?|alle(?: ore)?|de) )?"
    r"(?P<hour>[0-9]{1,2})(?::| ?h ?)(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?: ?(?P<half>[ap])\.? ?m\.?)?(?: uhr)?)?"
)
_DATES: Final = tuple(
    re.compile(shape + _TIME, re.IGNORECASE)
    for shape in (
        r"(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})",
        r"(?P<day>[0-9]{1,2})\.? ?(?:de )?(?P<word>[^\W\d_]{3,12})\.?,? ?(?:de )?(?P<year>[0-9]{4})",
        r"(?P<word>[^\W\d_]{3,12})\.? (?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})",
        r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})",
    )
)
_HOURS_OF_HALF_DAY = 12


def plain(text: str) -> str:
    """The text with plain spaces, without invisible marks, stripped: fit for parsing, not for keeping."""
    return text.strip() if text.isascii() else text.translate(_PLAIN).strip()


@lru_cache(maxsize=1024)
def header_key(title: str) -> str:
    """A column title for comparing: casefolded, composed, every run of anything but letters and digits one space."""
    folded = unicodedata.normalize("NFC", title).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def unguard(text: str) -> str:
    """Undo the apostrophe that our own export puts before `= + - @` against spreadsheet formulas."""
    return text[1:] if _GUARD.match(text) else text


@lru_cache(maxsize=4096)  # a log repeats the same few numbers
def parse_decimal(text: str) -> Decimal | None:
    """An exact decimal with dot or comma; a comma is never a thousands separator, for no app writes one.

    NaN, Infinity, exponents and anything longer than 9 digits before or 20 after the point are None.
    """
    text = unguard(plain(text))
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=1024)
def parse_duration_seconds(text: str) -> Decimal | None:
    """Seconds from `1h 23m`, `45s`, `01:23:45`, `23:45` (minutes and seconds) or a bare number of seconds."""
    text = plain(text).casefold()
    number = parse_decimal(text)
    if number is not None:
        return number
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return Decimal(hours * 3600 + minutes * 60 + seconds)
    words = _DURATION.fullmatch(text)
    if not text or not words:
        return None
    return Decimal(int(words["h"] or 0) * 3600 + int(words["m"] or 0) * 60 + int(words["s"] or 0))


@lru_cache(maxsize=4096)  # the rows of one session repeat its times
def parse_local_datetime(text: str) -> datetime | None:
    """A wall-clock time without zone; midnight where the text has no time.

    ISO, `20 Apr 2025, 11:19`, `Mar 2, 2026, 7:26 PM`, `05.06.2026, 07:30` and their like in the languages of
    `parse_month`. None also for `05/06/2026`, of which nobody can tell the month, and for a time with a zone.
    """
    text = plain(text)
    for shape in _DATES:
        found = shape.fullmatch(text)
        if found:
            return _datetime_of(found.groupdict())
    return None


def _datetime_of(parts: dict[str, str | None]) -> datetime | None:
    month = parse_month(parts["word"] or "") if "word" in parts else int(parts["month"] or 0)
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").casefold()
    if half and not 1 <= hour <= _HOURS_OF_HALF_DAY:
        return None
    if half:
        hour = hour % _HOURS_OF_HALF_DAY + (_HOURS_OF_HALF_DAY if half == "p" else 0)
    try:
        return datetime(  # noqa: DTZ001 - the file's own wall clock; the importer adds the zone
            int(parts["year"] or 0), month or 0, int(parts["day"] or 0),
            hour, int(parts["minute"] or 0), int(parts["second"] or 0),
        )  # fmt: skip
    except ValueError:
        return None


def parse_month(word: str) -> int | None:
    """The month (1 to 12) of a name in English, German, French, Spanish, Portuguese, Dutch or Italian, or its start."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if c.isalpha())
    for length in range(min(_LONGEST_STEM, len(bare)), 2, -1):
        month = _MONTHS.get(bare[:length])
        if month:
            return month
    return None


def parse_weight_unit(text: str) -> WeightUnit | None:
    """The unit of `kg`, `lbs` and their like."""
    return _WEIGHT_UNITS.get(header_key(text))


def parse_distance_unit(text: str) -> DistanceUnit | None:
    """The unit of `km`, `m`, `mi.` (Strong writes the dot), `miles` and their like."""
    return _DISTANCE_UNITS.get(header_key(text))


def load_hint(exercise_name: str) -> SetLoad | None:
    """What an exercise's name says of its weight: `(Assisted)`, `(Weighted)`, `(Bodyweight)`; None if nothing."""
    found = _LOAD_MODE.search(exercise_name)
    return _LOADS[found[1].casefold()] if found else None
