"""The one door to the parsers: which format a file is in, by the titles of its columns, and parsing it."""

from typing import Final

from reptrail.training.rules import WeightUnit
from reptrail.transfer.formats import hevy, hevy_measurements, own, strong
from reptrail.transfer.formats.parsed import DistanceUnit, ParsedFile
from reptrail.transfer.formats.reading import FileRefused, Refusal, open_table, peek_header

AUTO: Final = "auto"
# What a person may choose, and the formats that the choice covers: people know their app, not which of its files it is.
CHOICES: Final = {
    strong.SLUG: (strong.SLUG,),
    hevy.SLUG: (hevy.SLUG, hevy_measurements.SLUG),
    hevy_measurements.SLUG: (hevy_measurements.SLUG,),
    own.SLUG: (own.SLUG,),
}
_SHOWN_TITLES = 8


def detect(head: bytes) -> str | None:
    """The slug of the format that a file's first bytes show, or None; the header line must be in them whole."""
    return _format_of(set(peek_header(head)))


def _format_of(header_keys: set[str]) -> str | None:
    if own.is_own(header_keys):
        return own.SLUG
    if header_keys >= hevy.SIGNATURE:
        return hevy.SLUG
    if hevy_measurements.is_measurements(header_keys):
        return hevy_measurements.SLUG
    if any(header_keys >= signature for signature in strong.SIGNATURES):
        return strong.SLUG
    return None


def parse(
    data: bytes,
    *,
    format: str = AUTO,  # noqa: A002 - the word that the command line and the API use
    weight_unit: WeightUnit | None = None,
    distance_unit: DistanceUnit | None = None,
) -> ParsedFile:
    """Parse a whole file of any known format. Pure: no clock, no database, no network.

    Args:
        data: the file, at most `reading.MAX_FILE_BYTES`.
        format: `auto`, or one of CHOICES: `strong` (every generation), `hevy` (both of its files), `hevy-measurements`,
            `reptrail` (the ZIP of our own export, and the two CSV files in it).
        weight_unit: the person's choice, for weights whose unit the file does not state; a stated unit always wins.
        distance_unit: the same for distances.

    Raises:
        FileRefused: nothing of the file can be taken; for any bytes at all this is the only exception.
    """
    if format != AUTO and format not in CHOICES:
        raise FileRefused(Refusal.UNKNOWN_FORMAT, f"There is no format {format!r}; there are {', '.join(CHOICES)}.")
    if data.startswith(own.ZIP_MAGIC):
        _require(own.SLUG, format)
        return own.parse_zip(data)
    table = open_table(data)
    found = _format_of(set(table.header_keys))
    if found is None:
        shown = ", ".join(title[:40] for title in table.header[:_SHOWN_TITLES])
        raise FileRefused(
            Refusal.UNKNOWN_HEADER,
            f"No known export begins with these columns: {shown}. "
            "If it is from Strong, switch the app to English and export again.",
        )
    _require(found, format)
    if found == own.SLUG:
        return own.parse_own(table)
    if found == strong.SLUG:
        return strong.parse_strong(table, weight_unit, distance_unit)
    if found == hevy.SLUG:
        return hevy.parse_hevy(table, weight_unit, distance_unit)
    return hevy_measurements.parse_hevy_measurements(table)


def _require(found: str, chosen: str) -> None:
    if chosen != AUTO and found not in CHOICES[chosen]:
        raise FileRefused(Refusal.OTHER_FORMAT, f"This is a file in the format {found}, not {chosen}.")
