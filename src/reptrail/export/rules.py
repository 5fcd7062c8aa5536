"""What an export is made of, as data: pure, no I/O, no clock."""

import re
import unicodedata
from datetime import datetime
from typing import Final

import msgspec

FORMAT: Final = "reptrail-export"
FORMAT_VERSION: Final = 1
README: Final = """\
Everything that Reptrail holds of one athlete.

csv/            for people and spreadsheets: the sets of all sessions done, and all measurements
data/           every row of every table, one JSON object a line, hidden rows too
ledger/         who changed what and when, each change chained to the one before by its hash
catalogue/      the built-in exercises and metrics, so that each id has a name
programs/       your own programs, to be read, edited and shared
consents/       the texts of the consents that you gave to coaches
manifest.json   what is in here: rows, bytes and SHA-256 of each file

docs/export.md of Reptrail describes every file. To bring the history into another account, import this file there
(Settings, Import; or: reptrail import reptrail FILE --user EMAIL).
"""
MAX_SLUG_CHARACTERS: Final = 60


class File(msgspec.Struct, frozen=True):
    """A file of the export. `rows` are lines of JSON or records of CSV without the header, null for a text."""

    name: str
    rows: int | None
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """manifest.json. `ledger_seq` and `ledger_hash` name the newest change in ledger/change.jsonl."""

    format: str
    format_version: int
    made_at: datetime
    reptrail_version: str
    schema: str
    athlete_id: str
    email: str
    display_name: str
    time_zone: str
    ledger_seq: int
    ledger_hash: str
    left_out: dict[str, str]
    files: list[File]


def file_name(made_at: datetime) -> str:
    """What the download is called: nothing of the athlete's, for it stands in browsers' lists and mail."""
    return f"reptrail-export-{made_at:%Y-%m-%d}.zip"


def slug(name: str) -> str:
    """A name as part of a file's name: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG_CHARACTERS] or "program"
