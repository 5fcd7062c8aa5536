"""From bytes to records: decoding, the delimiter, and a CSV reader (RFC 4180) that forgives broken quoting.

Python's csv module is not used: without `strict` it ends a quoted field at the first undoubled quote inside it, so
that a note such as `"use "strap<newline>3rd"` tears its record apart; with `strict` it gives up on the whole file.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from reptrail.transfer.formats.fields import header_key
from reptrail.transfer.formats.parsed import Issue

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_ROWS = 50_000
MAX_HEADER_CHARACTERS = 20_000
# A quote that is never closed would swallow the rest of the file. So a record has a largest size, and after so many
# broken ones the reader no longer looks beyond the line: hostile files cost no more than honest ones.
MAX_RECORD_CHARACTERS = 100_000
MAX_BROKEN_RECORDS = 20

_DELIMITERS = ",;\t"
_EXCEL_HINT = re.compile(r"sep=([,;\t])[ ]*\n", re.IGNORECASE)
_CUT_REASONS = ("unexpected end of data", "truncated data")
_QUOTED_PART = re.compile(r'"[^"]*"')


class Refusal(StrEnum):
    """Why a whole file was refused."""

    TOO_LARGE = "file too large"
    TOO_MANY_ROWS = "too many rows"
    NOT_TEXT = "not a text file"
    EMPTY = "empty file"
    UNKNOWN_HEADER = "unknown header"
    OTHER_FORMAT = "other format"
    UNKNOWN_FORMAT = "unknown format"
    WEIGHT_UNIT_NEEDED = "weight unit needed"
    NOT_AN_EXPORT = "not an export"
    MOSTLY_BAD = "more than half of the rows are bad"


class FileRefused(Exception):  # noqa: N818 - it says what happened; the file is refused, the importer did not fail
    """Nothing of the file can be taken.

    Attributes:
        reason: one of `Refusal`, fit to compare with.
        detail: a sentence for the person who chose the file.
        issues: what had been found by then, in the order of the lines; empty unless `reason` is about the rows.
    """

    def __init__(self, reason: Refusal, detail: str, issues: Sequence[Issue] = ()) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.issues = tuple(issues)


class Record(NamedTuple):
    """One record: the physical line where it begins (from 1), its fields unquoted, whether its quotes are broken."""

    line: int
    fields: list[str]
    broken: bool


@dataclass(slots=True)
class Table:
    """A file read as far as its header.

    Attributes:
        text: the whole text with LF line ends and no NUL.
        delimiter: one of comma, semicolon and tab.
        header: the column titles as written.
        header_line: the physical line of the header, from 1.
        body_at: the offset in `text` where the first data record begins.
        body_line: the physical line of that offset.
        issues: warnings about the text as a whole.
    """

    text: str
    delimiter: str
    header: list[str]
    header_line: int
    body_at: int
    body_line: int
    issues: list[Issue] = field(default_factory=list)

    @property
    def header_keys(self) -> list[str]:
        """The column titles normalised: casefolded, everything but letters and digits collapsed."""
        return [header_key(title) for title in self.header]

    def records(self) -> Iterator[Record]:
        """The data records in order, blank ones left out.

        Raises:
            FileRefused: at the record after the first MAX_ROWS.
        """
        reader = _Reader(self.text, self.delimiter)
        found = reader.records(self.body_at, self.body_line, len(self.header))
        for count, record in enumerate(found):
            if count == MAX_ROWS:
                raise FileRefused(Refusal.TOO_MANY_ROWS, f"A file may hold {MAX_ROWS:,} rows; export a shorter time.")
            yield record


def decode(data: bytes, max_bytes: int = MAX_FILE_BYTES) -> tuple[str, list[Issue]]:
    """The text of a file with LF line ends, and warnings about how it had to be read.

    UTF-8 with or without a byte order mark, UTF-16 with one, at last Windows-1252.

    Raises:
        FileRefused: larger than `max_bytes`, or no text in any of these encodings.
    """
    if len(data) > max_bytes:
        raise FileRefused(Refusal.TOO_LARGE, f"A file may be {max_bytes // 1024 // 1024} MB large.")
    text, issues = _decode(data)
    text = _lf(text)
    nuls = text.count("\0")
    if nuls:
        issues.append(Issue(1, "", "", f"{nuls} NUL characters were removed from the file", "warning"))
        text = text.replace("\0", "")
    return text, issues


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> tuple[str, list[Issue]]:
    encoding = _unicode_encoding(data)
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        # Only text that already proved to be UTF-8 by an accent is believed to be a cut one: "caf\xe9" is cp1252.
        if error.end == len(data) and error.reason in _CUT_REASONS and not data[: error.start].isascii():
            return _decode_cut(data[: error.start], encoding)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise FileRefused(Refusal.NOT_TEXT, "The file is neither UTF-8 nor Windows-1252 text.") from error
    return text, [Issue(1, "", "", "the file is not UTF-8; it was read as Windows-1252: check the accents", "warning")]


def _unicode_encoding(data: bytes) -> str:
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"


def _decode_cut(data: bytes, encoding: str) -> tuple[str, list[Issue]]:
    """A file that ends inside a character was cut off on its way; cp1252 would spoil every accent before that."""
    text = data.decode(encoding)
    line = len(text.splitlines())
    return text, [Issue(line, "", "", "the file ends inside a character: it was cut off on its way", "warning")]


def open_table(data: bytes, max_bytes: int = MAX_FILE_BYTES) -> Table:
    """Decode a file and read its header.

    Raises:
        FileRefused: as `decode`; or the file holds nothing but blank lines.
    """
    text, issues = decode(data, max_bytes)
    return _open(text, issues)


def peek_header(head: bytes) -> list[str]:
    """The normalised column titles of a file from its first bytes, which may end anywhere; empty for no text."""
    text = head[:MAX_FILE_BYTES].decode(_unicode_encoding(head), errors="replace").replace("\0", "")
    try:
        return _open(_lf(text), []).header_keys
    except FileRefused:
        return []


def _open(text: str, issues: list[Issue]) -> Table:
    at = len(text) - len(text.lstrip())
    if at == len(text):
        raise FileRefused(Refusal.EMPTY, "The file holds no text.")
    hint = _EXCEL_HINT.match(text, at)
    if hint:
        at = hint.end()
    end = text.find("\n", at)
    header_text = text[at:] if end < 0 else text[at:end]
    if len(header_text) > MAX_HEADER_CHARACTERS:
        raise FileRefused(Refusal.UNKNOWN_HEADER, "The first line is far too long to name the columns.")
    delimiter = hint[1] if hint else delimiter_of(header_text)
    line = text.count("\n", 0, at) + 1
    fields, _, _ = _Reader(header_text, delimiter).one(0)
    body_at = len(text) if end < 0 else end + 1
    return Table(text, delimiter, [title.strip() for title in fields], line, body_at, line + 1, issues)


def delimiter_of(header: str) -> str:
    """Comma, semicolon or tab: the most frequent outside the header's quotes. Notes in the body may hold them all."""
    outside = _QUOTED_PART.sub("", header)
    return max(_DELIMITERS, key=outside.count)


