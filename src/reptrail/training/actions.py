"""What can be done to workout sessions, one function a verb: load, decide, store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.enrollments import actions as enrollments
from reptrail.errors import FieldError, Problem, invalid, not_found
from reptrail.http.preconditions import changed
from reptrail.ids import uuid7
from reptrail.prescriptions.actions import prescribe_session
from reptrail.training import queries
from reptrail.training.rules import (
    MAX_CLOCK_AHEAD_SECONDS,
    NEEDED,
    SMALLINT_MAX,
    TRANSITIONS,
    UNSAID,
    SessionChange,
    SessionPlan,
    SessionStatus,
    SessionVerb,
    session_seconds,
    verbs_allowed,
)

OWN_WORKOUT_NAME = "Workout"


async def session_json(tx: Transaction, session_id: UUID) -> tuple[bytes, int]:
    """A session in full, as JSON, and its version. One statement.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(queries.SESSION, tx.athlete, session_id)
    if row is None:
        raise not_found()
    return row["row_to_json"].encode(), row["version"]


async def find_session(tx: Transaction, session_id: UUID, if_match: int | None = None) -> asyncpg.Record:
    """A session's own columns.

    Raises:
        Problem: not-found; precondition-failed with the session in full, if it is not of version `if_match`.
    """
    row = await tx.row(queries.FIND_SESSION, tx.athlete, session_id)
    if row is None:
        raise not_found()
    if if_match is not None and row["version"] != if_match:
        raise changed((await session_json(tx, session_id))[0])
    return row


async def is_repeated(tx: Transaction, plan: SessionPlan) -> bool:
    """Whether this very session was stored before: then a retry is answered with it, however far it has come since.

    Raises:
        Problem: id-taken, if the id belongs to a session with other contents, or to a deleted one.
    """
    row = None if plan.id is None else await tx.row(queries.SESSION_BY_ID, tx.athlete, plan.id)
    if plan.id is None or row is None:
        return False
    same = plan.scheduled_at == row["scheduled_at"] and plan.program_enrollment_id == row["program_enrollment_id"]
    same = same and plan.workout_id == (None if row["workout_id"] == row["own_workout_id"] else row["workout_id"])
    if row["is_active"] and same and plan.started_at in (None, row["started_at"]):
        return True
    current = (await session_json(tx, plan.id))[0] if row["is_active"] else b"null"
    raise Problem("id-taken", errors=[FieldError("/id", "is taken")], extra={"current": msgspec.Raw(current)})


async def create_session(tx: Transaction, plan: SessionPlan) -> UUID:
    """Plans a session, starts one now, or records a past one, by the status asked for.

    Without a workout it gets an empty one of its own, which grows while training.

    Raises:
        Problem: invalid (unknown workout or enrollment, times that contradict), session-in-progress, id-taken.
    """
    await _check_links(tx, plan)
    times = _times(plan)
    session_id = plan.id or uuid7()
    if plan.workout_id is None:
        own_id = await add_own_workout(tx, plan.workout_name or OWN_WORKOUT_NAME)
        workout_id, revision = own_id, 1
    else:
        found = await tx.row(queries.FIND_WORKOUT, tx.athlete, plan.workout_id, plan.workout_revision)
        if found is None:
            raise invalid("/workout_id", "there is no such workout")
        own_id, workout_id, revision = None, plan.workout_id, plan.workout_revision or found["revision"]
    if plan.session_status is SessionStatus.IN_PROGRESS:
        await _refuse_second_in_progress(tx)
    await tx.execute(
        queries.INSERT_SESSION,
        tx.athlete,
        session_id,
        workout_id,
        revision,
        own_id,
        plan.program_enrollment_id,
        plan.session_status,
        plan.scheduled_at,
        times.started_at,
        times.completed_at,
        times.actual_duration_seconds,
        plan.paused_seconds,
        plan.effort_rating,
        plan.soreness_rating,
        plan.session_notes,
        plan.session_name,
    )
    if plan.session_status is SessionStatus.IN_PROGRESS and plan.workout_id is not None:
        await prescribe_session(tx, session_id)
    return session_id


