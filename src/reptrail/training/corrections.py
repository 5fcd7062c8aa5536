"""What can be corrected of sets and performances, one function a verb: the rarer writes beside the logging of sets.py."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, not_found
from reptrail.http.encoding import encode
from reptrail.http.preconditions import changed
from reptrail.ids import uuid7
from reptrail.training import queries
from reptrail.training.actions import add_exercises, find_session, require_instructions
from reptrail.training.rules import Lifted, SessionStatus, SetEntry, SetKind, SetLoad, changed_load
from reptrail.training.sets import Logged, bests_from, decode_bests, decode_targets, log_sets, records, require_loggable, summarize


async def find_set(tx: Transaction, session_id: UUID, set_id: UUID, if_match: int | None) -> asyncpg.Record:
    """A set that may be corrected, with its instruction and exercise.

    Raises:
        Problem: not-found, verb-not-allowed, precondition-failed.
    """
    row = await tx.row(queries.FIND_SET, tx.athlete, session_id, set_id)
    if row is None:
        raise not_found()
    require_loggable(SessionStatus(row["session_status"]))
    if if_match is not None and row["version"] != if_match:
        raise changed(encode(set_columns(row)))
    return row


def set_columns(row: asyncpg.Record) -> dict[str, Any]:
    """A set's own columns, without those that came along to decide by."""
    extra = {"exercise_instruction_id", "session_status", "exercise_load", "exercise_name", "bests"}
    return {name: value for name, value in row.items() if name not in extra}


_EDITABLE = (
    "set_number",
    "kind",
    "reps",
    "weight",
    "weight_unit",
    "load",
    "duration_seconds",
    "distance_m",
    "rpe",
    "completed_at",
    "notes",
)


async def edit_set(tx: Transaction, session_id: UUID, set_id: UUID, given: dict[str, Any], if_match: int | None) -> Logged:
    """Edits a set, brings its performance up to date, and tells the records it breaks now. `given` holds the columns sent.

    Raises:
        Problem: as find_set; invalid, if the set would say nothing or a weight would have no unit; summary-out-of-range.
    """
    row = await find_set(tx, session_id, set_id, if_match)
    values = {name: given.get(name, row[name]) for name in _EDITABLE}
    if "weight" in given and "load" not in given:
        values["load"] = changed_load(_load(row["exercise_load"]), SetLoad(row["load"]), row["weight"], given["weight"])
    if values["weight"] is None and given.get("weight_unit") is None:
        values["weight_unit"] = None
    _require_whole(values)
    written = await _update_sets(tx, [(row, values)])
    named = {row["user_exercise_performance_id"]: (row["exercise_instruction_id"], row["exercise_id"])}
    performances = [{**p, "exercise_name": row["exercise_name"]} for p in await summarize(tx, session_id, named)]
    return Logged(written, performances, _records(row, written[0]))


def _load(exercise_load: str | None) -> SetLoad:
    return SetLoad(exercise_load or SetLoad.EXTERNAL)


def _records(before: asyncpg.Record, now: dict[str, Any]) -> list[dict[str, Any]]:
    """The records that a corrected set breaks and did not break as it stood."""
    of = {name: now[name] for name in ("exercise_id", "weight", "weight_unit")} | {
        "exercise_name": before["exercise_name"],
        "set_id": now["id"],
    }
    broken = []
    for row in (before, now):
        bests = bests_from(decode_bests(before["bests"]) if before["bests"] else ())
        lifted = Lifted(
            row["reps"],
            row["weight_kg"],
            SetLoad(row["load"]),
            SetKind(row["kind"]),
            row["rpe"],
            row["duration_seconds"],
            row["distance_m"],
        )
        broken.append(records(bests, lifted, of))
    known = {(record["kind"], record["value"]) for record in broken[0]}
    return [record for record in broken[1] if (record["kind"], record["value"]) not in known]