class _Reader:
    """Splits text into records; one regular expression match a field."""

    def __init__(self, text: str, delimiter: str) -> None:
        self.text = text
        self.delimiter = delimiter
        self.pattern = _field_pattern(delimiter, within_line=False)
        self.line_pattern = _field_pattern(delimiter, within_line=True)
        self.blank_lines = re.compile(rf"(?:[ {delimiter}]*+\n)++")

    def records(self, at: int, line: int, width: int) -> Iterator[Record]:
        """The records from offset `at`; one that is wider than the header by more than blanks is broken."""
        broken_records = 0
        while at < len(self.text):
            blank = self.blank_lines.match(self.text, at)
            if blank:
                line += self.text.count("\n", at, blank.end())
                at = blank.end()
                continue
            fields, end, broken = self.one(at)
            if broken or _too_wide(fields, width):
                # The quote that was never closed swallowed later lines: give them back, blame the first line only.
                fields, end, broken = self.line(at)
                broken = broken or _too_wide(fields, width)
                broken_records += 1
                if broken_records == MAX_BROKEN_RECORDS:
                    self.pattern = self.line_pattern
            if any(map(str.strip, fields)):
                yield Record(line, fields, broken)
            line += self.text.count("\n", at, end)
            at = end

    def line(self, at: int) -> tuple[list[str], int, bool]:
        """As `one`, but no field reaches beyond the line, which is not even split where it is far too long."""
        end = self.text.find("\n", at) + 1 or len(self.text)
        if end - at > MAX_RECORD_CHARACTERS:
            return [self.text[at : at + MAX_RECORD_CHARACTERS]], end, True
        return self.one(at, self.line_pattern)

    def one(self, at: int, pattern: re.Pattern[str] | None = None) -> tuple[list[str], int, bool]:
        """The fields of the record at offset `at`, the offset behind its line end, and whether a quote stays open."""
        match = (pattern or self.pattern).match
        limit = min(len(self.text), at + MAX_RECORD_CHARACTERS)
        fields: list[str] = []
        broken = False
        while found := match(self.text, at, limit):
            quoted, bare, delimiter = found.groups()
            if quoted is None:
                fields.append(bare)
                broken = broken or bare.lstrip(" ").startswith('"')
            else:
                fields.append(quoted.replace('""', '"') if '"' in quoted else quoted)
            at = found.end()
            if delimiter is None:
                break
        return fields, at, broken or limit == at < len(self.text)


def _field_pattern(delimiter: str, *, within_line: bool) -> re.Pattern[str]:
    """One field with what ends it: groups are the inside of a quoted field, a bare field, and the delimiter if any.

    A quote inside a quoted field closes it only where a delimiter or a line end follows, so undoubled quotes in notes
    survive. One that comes right behind a delimiter or a line end is no such quote: it opens the next field, so the one
    before was never closed. The repetition is possessive: it never tries a second reading, and so takes linear time on
    any input. A quote that is never closed makes the field a bare one that still begins with the quote.
    """
    other = r'[^"\n]' if within_line else r'[^"]'
    ends = rf"[ ]*(?:{delimiter}|\n|\Z)"
    literal = rf'(?<![{delimiter}\n])"(?!{ends})'
    quoted = rf'[ ]*"((?:{other}++|""|{literal})*+)"[ ]*'
    return re.compile(rf"(?:{quoted}|([^{delimiter}\n]*+))(?:({delimiter})|\n|\Z)")


def _too_wide(fields: list[str], width: int) -> bool:
    """Whether there are more values than columns; blank ones beyond the last column are harmless."""
    return len(fields) > width and any(map(str.strip, fields[width:]))
