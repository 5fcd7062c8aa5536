"""Writing an export: table after table through cursors into a ZIP on disk, so that ten years take no more memory than one."""

import asyncio
import csv
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final
from zoneinfo import ZoneInfo

import msgspec

from reptrail import __version__
from reptrail.coaching.consent import consents
from reptrail.db.pool import Transaction
from reptrail.errors import Problem, not_found
from reptrail.export import queries
from reptrail.export.rules import FORMAT, FORMAT_VERSION, README, File, Manifest, slug
from reptrail.programs.sharing import export_program
from reptrail.transfer.formats import own

ROWS_AT_A_TIME: Final = 1000


async def write_export(tx: Transaction, made_at: datetime) -> BinaryIO:
    """The athlete's export, a temporary file that is gone when it is closed.

    `tx` is the athlete's own or the system's on them, one that sees a single moment (`snapshot`).

    Raises:
        Problem: not-found.
    """
    head = await tx.row(queries.HEAD, tx.athlete)
    if head is None:
        raise not_found()
    async with AsyncExitStack() as on_error:
        file: BinaryIO = on_error.enter_context(TemporaryFile())  # noqa: SIM115
        archive = _Archive(file, made_at)
        on_error.callback(archive.close)
        await archive.text("README.txt", README)
        await _tables(tx, archive, ZoneInfo(head["time_zone"]))
        left_out = await _texts(tx, archive)
        await archive.text("manifest.json", _manifest(head, made_at, left_out, archive.files))
        await asyncio.to_thread(archive.close)
        on_error.pop_all()
        return file


async def _tables(tx: Transaction, archive: "_Archive", zone: ZoneInfo) -> None:
    await archive.table(own.SETS_FILE, _set_lines(tx, zone))
    await archive.table(own.MEASUREMENTS_FILE, _measurement_lines(tx))
    for table in queries.TABLES:
        await archive.lines(f"data/{table}.jsonl", _json_lines(tx, queries.rows(table), tx.athlete))
    await archive.lines("ledger/change.jsonl", _json_lines(tx, queries.CHANGES, tx.athlete))
    await archive.lines("catalogue/exercise.jsonl", _json_lines(tx, queries.BUILTIN_EXERCISES))
    await archive.lines("catalogue/metric.jsonl", _json_lines(tx, queries.BUILTIN_METRICS))


async def _texts(tx: Transaction, archive: "_Archive") -> dict[str, str]:
    """Adds the programs and consents; returns what could not be a text, with the reason: its rows are there all the same."""
    left_out = {}
    for number, program in enumerate(await tx.rows(queries.PROGRAMS, tx.athlete), start=1):
        name = f"programs/{number:03}-{slug(program['program_name'])}.toml"
        try:
            await archive.text(name, await export_program(tx, program["id"]))
        except Problem as problem:
            left_out[name] = problem.detail
    given = {row["consent_version"] for row in await tx.rows(queries.CONSENTS, tx.athlete)}
    for consent in consents():
        if consent.consent_version in given:
            await archive.text(f"consents/{consent.consent_version}.md", consent.text)
    return left_out


def _manifest(head: Any, made_at: datetime, left_out: dict[str, str], files: list[File]) -> str:
    manifest = Manifest(
        FORMAT, FORMAT_VERSION, made_at, __version__, head["schema"], str(head["id"]), head["email"], head["display_name"],
        head["time_zone"], head["seq"], head["hash"], {**queries.LEFT_OUT, **left_out}, files,
    )  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2).decode() + "\n"


async def _json_lines(tx: Transaction, sql: str, *args: Any) -> AsyncIterator[str]:
    async for row in tx.each(sql, *args):
        yield row["line"] + "\n"


async def _set_lines(tx: Transaction, zone: ZoneInfo) -> AsyncIterator[str]:
    """The lines of sets.csv, the header first. Times are told as the athlete's clock showed them, with their offset."""
    yield _csv(own.SET_COLUMNS)
    session = performance = None
    number = 0
    async for row in tx.each(queries.SETS, tx.athlete):
        if row["performance_id"] != performance:
            number = number + 1 if row["session_id"] == session else 1
            session, performance = row["session_id"], row["performance_id"]
        times = {column: _local(row[column], zone) for column in ("session_started_at", "session_completed_at")}
        yield _csv(own.set_cells({**row, **times, "exercise_number": number}))


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)


async def _measurement_lines(tx: Transaction) -> AsyncIterator[str]:
    yield _csv(own.MEASUREMENT_COLUMNS)
    async for row in tx.each(queries.MEASUREMENTS, tx.athlete):
        yield _csv(own.measurement_cells({**row}))


def _csv(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


class _Archive:
    """A ZIP that is written a file after the other, each counted and hashed as it goes in."""

    def __init__(self, file: BinaryIO, made_at: datetime) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._date_time = made_at.timetuple()[:6]
        self.files: list[File] = []

    async def text(self, name: str, text: str) -> None:
        """Adds a text."""
        await self._add(name, _once(text), lambda _count: None)

    async def lines(self, name: str, lines: AsyncIterator[str]) -> None:
        """Adds lines that come one after the other."""
        await self._add(name, lines, lambda count: count)

    async def table(self, name: str, lines: AsyncIterator[str]) -> None:
        """Adds lines of which the first is a header."""
        await self._add(name, lines, lambda count: count - 1)

    def close(self) -> None:
        """Writes the ZIP's own list of what is in it."""
        self._zip.close()

    async def _add(self, name: str, lines: AsyncIterator[str], rows: Callable[[int], int | None]) -> None:
        info = zipfile.ZipInfo(name, self._date_time)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        digest, size, count = hashlib.sha256(), 0, 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            async for part in _parts(lines):
                data = "".join(part).encode()
                digest.update(data)
                size, count = size + len(data), count + len(part)
                await asyncio.to_thread(member.write, data)
        self.files.append(File(name, rows(count), size, digest.hexdigest()))


async def _once(text: str) -> AsyncIterator[str]:
    yield text


async def _parts(lines: AsyncIterator[str]) -> AsyncIterator[list[str]]:
    part: list[str] = []
    async for line in lines:
        part.append(line)
        if len(part) == ROWS_AT_A_TIME:
            yield part
            part = []
    if part:
        yield part