async def _check_links(tx: Transaction, plan: SessionPlan) -> None:
    if plan.program_enrollment_id is None:
        return
    enrollment = await tx.row(queries.FIND_ENROLLMENT, tx.athlete, plan.program_enrollment_id)
    if enrollment is None:
        raise invalid("/program_enrollment_id", "you have no such enrollment")
    if plan.session_status is SessionStatus.PLANNED and not enrollment["is_live"]:
        raise invalid("/program_enrollment_id", "has ended: nothing is planned in it any more")


async def _refuse_second_in_progress(tx: Transaction) -> None:
    other = await tx.value(queries.SESSION_IN_PROGRESS, tx.athlete)
    if other is not None:
        raise Problem("session-in-progress", "complete or cancel it first", extra={"session_id": other})


def _times(plan: SessionPlan) -> SessionPlan:
    """The plan with the times its status needs.

    Raises:
        Problem: invalid, if they contradict each other or the duration is more than the column holds.
    """
    started_at, completed_at, seconds = plan.started_at, plan.completed_at, plan.actual_duration_seconds
    if plan.session_status is SessionStatus.IN_PROGRESS:
        started_at = started_at or clock.now()
    if plan.session_status is SessionStatus.COMPLETED:
        if started_at is None and completed_at is None:
            raise invalid("/started_at", "a session that is recorded needs started_at or completed_at")
        if completed_at is None and started_at is not None:
            completed_at = started_at + timedelta(seconds=plan.paused_seconds + (seconds or 0))
        seconds = seconds or duration(started_at, completed_at, plan.paused_seconds)
    refuse_future({"/started_at": started_at, "/completed_at": completed_at})
    return replace(plan, started_at=started_at, completed_at=completed_at, actual_duration_seconds=seconds)


def refuse_future(times: dict[str, datetime | None]) -> None:
    """Raises Problem (invalid) for what is said to have happened more than a day ahead: a phone's clock may be off, not so far."""
    now = clock.now()
    wrong = [
        FieldError(pointer, "lies in the future")
        for pointer, at in times.items()
        if at is not None and (at - now).total_seconds() > MAX_CLOCK_AHEAD_SECONDS
    ]
    if wrong:
        raise Problem("invalid", errors=wrong)


def duration(
    started_at: datetime | None, completed_at: datetime | None, paused_seconds: int, blame: str = "/completed_at"
) -> int | None:
    """Seconds trained, None where they cannot be told. `blame` is the field that an error names.

    Raises:
        Problem: invalid, if it ends before it starts or lasts longer than a session can (32,767 s, 9 h 6 min): it is never
            cut silently; a client that knows better sends actual_duration_seconds.
    """
    if started_at is None or completed_at is None:
        return None
    if completed_at < started_at:
        raise invalid(blame, "completed_at must not be before started_at")
    seconds = session_seconds(started_at, completed_at, paused_seconds)
    if seconds > SMALLINT_MAX:
        raise invalid(
            blame,
            f"{seconds} seconds after the start, pauses left out, is more than a session can last "
            f"({SMALLINT_MAX}, 9 h 6 min): send when it really ended, or actual_duration_seconds",
        )
    if seconds < 0:
        raise invalid("/paused_seconds", "is longer than the session")
    return seconds or None


async def add_own_workout(tx: Transaction, name: str = OWN_WORKOUT_NAME, *, session_id: UUID | None = None) -> UUID:
    """An empty workout that belongs to one session, named in it if it exists already; returns its id."""
    workout_id = uuid7()
    await tx.execute(queries.INSERT_OWN_WORKOUT, tx.athlete, [workout_id], None)
    await tx.execute(queries.INSERT_OWN_REVISION, tx.athlete, [uuid7()], [workout_id], [name], None)
    if session_id is not None:
        await tx.execute(queries.SET_OWN_WORKOUT, tx.athlete, session_id, workout_id)
    return workout_id


