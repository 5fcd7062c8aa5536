"""What can be done with imports, one function a verb: load, decide, store."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, invalid, not_found
from reptrail.http.encoding import encode
from reptrail.http.preconditions import changed
from reptrail.identity.rules import time_zone_error
from reptrail.ids import uuid7
from reptrail.measurements.actions import insert_measurements, refresh_calculated
from reptrail.refusals import REFUSALS
from reptrail.training.rules import SetLoad, WeightUnit
from reptrail.transfer import queries
from reptrail.transfer.formats.detect import AUTO, parse
from reptrail.transfer.formats.parsed import DistanceUnit, Issue, ParsedFile
from reptrail.transfer.formats.reading import FileRefused, Refusal
from reptrail.transfer.plan import KnownSession, Plan, Planner, known_sessions
from reptrail.transfer.rules import (
    MAX_FILE_NAME_CHARACTERS,
    MAX_ISSUES_SHOWN,
    Counts,
    Exercise,
    How,
    Lookup,
    NamedExercise,
    name_key,
    resolve,
)
from reptrail.transfer.words import ISSUES

Progress = Callable[[str, int, int], None]

# Rows of one statement: enough that the round trips cost nothing, few enough to stay far below the statement timeout.
ROWS_PER_STATEMENT: Final = 4000
MAX_COLUMN_CHARACTERS: Final = 100
_POINTERS: Final = {Refusal.WEIGHT_UNIT_NEEDED: "/weight_unit", Refusal.OTHER_FORMAT: "/format", Refusal.UNKNOWN_FORMAT: "/format"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How a file is to be read.

    `time_zone` (IANA) is where its wall clock hung, the athlete's own where None. The units are for values whose unit the
    file does not state. `mappings` says which exercise a name of the file means, before anything else does.
    """

    file_name: str = ""
    format: str = AUTO
    dry_run: bool = False
    time_zone: str | None = None
    weight_unit: WeightUnit | None = None
    distance_unit: DistanceUnit | None = None
    mappings: Mapping[str, UUID] = field(default_factory=dict)


class ImportResult(msgspec.Struct, kw_only=True):
    """An import as it stands, or, where nothing was written (a dry run, nothing new), as it would be: `id` is null then.

    `issues` are the first thousand of `issues_total`.
    """

    id: UUID | None
    import_format: str
    file_name: str
    file_sha256: str
    time_zone: str
    import_status: str | None
    counts: Counts
    exercises: list[NamedExercise]
    issues: list[Issue]
    issues_total: int
    undone_at: datetime | None = None
    created_by: UUID | None = None
    updated_by: UUID | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int | None = None


def _no_progress(_stage: str, _done: int, _total: int) -> None:
    """Nobody is watching."""


async def run_import(tx: Transaction, data: bytes, options: ImportOptions, progress: Progress | None = None) -> ImportResult:
    """Imports a file, all of it in this transaction: what is there already is left alone, only what is new is added.

    A file that holds nothing new writes nothing at all, and so does a dry run.

    Args:
        tx: of the athlete whose file it is, with every training and measurements scope.
        data: the file, as it was exported.
        options: how to read it.
        progress: told, as it goes on, a stage, how much of it is done, and how much there is.

    Raises:
        Problem: import-refused (nothing of the file can be taken; says why, with its issues), body-too-large, invalid
            (no such time zone, a mapping to no exercise).
    """
    report = progress or _no_progress
    wrong_zone = None if options.time_zone is None else time_zone_error(options.time_zone)
    if wrong_zone is not None:
        raise invalid("/time_zone", wrong_zone)
    report("read", 0, 1)
    # Half a second of computing for a big file: in a thread, so that the server answers others meanwhile.
    parsed = await asyncio.to_thread(_parse, data, options)
    report("read", 1, 1)
    time_zone = options.time_zone or await tx.value(queries.TIME_ZONE, tx.athlete)
    lookup, stated = await _lookup(tx, options.mappings)
    known = await _known(tx, parsed)
    resolved = resolve(parsed.sessions, lookup, uuid7)
    plan = await asyncio.to_thread(Planner(parsed, resolved, *known, uuid7).plan, time_zone)
    applies = not options.dry_run and not plan.is_empty
    result = ImportResult(
        id=uuid7() if applies else None,
        import_format=parsed.format,
        file_name=_clean_name(options.file_name),
        file_sha256=hashlib.sha256(data).hexdigest(),
        time_zone=time_zone,
        import_status="APPLIED" if applies else None,
        counts=plan.counts,
        exercises=plan.exercises if applies else [_unmade(exercise) for exercise in plan.exercises],
        issues=_shown(plan.issues),
        issues_total=len(plan.issues),
    )
    if result.id is not None:
        await _apply(tx, result, plan, stated, report)
    return result


