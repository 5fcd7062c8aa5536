"""What can be done to enrollments, one function a verb: load, decide, store."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.enrollments import queries, rules
from reptrail.enrollments.rules import (
    ATHLETES_WORD,
    LIVE,
    MAX_CYCLE,
    MAX_START_DAYS_AGO,
    MAX_START_DAYS_AHEAD,
    TRANSITIONS,
    CycleSession,
    EnrollmentStatus,
    EnrollmentVerb,
    Place,
    Schedule,
    verbs_allowed,
)
from reptrail.enrollments.wire import EnrollmentIn, ExtendIn, RestartIn
from reptrail.errors import FieldError, Problem, invalid, not_found
from reptrail.http.preconditions import changed
from reptrail.ids import uuid7
from reptrail.programs.actions import copy_program, load_plan
from reptrail.programs.rules import ProgramPlan
from reptrail.training.rules import SessionStatus

# What the one door writes, in its order.
_COLUMNS = (
    "enrollment_status", "program_revision", "start_date", "target_completion_date", "actual_completion_date", "current_day",
    "cycle", "training_weekdays", "training_time", "paused_on", "enrollment_notes", "completed_by_itself",
)  # fmt: skip


async def enrollment_json(tx: Transaction, enrollment_id: UUID) -> tuple[bytes, int]:
    """An enrollment as JSON, and its version. One statement.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(queries.ENROLLMENT, tx.athlete, clock.now(), enrollment_id)
    if row is None:
        raise not_found()
    return row["row_to_json"].encode(), row["version"]


async def find(tx: Transaction, enrollment_id: UUID, if_match: int | None = None) -> asyncpg.Record:
    """An enrollment's own columns, with the athlete's time zone and the program's latest revision.

    Raises:
        Problem: not-found; precondition-failed with the enrollment, if it is not of version `if_match`.
    """
    row = await tx.row(queries.FIND, tx.athlete, enrollment_id, None)
    if row is None or not row["is_active"]:
        raise not_found()
    if if_match is not None and row["version"] != if_match:
        raise changed((await enrollment_json(tx, enrollment_id))[0])
    return row


def refused(row: asyncpg.Record, detail: str, slug: str = "verb-not-allowed") -> Problem:
    """409 that names the enrollment, the state it is in and the verbs allowed from it."""
    status = EnrollmentStatus(row["enrollment_status"])
    verbs = verbs_allowed(status, upgradable=row["latest_revision"] > row["program_revision"])
    return Problem(slug, detail, extra={"enrollment_id": row["id"], "enrollment_status": status, "verbs": verbs})


async def take(tx: Transaction, enrollment_id: UUID, verb: EnrollmentVerb, if_match: int | None) -> asyncpg.Record:
    """An enrollment that takes this verb now.

    Raises:
        Problem: as `find`; verb-not-allowed; forbidden (a coach, to go on with what the athlete paused or cancelled themselves).
    """
    row = await find(tx, enrollment_id, if_match)
    status = EnrollmentStatus(row["enrollment_status"])
    if status not in TRANSITIONS[verb][0]:
        raise refused(row, f"an enrollment that is {status} does not take {verb}")
    is_their_word = tx.actor_id != tx.athlete and (verb, status) in ATHLETES_WORD
    if is_their_word and await tx.value(queries.STOPPED_BY_ATHLETE, tx.athlete, enrollment_id):
        raise Problem("forbidden", f"it is {status}, and the athlete stopped it themselves: to {verb} it is theirs")
    return row


async def store(tx: Transaction, row: asyncpg.Record, **changes: Any) -> None:
    """Writes an enrollment through the one door: only if it is still as `row` says."""
    values = {**{name: row[name] for name in _COLUMNS}, **changes}
    key = (tx.athlete, row["id"], row["enrollment_status"], row["version"])
    if not await tx.execute(queries.UPDATE, *key, *(values[name] for name in _COLUMNS)):
        raise refused(row, "it changed at this very moment")


def schedule_of(row: asyncpg.Record) -> Schedule:
    """When the athlete trains."""
    weekdays = row["training_weekdays"]
    return Schedule(None if weekdays is None else tuple(weekdays), row["training_time"])


async def cycle_sessions(tx: Transaction, row: asyncpg.Record) -> list[CycleSession]:
    """The sessions of the present cycle."""
    rows = await tx.rows(queries.CYCLE_SESSIONS, tx.athlete, row["id"], row["cycle"], row["time_zone"])
    return [
        CycleSession(
            s["id"], s["program_day"], s["program_position"], SessionStatus(s["session_status"]), s["cancelled_with_enrollment"],
            s["local_at"], s["done_on"],
        )
        for s in rows
    ]  # fmt: skip


