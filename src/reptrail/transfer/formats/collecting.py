"""Columns by name, and the collection of a file's issues: shared by every CSV format."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from reptrail.transfer.formats.fields import unguard
from reptrail.transfer.formats.parsed import Issue, ParsedFile
from reptrail.transfer.formats.reading import FileRefused, Record, Refusal, Table

MAX_ISSUE_VALUE_CHARACTERS = 100
# Every control character but tab and newline; they break terminals, XML and PostgreSQL's text (NUL).
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Column(NamedTuple):
    """What a title means: the parser's own name of the column, and the unit if the title states one."""

    name: str
    unit: str | None = None


class Place(NamedTuple):
    """Where a column stands in a file, from 0."""

    number: int
    title: str
    unit: str | None


class Cell(NamedTuple):
    """One field with the title of its column; `text` is stripped and empty where the file has no such column."""

    title: str
    text: str


class Layout:
    """Which column stands where in one file.

    A column may stand twice if its titles state different units (`weight_kg` and `weight_lbs`); else the first counts.

    Attributes:
        places: for each column name that the file has, where it stands.
        unknown: the titles that mean nothing to the format, or stand a second time, as written.
    """

    def __init__(self, table: Table, columns: Mapping[str, Column]) -> None:
        self.places: dict[str, list[Place]] = {}
        self.unknown: list[str] = []
        for index, (title, key) in enumerate(zip(table.header, table.header_keys, strict=True)):
            column = columns.get(key)
            taken = self.places.setdefault(column.name, []) if column else []
            if column and all(place.unit != column.unit for place in taken):
                taken.append(Place(index, title, column.unit))
            else:
                self.unknown.append(title or f"(column {index + 1} has no title)")

    def has(self, name: str) -> bool:
        """Whether the file has the column at all."""
        return name in self.places

    def cell(self, record: Record, name: str) -> Cell:
        """The record's field in a column; short records end in blanks."""
        places = self.places.get(name)
        return cell_at(record, places[0]) if places else Cell(name, "")


def cell_at(record: Record, place: Place) -> Cell:
    """The record's field at a place."""
    fields = record.fields
    return Cell(place.title, fields[place.number].strip() if place.number < len(fields) else "")


class Collector:
    """Gathers a file's issues, cleans its texts, and refuses it when most of it is wrong.

    Attributes:
        file: what has been parsed so far.
    """

    def __init__(self, format_slug: str, table: Table, unknown_titles: list[str]) -> None:
        self.file = ParsedFile(format=format_slug, issues=list(table.issues))
        self._bad_lines: set[int] = set()
        self._cleaned: dict[str, str] = {}
        self._names: dict[str, str] = {}
        if unknown_titles:
            cell = Cell("", ", ".join(unknown_titles))
            self.warn(table.header_line, cell, f"{len(unknown_titles)} columns are unknown and were left out")

    def count(self, record: Record) -> bool:
        """Count a record in; False, with an error, where its quoting leaves no columns to read."""
        self.file.rows += 1
        if record.broken:
            reason = "broken quoting: a quote is never closed, or there are more values than columns"
            self.error(record.line, Cell("", ",".join(record.fields)), reason)
        return not record.broken

    def error(self, line: int, cell: Cell, reason: str) -> None:
        """The row or the value is left out."""
        self._bad_lines.add(line)
        self.file.issues.append(Issue(line, cell.title, _excerpt(cell.text), reason))

    def warn(self, line: int, cell: Cell, reason: str) -> None:
        """The row is kept; at most this value is not."""
        self.file.issues.append(Issue(line, cell.title, _excerpt(cell.text), reason, "warning"))

    def is_bad(self, line: int) -> bool:
        """Whether an error names the line."""
        return line in self._bad_lines

    def clean(self, line: int, cell: Cell) -> str:
        """A text without formula guard and control characters; the warning comes once for a text that repeats."""
        known = self._cleaned.get(cell.text)
        if known is not None:
            return known
        text, removed = _CONTROLS.subn("", unguard(cell.text))
        if removed:
            self.warn(line, cell, f"{removed} control characters were removed")
        self._cleaned[cell.text] = text.strip()
        return text.strip()

    def clean_name(self, line: int, cell: Cell) -> str:
        """A text as `clean` has it, on one line and with single spaces."""
        name = self._names.get(cell.text)
        if name is None:
            name = self._names[cell.text] = " ".join(self.clean(line, cell).split())
        return name

    def fit(self, line: int, cell: Cell, text: str, limit: int) -> str:
        """The text cut to `limit` characters, with a warning that says how many were left out."""
        if len(text) <= limit:
            return text
        self.warn(line, cell, f"longer than {limit} characters: the last {len(text) - limit} were left out")
        return text[:limit]

    def finish(self) -> ParsedFile:
        """The file, its issues in the order of the lines.

        Raises:
            FileRefused: an error names more than half of the rows; carries the issues.
        """
        self.file.issues.sort(key=lambda issue: issue.line)
        if len(self._bad_lines) * 2 > self.file.rows:
            detail = f"{len(self._bad_lines)} of {self.file.rows} rows cannot be read; is this the right file?"
            raise FileRefused(Refusal.MOSTLY_BAD, detail, self.file.issues)
        return self.file


def _excerpt(text: str) -> str:
    shown = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(shown) <= MAX_ISSUE_VALUE_CHARACTERS:
        return shown
    return shown[: MAX_ISSUE_VALUE_CHARACTERS - 1] + "\N{HORIZONTAL ELLIPSIS}"