def _parse(data: bytes, options: ImportOptions) -> ParsedFile:
    try:
        return parse(data, format=options.format, weight_unit=options.weight_unit, distance_unit=options.distance_unit)
    except FileRefused as refused:
        raise _refusal(refused) from None


def _refusal(refused: FileRefused) -> Problem:
    error = FieldError(_POINTERS.get(refused.reason, "/file"), refused.detail)
    if refused.reason is Refusal.TOO_LARGE:
        return Problem("body-too-large", refused.detail, [error])
    return Problem(
        "import-refused",
        refused.detail,
        [error],
        {"reason": refused.reason, "issues": _shown(refused.issues), "issues_total": len(refused.issues)},
    )


def _unmade(exercise: NamedExercise) -> NamedExercise:
    """What is told of an exercise where nothing is written: one that would be made has no id yet."""
    return msgspec.structs.replace(exercise, exercise_id=None) if exercise.how is How.NEW else exercise


def _shown(issues: Sequence[Issue]) -> list[Issue]:
    """The issues that are stored and answered, each with its code. A column's title is a file's own and may be of any length."""
    return [_told(issue) for issue in issues[:MAX_ISSUES_SHOWN]]


def _told(issue: Issue) -> Issue:
    said = ISSUES.find(issue.reason) or REFUSALS.find(issue.reason)
    code, values = (None, None) if said is None else (said.code, said.values)
    return replace(issue, column=issue.column[:MAX_COLUMN_CHARACTERS], code=code, values=values)


def _clean_name(file_name: str) -> str:
    """A file's name without its folders and without what no terminal should print."""
    shown = "".join(char for char in file_name.replace("\\", "/").rpartition("/")[2] if char.isprintable())
    return shown[:MAX_FILE_NAME_CHARACTERS]


async def _lookup(tx: Transaction, mappings: Mapping[str, UUID]) -> tuple[Lookup, dict[str, UUID]]:
    """What names mean to this athlete, and, of the mappings of this request, those that say something new.

    Raises:
        Problem: invalid, naming each mapping to an exercise that is not there.
    """
    lookup = Lookup({row["match_key"]: _exercise(row) for row in await tx.rows(queries.MAPPINGS, tx.athlete)})
    lookup.add_own((_exercise(row), row["aliases"]) for row in await tx.rows(queries.OWN_EXERCISES, tx.athlete))
    if not mappings:
        return lookup, {}
    wanted = await tx.rows(queries.EXERCISES, tx.athlete, list(set(mappings.values())))
    found = {row["id"]: _exercise(row) for row in wanted}
    wrong = [FieldError("/mappings", f"{name!r}: there is no exercise {id_}") for name, id_ in mappings.items() if id_ not in found]
    if wrong:
        raise Problem("invalid", errors=wrong)
    stated = {}
    for name, exercise_id in mappings.items():
        key = name_key(name)
        if lookup.mapped.get(key) != found[exercise_id]:
            lookup.mapped[key] = found[exercise_id]
            stated[key] = exercise_id
    return lookup, stated


def _exercise(row: asyncpg.Record) -> Exercise:
    return Exercise(row["id"], row["exercise_name"], SetLoad(row["load"]))


async def _known(tx: Transaction, parsed: ParsedFile) -> tuple[dict[str, KnownSession], set[str]]:
    """What of a file is there already: sessions with their sets, and measurements, by their natural keys."""
    undone = [row["id"] for row in await tx.rows(queries.UNDONE, tx.athlete)]
    keys = [measured.key for measured in parsed.measurements]
    measured = await tx.rows(queries.KNOWN_MEASUREMENTS, tx.athlete, keys, undone) if keys else []
    keys = [session.key for session in parsed.sessions]
    sessions = await tx.rows(queries.KNOWN_SESSIONS, tx.athlete, keys, undone) if keys else []
    performances = await tx.rows(queries.KNOWN_PERFORMANCES, tx.athlete, [s["id"] for s in sessions if s["is_active"]])
    sets = await tx.rows(queries.KNOWN_SETS, tx.athlete, [performance["id"] for performance in performances])
    known = await asyncio.to_thread(known_sessions, sessions, performances, sets, frozenset(undone))
    measured_keys = {row["import_key"] for row in measured}
    ids = [row_id for session in parsed.sessions for row_id in session.ids]
    ids += [row_id for each in parsed.measurements for row_id in each.ids]
    there = {row["id"] for row in await tx.rows(queries.OWN_ROWS, tx.athlete, ids, undone)} if ids else set()
    for session in parsed.sessions:
        for row_id in there.intersection(session.ids):
            # Not active: what stands there is left as it is, and nothing is added to it.
            known[session.key] = KnownSession(row_id, row_id, is_active=False)
    return known, measured_keys | {measured.key for measured in parsed.measurements if not there.isdisjoint(measured.ids)}