async def move_sessions(tx: Transaction, row: asyncpg.Record, times: Mapping[UUID, datetime]) -> None:
    """Gives sessions new times on the athlete's own clock; those cancelled with the enrollment are planned again."""
    if times:
        await tx.execute(queries.MOVE_SESSIONS, tx.athlete, row["time_zone"], list(times), list(times.values()))


async def plan_sessions(
    tx: Transaction, enrollment_id: UUID, cycle: int, time_zone: str, places: Sequence[tuple[Place, datetime]]
) -> None:
    """Plans sessions, each at its time on the athlete's own clock: one statement, however long the program."""
    ids = sorted(uuid7() for _ in places)  # ids of one millisecond do not ascend by themselves
    await tx.execute(
        queries.PLAN_SESSIONS, tx.athlete, enrollment_id, cycle, time_zone, ids,
        [place.day for place, _ in places], [place.position for place, _ in places],
        [place.workout_id for place, _ in places], [place.workout_revision for place, _ in places],
        [local_at for _, local_at in places],
    )  # fmt: skip


def places_of(plan: ProgramPlan) -> list[Place]:
    """The places of a program, in order."""
    return [
        Place(day.day_number, workout.position, workout.workout_id, workout.workout_revision)
        for day in plan.days
        for workout in day.workouts
    ]


def _laid_out(plan: ProgramPlan, start: date, schedule: Schedule) -> list[tuple[Place, datetime]]:
    places = places_of(plan)
    dates = rules.lay_out([place.day for place in places], 1, start, schedule.weekdays)
    return [(place, datetime.combine(dates[place.day], schedule.at)) for place in places]


# --- Enrolling -------------------------------------------------------------------------------------------------------


async def enroll(tx: Transaction, body: EnrollmentIn) -> tuple[UUID, bool]:
    """Enrolls the athlete in a program and plans all of its sessions; returns its id and whether it was made.

    A coach who does it assigns the program: a private one of theirs is copied to the athlete first. Assigned again after
    the coach has edited it, the copy gets the new text, which the athlete is offered as an upgrade; nothing else changes.

    Raises:
        Problem: invalid (no such program, or archived; dates), already-enrolled, id-taken.
    """
    if body.id is not None and await _is_repeated(tx, body.id, body):
        return body.id, True
    plan = await _program(tx, body.program_id)
    copied = plan.user_id not in (None, tx.athlete) and not plan.is_public
    if copied:
        plan = await load_plan(tx, await copy_program(tx, plan.program_id, plan.revision), None)
    there = await tx.row(queries.FIND, tx.athlete, None, plan.program_id)
    if there is not None:
        if copied and there["enrollment_status"] in LIVE and plan.revision > there["program_revision"]:
            return there["id"], False
        raise refused(there, "there is one enrollment in a program; a second run is its next cycle", "already-enrolled")
    return await _begin(tx, body, plan), True


async def _begin(tx: Transaction, body: EnrollmentIn, plan: ProgramPlan) -> UUID:
    time_zone = await tx.value(queries.TIME_ZONE, tx.athlete)
    today = clock.today(time_zone)
    start = body.start_date or today
    _require_start(start, today)
    schedule = Schedule(_weekdays(body.weekdays(None)), body.time_of_day(rules.DEFAULT_TRAINING_TIME))
    places = _laid_out(plan, start, schedule)
    target = body.target(rules.stretched(today, [at for _, at in places]))
    require_target(target, start, today)
    enrollment_id = body.id or uuid7()
    await tx.execute(
        queries.INSERT, tx.athlete, enrollment_id, plan.program_id, plan.revision,
        tx.actor_id if tx.actor_id != tx.athlete else None, start, target, _first_day(places), schedule.weekdays, schedule.at,
        body.enrollment_notes,
    )  # fmt: skip
    await plan_sessions(tx, enrollment_id, 1, time_zone, places)
    return enrollment_id


def _first_day(places: Sequence[tuple[Place, datetime]]) -> int:
    return min((place.day for place, _ in places), default=1)


def _weekdays(chosen: list[int] | None) -> tuple[int, ...] | None:
    return None if chosen is None else tuple(chosen)


async def _is_repeated(tx: Transaction, enrollment_id: UUID, body: EnrollmentIn) -> bool:
    """Whether this very enrollment was stored before; then a retry is answered with it, however far it has come since.

    Raises:
        Problem: id-taken, if the id belongs to an enrollment with other contents.
    """
    row = await tx.row(queries.FIND, tx.athlete, enrollment_id, None)
    if row is None:
        return False
    start_kept = body.start_date in (None, row["start_date"]) or row["cycle"] > 1
    if row["is_active"] and start_kept and body.program_id in (row["program_id"], row["copied_from_id"]):
        return True
    raise Problem("id-taken", errors=[FieldError("/id", "is taken")])


