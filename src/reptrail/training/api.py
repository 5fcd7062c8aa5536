"""Workout sessions, performances and sets over HTTP: parse, call, answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from reptrail.db.pool import Transaction
from reptrail.http.edge import CREATED, NO_CONTENT, Answer, answers
from reptrail.http.paging import decode_cursor, page_json
from reptrail.training import actions, corrections, queries, sets
from reptrail.training.rules import SessionChange, SessionVerb
from reptrail.training.wire import (
    CompleteIn,
    ExerciseAdditions,
    LoggedOut,
    PerformanceOut,
    PerformancePut,
    SessionIn,
    SessionOut,
    SessionPage,
    SessionPatch,
    SessionsQuery,
    SetPatch,
    Sets,
    StartIn,
    SummaryFields,
)


async def list_sessions(tx: Transaction, query: SessionsQuery) -> Answer[SessionPage]:
    """Workout sessions, newest first, each with its performances and sets."""
    last_at, last_id = decode_cursor(query.cursor, datetime, UUID)
    row = await tx.row(
        queries.SESSIONS,
        tx.athlete,
        query.status,
        query.from_,
        query.to,
        query.program_enrollment_id,
        query.exercise_id,
        last_at,
        last_id,
        query.limit + 1,
    )
    return Answer(page_json(row, query.limit))


@answers("id-taken", "verb-not-allowed", "session-in-progress", "not-editable", "summary-out-of-range", statuses=(201,), etag=True)
async def create_session(tx: Transaction, body: SessionIn) -> Answer[SessionOut]:
    """Plan a session, start one now, or record a past one whole, with its performances and sets."""
    plan = body.plan()
    if plan.id is not None and await actions.is_repeated(tx, plan):
        return await _session(tx, plan.id, status=CREATED)
    session_id = await actions.create_session(tx, plan)
    await corrections.record_performances(tx, session_id, body.performances)
    return await _session(tx, session_id, status=CREATED)


@answers(etag=True)
async def get_session(tx: Transaction, session_id: UUID) -> Answer[SessionOut]:
    """A session in full: what was asked, what was done, and what was done the last time."""
    return await _session(tx, session_id)


@answers("verb-not-allowed", "session-in-progress", etag=True)
async def patch_session(tx: Transaction, session_id: UUID, body: SessionPatch, if_match: int | None) -> Answer[SessionOut]:
    """Edit a session's times, ratings and notes."""
    await actions.change_session(tx, session_id, SessionChange(body.given()), if_match)
    return await _session(tx, session_id)


async def delete_session(tx: Transaction, session_id: UUID, if_match: int | None) -> Answer[None]:
    """Delete a session with all that hangs on it. It can be restored."""
    await actions.delete_session(tx, session_id, if_match)
    return Answer(status=NO_CONTENT)


@answers("verb-not-allowed", "session-in-progress", etag=True)
async def start_session(tx: Transaction, session_id: UUID, if_match: int | None, body: StartIn | None = None) -> Answer[SessionOut]:
    """Start a planned session."""
    return await _move(tx, session_id, SessionVerb.START, if_match, body)


@answers("verb-not-allowed", "session-in-progress", etag=True)
async def complete_session(
    tx: Transaction, session_id: UUID, if_match: int | None, body: CompleteIn | None = None
) -> Answer[SessionOut]:
    """Complete the session in progress."""
    return await _move(tx, session_id, SessionVerb.COMPLETE, if_match, body)


@answers("verb-not-allowed", "session-in-progress", etag=True)
async def skip_session(tx: Transaction, session_id: UUID, if_match: int | None) -> Answer[SessionOut]:
    """Skip a planned session."""
    return await _move(tx, session_id, SessionVerb.SKIP, if_match, None)


@answers("verb-not-allowed", "session-in-progress", etag=True)
async def cancel_session(tx: Transaction, session_id: UUID, if_match: int | None) -> Answer[SessionOut]:
    """Cancel a session that is planned or in progress; what was logged stays readable."""
    return await _move(tx, session_id, SessionVerb.CANCEL, if_match, None)


@answers("verb-not-allowed", "session-in-progress", etag=True)
async def reopen_session(tx: Transaction, session_id: UUID, if_match: int | None) -> Answer[SessionOut]:
    """Plan a skipped or cancelled session again."""
    return await _move(tx, session_id, SessionVerb.REOPEN, if_match, None)


@answers("id-taken", statuses=(201,), etag=True)
async def add_exercises(tx: Transaction, session_id: UUID, body: ExerciseAdditions) -> Answer[SessionOut]:
    """Add one exercise, or several, that the plan does not name."""
    additions = body if isinstance(body, list) else [body]
    await actions.add_exercises(tx, session_id, [addition.given() for addition in additions], _pointers(body))
    return await _session(tx, session_id, status=CREATED)