async def _apply(tx: Transaction, result: ImportResult, plan: Plan, stated: Mapping[str, UUID], report: Progress) -> None:
    """Writes the plan: each table after those it points at."""
    await tx.execute(
        queries.INSERT_IMPORT,
        tx.athlete,
        result.id,
        result.import_format,
        result.file_name,
        result.file_sha256,
        result.time_zone,
        *(encode(part).decode() for part in (result.counts, result.exercises, result.issues)),
    )
    mappings = [(uuid7(), key, exercise_id) for key, exercise_id in stated.items()]
    sessions, performances = plan.sessions, plan.performances
    tables: list[tuple[str, str, Sequence[tuple[Any, ...]]]] = [
        ("exercises", queries.INSERT_EXERCISES, plan.new_exercises),
        ("exercises", queries.INSERT_MAPPINGS, mappings),
        ("sessions", queries.INSERT_WORKOUTS, [(s.workout_id,) for s in sessions]),
        ("sessions", queries.INSERT_REVISIONS, [(s.revision_id, s.workout_id, s.workout_name) for s in sessions]),
        (
            "performances",
            queries.INSERT_INSTRUCTIONS,
            [(p.instruction_id, p.workout_id, p.position, p.exercise_id, p.group_number) for p in performances],
        ),
        ("sessions", queries.INSERT_SESSIONS, [(s.id, s.workout_id, *s[4:]) for s in sessions]),
        (
            "performances",
            queries.INSERT_PERFORMANCES,
            [(p.id, p.session_id, p.instruction_id, p.exercise_id, p.notes, *p.summary) for p in performances],
        ),
        ("sets", queries.INSERT_SETS, plan.sets),
    ]
    for stage, statement, rows in tables:
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            part = rows[start : start + ROWS_PER_STATEMENT]
            await tx.execute(statement, tx.athlete, result.id, *(list(column) for column in zip(*part, strict=True)))
            report(stage, start + len(part), len(rows))
    if plan.grown:
        await tx.execute(queries.SUMMARIZE, tx.athlete, list(plan.grown))
    if plan.measurements:
        await insert_measurements(tx, [replace(measured, import_id=result.id) for measured in plan.measurements])
        await refresh_calculated(tx)
        report("measurements", len(plan.measurements), len(plan.measurements))


async def import_json(tx: Transaction, import_id: UUID) -> tuple[bytes, int]:
    """An import in full, as JSON, and its version.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(queries.IMPORT, tx.athlete, import_id)
    if row is None:
        raise not_found()
    return row["row_to_json"].encode(), row["version"]


async def undo_import(tx: Transaction, import_id: UUID, if_match: int | None = None) -> None:
    """Takes back all that an import brought, and what hangs on it, as one act; the import itself stays on record.

    Sessions that an earlier import made keep what they had, their summaries brought up to date. A private exercise that
    the import made stays while something else uses it. The rows are hidden, not removed: the ledger can restore them.

    Raises:
        Problem: not-found, precondition-failed, already-undone.
    """
    document, version = await import_json(tx, import_id)
    if if_match is not None and version != if_match:
        raise changed(document)
    if await tx.execute(queries.UNDO_IMPORT, tx.athlete, import_id, clock.now()) == 0:
        raise Problem("already-undone")
    shrunk = await _hide_sessions(tx, import_id)
    if shrunk:
        await tx.execute(queries.SUMMARIZE, tx.athlete, list(shrunk))
    if await tx.execute(queries.HIDE_MEASUREMENTS, tx.athlete, import_id):
        await refresh_calculated(tx)
    await tx.execute(queries.HIDE_MAPPINGS, tx.athlete, import_id)
    await tx.execute(queries.HIDE_EXERCISES, tx.athlete)


async def _hide_sessions(tx: Transaction, import_id: UUID) -> set[UUID]:
    """Hides what an import brought of training; returns the performances of others that lost sets of it."""
    sessions = await tx.rows(queries.OWN_SESSIONS, tx.athlete, import_id)
    workouts = [row["own_workout_id"] for row in sessions]
    performances = await tx.rows(queries.HIDE_PERFORMANCES, tx.athlete, import_id, [row["id"] for row in sessions])
    hidden = [row["id"] for row in performances]
    sets = await tx.rows(queries.HIDE_SETS, tx.athlete, import_id, hidden)
    instructions = [row["exercise_instruction_id"] for row in performances]
    await tx.execute(queries.HIDE_INSTRUCTIONS, tx.athlete, instructions, workouts)
    await tx.execute(queries.HIDE_REVISIONS, tx.athlete, workouts)
    await tx.execute(queries.HIDE_WORKOUTS, tx.athlete, workouts)
    await tx.execute(queries.HIDE_SESSIONS, tx.athlete, import_id)
    return {row["user_exercise_performance_id"] for row in sets} - set(hidden)