async def _program(tx: Transaction, program_id: UUID) -> ProgramPlan:
    try:
        plan = await load_plan(tx, program_id, None)
    except Problem as problem:
        if problem.slug != "not-found":
            raise
        raise invalid("/program_id", "there is no such program") from None
    if not plan.is_active:
        raise invalid("/program_id", "is archived: nobody enrolls in it any more")
    return plan


def _require_start(start: date, today: date) -> None:
    if not today - timedelta(days=MAX_START_DAYS_AGO) <= start <= today + timedelta(days=MAX_START_DAYS_AHEAD):
        raise invalid("/start_date", f"must lie within {MAX_START_DAYS_AGO} days before today and {MAX_START_DAYS_AHEAD} after")


def require_target(target: date | None, start: date, today: date) -> None:
    """Raises Problem (invalid) for a target date before the start, or one that is past already."""
    if target is not None and target < max(start, today):
        raise invalid("/target_completion_date", "must be neither before start_date nor past")


# --- The lifecycle ---------------------------------------------------------------------------------------------------


async def pause(tx: Transaction, enrollment_id: UUID, if_match: int | None) -> None:
    """Pauses: what is planned from today on is not due until it is resumed.

    Raises:
        Problem: as `take`.
    """
    row = await take(tx, enrollment_id, EnrollmentVerb.PAUSE, if_match)
    await store(tx, row, enrollment_status=EnrollmentStatus.PAUSED, paused_on=clock.today(row["time_zone"]))


async def resume(tx: Transaction, enrollment_id: UUID, if_match: int | None) -> None:
    """Resumes: what is still to come, and the target date, move by the days paused.

    Raises:
        Problem: as `take`.
    """
    row = await take(tx, enrollment_id, EnrollmentVerb.RESUME, if_match)
    today = clock.today(row["time_zone"])
    paused_on, target = row["paused_on"] or today, row["target_completion_date"]
    sessions = await cycle_sessions(tx, row)
    await move_sessions(tx, row, rules.resumed(sessions, paused_on, today, schedule_of(row)))
    target = None if target is None else target + max(today - paused_on, timedelta(0))
    await store(tx, row, enrollment_status=EnrollmentStatus.ACTIVE, paused_on=None, target_completion_date=target)
    await advance(tx, enrollment_id)


async def cancel(tx: Transaction, enrollment_id: UUID, if_match: int | None) -> None:
    """Cancels an enrollment and what is still planned of it; what was done stays.

    Raises:
        Problem: as `take`.
    """
    await _end(tx, await take(tx, enrollment_id, EnrollmentVerb.CANCEL, if_match), EnrollmentStatus.CANCELLED)


async def complete(tx: Transaction, enrollment_id: UUID, if_match: int | None) -> None:
    """Ends an enrollment as completed, before its last day; what is still planned of it is cancelled.

    Raises:
        Problem: as `take`.
    """
    row = await take(tx, enrollment_id, EnrollmentVerb.COMPLETE, if_match)
    await _end(tx, row, EnrollmentStatus.COMPLETED, actual_completion_date=clock.today(row["time_zone"]))


async def _end(tx: Transaction, row: asyncpg.Record, status: EnrollmentStatus, **changes: Any) -> None:
    await store(tx, row, enrollment_status=status, paused_on=None, **changes)
    await tx.execute(queries.CANCEL_SESSIONS, tx.athlete, row["id"], changes.get("completed_by_itself", False))


async def restart(tx: Transaction, enrollment_id: UUID, body: RestartIn | None, if_match: int | None) -> None:
    """Begins the next cycle: day 1, everything planned anew in the same revision; the cycle that is over is kept.

    Raises:
        Problem: as `take`; invalid (dates); conflict (there is no further cycle).
    """
    row = await take(tx, enrollment_id, EnrollmentVerb.RESTART, if_match)
    if row["cycle"] == MAX_CYCLE:
        raise Problem("conflict", "an enrollment has no more cycles than this")
    body = body or RestartIn()
    today = clock.today(row["time_zone"])
    start = body.start_date or today
    _require_start(start, today)
    weekdays = body.weekdays(row["training_weekdays"])
    schedule = Schedule(_weekdays(weekdays), body.time_of_day(row["training_time"]))
    places = _laid_out(await load_plan(tx, row["program_id"], row["program_revision"]), start, schedule)
    target = body.target(rules.stretched(today, [at for _, at in places]))
    require_target(target, start, today)
    await tx.execute(
        queries.INSERT_CYCLE, tx.athlete, uuid7(), row["id"], row["cycle"], row["program_revision"], row["enrollment_status"],
        row["start_date"], row["target_completion_date"], row["actual_completion_date"], row["current_day"],
    )  # fmt: skip
    await store(
        tx, row, enrollment_status=EnrollmentStatus.ACTIVE, cycle=row["cycle"] + 1, current_day=_first_day(places),
        start_date=start, target_completion_date=target, actual_completion_date=None, training_weekdays=schedule.weekdays,
        training_time=schedule.at, completed_by_itself=False,
    )  # fmt: skip
    if row["completed_by_itself"]:
        await tx.execute(queries.FORGET_SESSIONS, tx.athlete, enrollment_id)
    await plan_sessions(tx, enrollment_id, row["cycle"] + 1, row["time_zone"], places)