@answers("conflict")
async def remove_exercise(tx: Transaction, session_id: UUID, instruction_id: UUID) -> Answer[None]:
    """Take an exercise that was added out again, as long as nothing was done for it."""
    await corrections.remove_exercise(tx, session_id, instruction_id)
    return Answer(status=NO_CONTENT)


@answers("id-taken", "verb-not-allowed", "not-editable", "summary-out-of-range", etag=True)
async def put_performance(
    tx: Transaction, session_id: UUID, exercise_instruction_id: UUID, body: PerformancePut, if_match: int | None
) -> Answer[LoggedOut]:
    """Write a performance: its summary, or its sets, which replace those it has."""
    return await _write_performance(tx, session_id, exercise_instruction_id, body, if_match)


@answers("id-taken", "verb-not-allowed", "not-editable", "summary-out-of-range", etag=True)
async def patch_performance(
    tx: Transaction, session_id: UUID, exercise_instruction_id: UUID, body: SummaryFields, if_match: int | None
) -> Answer[PerformanceOut]:
    """Edit a performance's difficulty, notes, or, where it has no sets, its summary."""
    row = await corrections.write_performance(tx, session_id, exercise_instruction_id, body.summary(), if_match)
    return Answer(dict(row), version=row["version"])


@answers("id-taken", "verb-not-allowed", "summary-out-of-range", statuses=(201,))
async def log_sets(tx: Transaction, session_id: UUID, body: Sets) -> Answer[LoggedOut]:
    """Log one set or up to 200; answers the performances as they now stand, the ones before, and the records broken.

    A set that is stored already, by its id and with the same contents, is answered again and breaks no record twice.
    """
    logged = body if isinstance(body, list) else [body]
    entries = [
        entry.entry(entry.exercise_instruction_id, entry.exercise_id, pointer)
        for entry, pointer in zip(logged, _pointers(body), strict=True)
    ]
    return Answer(await sets.log_sets(tx, session_id, entries), status=CREATED)


@answers("id-taken", "verb-not-allowed", "summary-out-of-range", etag=True)
async def patch_set(tx: Transaction, session_id: UUID, set_id: UUID, body: SetPatch, if_match: int | None) -> Answer[LoggedOut]:
    """Correct a set."""
    logged = await corrections.edit_set(tx, session_id, set_id, body.given(), if_match)
    return Answer(logged, version=logged.sets[0]["version"])


@answers("id-taken", "verb-not-allowed", "summary-out-of-range")
async def delete_set(tx: Transaction, session_id: UUID, set_id: UUID, if_match: int | None) -> Answer[None]:
    """Delete a set. It can be restored."""
    await corrections.delete_set(tx, session_id, set_id, if_match)
    return Answer(status=NO_CONTENT)


def _pointers(body: object) -> list[str]:
    """Where each item of a body stands that is one item or a list of them."""
    return [f"/{index}" for index in range(len(body))] if isinstance(body, list) else [""]


async def _session(tx: Transaction, session_id: UUID, status: int = 200) -> Answer[SessionOut]:
    document, version = await actions.session_json(tx, session_id)
    return Answer(document, status=status, version=version)


async def _move(
    tx: Transaction, session_id: UUID, verb: SessionVerb, if_match: int | None, body: StartIn | CompleteIn | None
) -> Answer[SessionOut]:
    given: dict[str, Any] = {} if body is None else body.given()
    await actions.change_session(tx, session_id, SessionChange(given), if_match, verb)
    return await _session(tx, session_id)


async def _write_performance(
    tx: Transaction, session_id: UUID, instruction_id: UUID, body: PerformancePut, if_match: int | None
) -> Answer[LoggedOut]:
    logged = sets.Logged([], [], [])
    if isinstance(body.sets, list):
        await corrections.require_version(tx, session_id, instruction_id, if_match)
        entries = [entry.entry(instruction_id, None, f"/sets/{index}") for index, entry in enumerate(body.sets)]
        logged = await corrections.replace_sets(tx, session_id, instruction_id, entries)
        if_match = None
    summary = body.summary()
    if summary or not logged.performances:
        row = await corrections.write_performance(tx, session_id, instruction_id, summary, if_match)
        came_along = logged.performances[0] if logged.performances else {}
        logged = sets.Logged(logged.sets, [{**came_along, **row}], logged.records)
    return Answer(logged, version=logged.performances[0]["version"])