async def change_session(
    tx: Transaction, session_id: UUID, change: SessionChange, if_match: int | None, verb: SessionVerb | None = None
) -> None:
    """Edits a session, or, with a verb, moves it through its lifecycle.

    Raises:
        Problem: not-found, precondition-failed, verb-not-allowed (names the state and the verbs allowed), invalid,
            session-in-progress.
    """
    row = await find_session(tx, session_id, if_match)
    status = SessionStatus(row["session_status"])
    target = status
    if verb is not None:
        sources, target = TRANSITIONS[verb]
        if status not in sources:
            raise refused(status, f"a session that is {status} does not take {verb}")
    if verb is SessionVerb.REOPEN:
        await require_plannable(tx, row)
    if verb is SessionVerb.START:
        await _refuse_second_in_progress(tx)
    values = {**{name: row[name] for name in SessionChange.COLUMNS}, **change.given}
    _require_sayable(target, values, change.given)
    try:
        _settle_times(values, change.given, verb)
    except Problem as problem:
        if verb is SessionVerb.COMPLETE:
            # Most often it was forgotten in progress overnight: when it was really over is what they need to know now.
            problem.extra["last_set_at"] = await tx.value(queries.LAST_SET_AT, tx.athlete, session_id)
        raise
    written = await tx.execute(
        queries.UPDATE_SESSION,
        tx.athlete,
        session_id,
        status,
        row["version"],
        target,
        *(values[name] for name in SessionChange.COLUMNS),
    )
    if written == 0:
        raise refused(status, "it changed at this very moment")
    if verb is SessionVerb.START:
        await prescribe_session(tx, session_id)
    if verb not in (None, SessionVerb.START) and row["program_day"] is not None:
        await enrollments.advance(tx, row["program_enrollment_id"])


async def require_plannable(tx: Transaction, session: asyncpg.Record) -> None:
    """Raises Problem (verb-not-allowed) if a session is of a cycle of its enrollment that is over, or of one that has ended."""
    if session["program_enrollment_id"] is not None:
        detail = "this session is of a cycle that is over: nothing of it can be planned again"
        await enrollments.require_running(tx, session["program_enrollment_id"], session["program_cycle"], detail)


def _require_sayable(status: SessionStatus, values: dict[str, Any], given: dict[str, Any]) -> None:
    errors = [
        FieldError(f"/{name}", f"a session that is {status} has none") for name in UNSAID[status] & given.keys() if given[name]
    ]
    errors += [
        FieldError(f"/{name}", f"a session that is {status} needs it")
        for name in NEEDED.get(status, frozenset()) & given.keys()
        if values[name] is None
    ]
    if errors:
        raise Problem("invalid", errors=sorted(errors, key=lambda error: error.pointer))


def _settle_times(values: dict[str, Any], given: dict[str, Any], verb: SessionVerb | None) -> None:
    """Fills the times that a verb sets, and keeps the duration right when a time it was computed from changes."""
    if verb is SessionVerb.START:
        values["started_at"] = given.get("started_at") or clock.now()
    if verb is SessionVerb.COMPLETE:
        values["completed_at"] = given.get("completed_at") or clock.now()
    if verb is SessionVerb.REOPEN:
        values.update(started_at=None, completed_at=None, actual_duration_seconds=None, paused_seconds=0, effort_rating=None)
    refuse_future({"/started_at": values["started_at"], "/completed_at": values["completed_at"]})
    retimed = verb is SessionVerb.COMPLETE or given.keys() & {"started_at", "completed_at", "paused_seconds"}
    if retimed and given.get("actual_duration_seconds") is None:
        named = next((name for name in ("completed_at", "started_at", "paused_seconds") if name in given), "completed_at")
        values["actual_duration_seconds"] = duration(
            values["started_at"], values["completed_at"], values["paused_seconds"], f"/{named}"
        )


def refused(status: SessionStatus, detail: str) -> Problem:
    """409 that names the state a session is in and the verbs allowed from it."""
    return Problem("verb-not-allowed", detail, extra={"session_status": status, "verbs": verbs_allowed(status)})


async def delete_session(tx: Transaction, session_id: UUID, if_match: int | None) -> None:
    """Hides a session with all that hangs on it; the owner can restore it from the ledger.

    Raises:
        Problem: not-found, precondition-failed.
    """
    row = await find_session(tx, session_id, if_match)
    await tx.execute(queries.HIDE_SESSION_SETS, tx.athlete, session_id)
    await tx.execute(queries.HIDE_SESSION_PERFORMANCES, tx.athlete, session_id)
    await tx.execute(queries.HIDE_SESSION_PRESCRIPTIONS, tx.athlete, session_id)
    await tx.execute(queries.HIDE_SESSION, tx.athlete, session_id)
    if row["program_day"] is not None:
        await enrollments.advance(tx, row["program_enrollment_id"])