async def extend(tx: Transaction, enrollment_id: UUID, body: ExtendIn, if_match: int | None) -> None:
    """Goes on with an enrollment that has expired: what was cancelled with it is planned again, from today on.

    Raises:
        Problem: as `take`; invalid (a target date that is past).
    """
    row = await take(tx, enrollment_id, EnrollmentVerb.EXTEND, if_match)
    today = clock.today(row["time_zone"])
    require_target(body.target_completion_date, row["start_date"], today)
    back = [s for s in await cycle_sessions(tx, row) if s.returns]
    await move_sessions(tx, row, rules.lay_again(back, today, schedule_of(row)))
    await store(tx, row, enrollment_status=EnrollmentStatus.ACTIVE, target_completion_date=body.target_completion_date)
    await advance(tx, enrollment_id)


async def advance(tx: Transaction, enrollment_id: UUID) -> None:
    """Brings an enrollment up to date with its sessions: the day it is on, and its end once nothing is open any more.

    Call it whenever a session of an enrollment ends, is reopened, deleted, or comes back. One that was ended stays as it
    ended, but one that completed by itself goes on as soon as something of its cycle is open again: that takes back what had
    completed it. While paused nothing completes by itself. With nothing open the day is the last one that had a session.
    """
    row = await tx.row(queries.STANDING, tx.athlete, enrollment_id)
    if row is None:
        return
    changes: dict[str, Any] = {"current_day": row["open_day"] or row["last_day"] or row["current_day"]}
    if row["completed_by_itself"]:
        if row["open_day"] is not None:
            changes.update(enrollment_status=EnrollmentStatus.ACTIVE, actual_completion_date=None, completed_by_itself=False)
            await store(tx, row, **changes)
            await tx.execute(queries.RETURN_SESSIONS, tx.athlete, row["id"])
    elif row["enrollment_status"] not in LIVE:
        return
    elif row["open_day"] is None and row["enrollment_status"] in TRANSITIONS[EnrollmentVerb.COMPLETE][0]:
        today = clock.today(row["time_zone"])
        await _end(tx, row, EnrollmentStatus.COMPLETED, actual_completion_date=today, completed_by_itself=True, **changes)
    elif any(row[name] != value for name, value in changes.items()):
        await store(tx, row, **changes)


async def require_running(tx: Transaction, enrollment_id: UUID, cycle: int | None, detail: str) -> None:
    """Raises Problem (verb-not-allowed) if a cycle is over: nothing of it can be planned again.

    Without a cycle, of a session that was hung on it by hand, if the enrollment has ended. One that completed by itself goes on
    with its own sessions.
    """
    row = await find(tx, enrollment_id)
    goes_on = row["enrollment_status"] in LIVE or (row["completed_by_itself"] and cycle is not None)
    if not goes_on or cycle not in (None, row["cycle"]):
        raise refused(row, detail)


# --- The system's own work -------------------------------------------------------------------------------------------


async def due_for_expiry(tx: Transaction, grace_days: int) -> list[UUID]:
    """The athletes who have an enrollment that is to expire; `tx` is the system's with no athlete."""
    return [row["user_id"] for row in await tx.rows(queries.DUE, clock.now(), grace_days)]


async def expire_due(tx: Transaction, grace_days: int) -> int:
    """Expires the athlete's enrollments whose target date and grace are past where they are; returns how many."""
    rows = await tx.rows(queries.DUE_OF_ATHLETE, tx.athlete, clock.now(), grace_days)
    for row in rows:
        await _end(tx, row, EnrollmentStatus.EXPIRED)
    return len(rows)


async def keep_wall_clock(tx: Transaction, before: str, after: str) -> None:
    """The athlete's time zone is another: what is planned from today on stays where it is by the clock on the wall."""
    if before != after:
        await tx.execute(queries.KEEP_WALL_CLOCK, tx.athlete, before, after, clock.today(before))