async def _update_sets(tx: Transaction, edits: Sequence[tuple[Any, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Writes edits (the row as it stands, all its editable columns as they shall be); returns the rows as they stand then."""
    written = await tx.rows(
        queries.UPDATE_SETS,
        tx.athlete,
        [row["id"] for row, _ in edits],
        [row["version"] for row, _ in edits],
        *([values[name] for _, values in edits] for name in _EDITABLE),
    )
    if len(written) < len(edits):
        raise not_found()
    return [dict(row) for row in written]


def _require_whole(values: dict[str, Any]) -> None:
    errors = []
    if values["weight"] is not None and values["weight_unit"] is None:
        errors.append(FieldError("/weight_unit", "is required with a weight"))
    if values["weight"] is None and values["weight_unit"] is not None:
        errors.append(FieldError("/weight", "is required with a weight_unit"))
    if values["reps"] is None and values["duration_seconds"] is None and values["distance_m"] is None:
        errors.append(FieldError("/reps", "a set needs reps, duration_seconds or distance_m"))
    if errors:
        raise Problem("invalid", errors=errors)


async def delete_set(tx: Transaction, session_id: UUID, set_id: UUID, if_match: int | None) -> None:
    """Hides a set and brings its performance up to date.

    Raises:
        Problem: as find_set.
    """
    row = await find_set(tx, session_id, set_id, if_match)
    await tx.execute(queries.HIDE_SETS, tx.athlete, [set_id])
    named = {row["user_exercise_performance_id"]: (row["exercise_instruction_id"], row["exercise_id"])}
    await summarize(tx, session_id, named)


async def remove_exercise(tx: Transaction, session_id: UUID, instruction_id: UUID) -> None:
    """Takes an exercise that was added to a session out again; one of its plan stays, and is simply not done.

    Raises:
        Problem: not-found; conflict (something was done for it, or the plan asks for it).
    """
    await find_session(tx, session_id)
    if await tx.execute(queries.HIDE_INSTRUCTION, tx.athlete, session_id, instruction_id):
        return
    if instruction_id not in {row["id"] for row in await tx.rows(queries.SESSION_INSTRUCTIONS, tx.athlete, session_id)}:
        raise not_found()
    raise Problem("conflict", "the plan asks for it, or something was done: delete its sets instead")


async def write_performance(
    tx: Transaction, session_id: UUID, instruction_id: UUID, given: dict[str, Any], if_match: int | None, *, at: str = ""
) -> asyncpg.Record:
    """Writes a performance's summary alone; where it has sets, only what they do not say (difficulty and notes).

    `at` is a pointer to where it stood in the request.

    Raises:
        Problem: not-found, verb-not-allowed, precondition-failed, not-editable (the summary is its sets').
    """
    row = await _find_or_make_performance(tx, session_id, instruction_id)
    require_loggable(SessionStatus(row["session_status"]))
    if if_match is not None and row["version"] != if_match:
        raise changed(_performance_json(row))
    summary = ("sets_completed", "reps_completed", "weight_used_kg", "duration_seconds")
    computed = [name for name in summary if name in given]
    if row["has_sets"] and computed:
        raise Problem(
            "not-editable",
            "this performance is the summary of its sets: edit them",
            [FieldError(f"{at}/{name}", "is computed from the sets") for name in computed],
        )
    values = [given.get(name, row[name]) for name in (*summary, "difficulty_rating", "performance_notes")]
    written = await tx.row(queries.UPDATE_PERFORMANCE, tx.athlete, row["id"], *values)
    if written is None:
        raise not_found()
    return written


async def _find_or_make_performance(tx: Transaction, session_id: UUID, instruction_id: UUID) -> asyncpg.Record:
    row = await tx.row(queries.FIND_PERFORMANCE, tx.athlete, session_id, instruction_id)
    if row is None:
        context = await tx.row(queries.LOG_CONTEXT, tx.athlete, session_id, [instruction_id], [], [])
        if context is None or context["targets"] is None:
            raise not_found()
        require_loggable(SessionStatus(context["session_status"]))
        target = decode_targets(context["targets"])[0]
        await summarize(tx, session_id, {uuid7(): (instruction_id, target.exercise_id)})
        row = await tx.row(queries.FIND_PERFORMANCE, tx.athlete, session_id, instruction_id)
    if row is None:
        raise not_found()
    return row


async def replace_sets(tx: Transaction, session_id: UUID, instruction_id: UUID, entries: Sequence[SetEntry]) -> Logged:
    """Makes these the sets of a performance.

    Those it has are edited to what is said of them here, new ones are logged, and the rest are hidden. Records are told of
    the new ones.

    Raises:
        Problem: as log_sets.
    """
    row = await tx.row(queries.FIND_PERFORMANCE, tx.athlete, session_id, instruction_id)
    touched = False
    if row is not None:
        require_loggable(SessionStatus(row["session_status"]))
        present = await tx.rows(queries.SETS_OF_PERFORMANCE, tx.athlete, row["id"])
        wanted = {entry.id: entry for entry in entries}
        edits = [
            (known, _as_entered(known, wanted[known["id"]]))
            for known in present
            if known["id"] in wanted and not wanted[known["id"]].same_as({**known, "exercise_instruction_id": instruction_id})
        ]
        gone = [known["id"] for known in present if known["id"] not in wanted]
        if gone:
            await tx.execute(queries.HIDE_SETS, tx.athlete, gone)
        if edits:
            await _update_sets(tx, edits)
        touched = bool(gone or edits)
    if entries:
        return await log_sets(tx, session_id, entries, touched=touched)
    await find_session(tx, session_id)
    if row is None:
        return Logged([], [], [])
    return Logged([], await summarize(tx, session_id, {row["id"]: (instruction_id, row["exercise_id"])}), [])


def _as_entered(row: asyncpg.Record, entry: SetEntry) -> dict[str, Any]:
    """A set's editable columns as an entry has them; what it leaves to us (number, load) stays where it can."""
    values = {name: getattr(entry, name) for name in _EDITABLE}
    values["set_number"] = entry.set_number or row["set_number"]
    values["load"] = entry.load or changed_load(_load(row["exercise_load"]), SetLoad(row["load"]), row["weight"], entry.weight)
    return values


async def require_version(tx: Transaction, session_id: UUID, instruction_id: UUID, if_match: int | None) -> None:
    """Raises Problem (precondition-failed, with the row) unless a performance is of the version named, if one is named."""
    if if_match is None:
        return
    row = await tx.row(queries.FIND_PERFORMANCE, tx.athlete, session_id, instruction_id)
    if row is None:
        raise not_found()
    if row["version"] != if_match:
        raise changed(_performance_json(row))


def _performance_json(row: asyncpg.Record) -> bytes:
    return encode({k: v for k, v in row.items() if k not in ("session_status", "has_sets")})


async def record_performances(tx: Transaction, session_id: UUID, performances: Sequence[Any]) -> None:
    """Stores the performances nested in a session that is recorded whole, in their order.

    Each has exercise_instruction_id or exercise_id, group_number, `sets` and `summary()` (training.wire.PerformanceIn).

    Raises:
        Problem: as log_sets and write_performance.
    """
    if not performances:
        return
    instructions = await _instructions_for(tx, session_id, performances)
    entries = [
        entry.entry(instruction, None, f"/performances/{place}/sets/{index}")
        for place, (performance, instruction) in enumerate(zip(performances, instructions, strict=True))
        for index, entry in enumerate(performance.sets)
    ]
    if entries:
        await log_sets(tx, session_id, entries)
    for place, (performance, instruction) in enumerate(zip(performances, instructions, strict=True)):
        summary = performance.summary()
        if summary or not performance.sets:
            await write_performance(tx, session_id, instruction, summary, None, at=f"/performances/{place}")


async def _instructions_for(tx: Transaction, session_id: UUID, performances: Sequence[Any]) -> list[UUID]:
    """The instruction of each performance.

    One named by its exercise gets an instruction of its own, so the same exercise may come twice in a session.
    """
    added = {f"/performances/{place}": p for place, p in enumerate(performances) if p.exercise_id is not None}
    named = {
        f"/performances/{place}/exercise_instruction_id": p.exercise_instruction_id
        for place, p in enumerate(performances)
        if p.exercise_id is None
    }
    await require_instructions(tx, session_id, named)
    additions = [{"exercise_id": p.exercise_id, "group_number": p.group_number} for p in added.values()]
    made = iter(await add_exercises(tx, session_id, additions, list(added)) if added else [])
    return [p.exercise_instruction_id or next(made) for p in performances]