async def session_restored(tx: Transaction, session_id: UUID) -> None:
    """A session has come back from the ledger: its enrollment moves back to it, if it is open again.

    Raises:
        Problem: verb-not-allowed (it is planned, in a cycle that is over by now).
    """
    row = await tx.row(queries.FIND_SESSION, tx.athlete, session_id)
    if row is None:
        return
    if row["session_status"] == SessionStatus.PLANNED:
        await require_plannable(tx, row)
    if row["program_day"] is not None:
        await enrollments.advance(tx, row["program_enrollment_id"])


async def add_exercises(
    tx: Transaction, session_id: UUID, additions: Sequence[dict[str, Any]], pointers: Sequence[str] = ("",)
) -> list[UUID]:
    """Adds instructions for exercises that the plan does not name to the session's own workout; returns their ids.

    Each addition has exercise_id and may have id, group_number, instruction_notes, sets, reps_min, reps_max, rest_seconds;
    `pointers` say where each stood in the request. One that is there already, by its id, is not added again.

    Raises:
        Problem: not-found, verb-not-allowed (it was skipped or cancelled), invalid (no such exercise), id-taken.
    """
    session = await find_session(tx, session_id)
    status = SessionStatus(session["session_status"])
    if status in (SessionStatus.SKIPPED, SessionStatus.CANCELLED):
        raise refused(status, "reopen the session to add an exercise")
    own_id = session["own_workout_id"] or await add_own_workout(tx, session_id=session_id)
    return await insert_instructions(tx, own_id, additions, pointers)


async def insert_instructions(
    tx: Transaction, own_workout_id: UUID, additions: Sequence[dict[str, Any]], pointers: Sequence[str] = ("",)
) -> list[UUID]:
    """Appends instructions to a session's own workout; returns their ids, in the same order.

    Raises:
        Problem: as add_exercises.
    """
    ids = [addition.get("id") or uuid7() for addition in additions]
    twice = [pointer for place, (i, pointer) in enumerate(zip(ids, pointers, strict=False)) if i in ids[:place]]
    if twice:
        raise Problem("invalid", errors=[FieldError(f"{pointer}/id", "occurs twice in this request") for pointer in twice])
    columns = [
        [addition.get(name) for addition in additions]
        for name in ("exercise_id", "group_number", "instruction_notes", "sets", "reps_min", "reps_max", "rest_seconds")
    ]
    made = await tx.rows(queries.INSERT_INSTRUCTIONS, tx.athlete, own_workout_id, ids, *columns)
    if len(made) < len(ids):
        missing = set(ids).difference(row["id"] for row in made)
        rows = await tx.rows(queries.REFUSED_INSTRUCTIONS, tx.athlete, own_workout_id, ids, columns[0])
        _explain_refused([(row, pointer) for row, pointer in zip(rows, pointers, strict=False) if row["id"] in missing])
    return ids


def _explain_refused(refused_rows: Sequence[tuple[asyncpg.Record, str]]) -> None:
    unknown = [
        FieldError(f"{pointer}/exercise_id", "there is no such exercise")
        for row, pointer in refused_rows
        if not row["exercise_exists"]
    ]
    if unknown:
        raise Problem("invalid", errors=unknown)
    taken = [FieldError(f"{pointer}/id", "is taken") for row, pointer in refused_rows if not row["is_there"]]
    if taken:
        raise Problem("id-taken", errors=taken)


async def require_instructions(tx: Transaction, session_id: UUID, wanted: dict[str, UUID]) -> None:
    """Raises Problem (invalid) naming, by its pointer, every instruction that is not one of the session's."""
    if not wanted:
        return
    known = {row["id"] for row in await tx.rows(queries.SESSION_INSTRUCTIONS, tx.athlete, session_id)}
    wrong = [FieldError(pointer, "is not an instruction of this session") for pointer, i in wanted.items() if i not in known]
    if wrong:
        raise Problem("invalid", errors=wrong)
