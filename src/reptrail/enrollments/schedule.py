"""What moves an enrollment's sessions without moving it through its lifecycle: other days, another revision, another date.

Apart from actions.py because rescheduling needs training's actions, and those call actions.py (docs/decisions/0012).
"""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.enrollments import actions, queries, rules
from reptrail.enrollments.rules import MAX_RESCHEDULE_DAYS, EnrollmentVerb, Schedule
from reptrail.enrollments.wire import EnrollmentPatch, RescheduleIn, UpgradeIn
from reptrail.errors import Problem, invalid, not_found
from reptrail.http.preconditions import changed
from reptrail.programs.actions import load_plan
from reptrail.training.actions import refused as session_refused
from reptrail.training.actions import session_json
from reptrail.training.rules import SessionStatus


def _reference(row: asyncpg.Record) -> date:
    """The day from which on sessions are still to come: today, or, while paused, the day the pause began."""
    paused_on: date | None = row["paused_on"]
    return paused_on or clock.today(row["time_zone"])


async def change(tx: Transaction, enrollment_id: UUID, body: EnrollmentPatch, if_match: int | None) -> None:
    """Edits an enrollment; other weekdays, or another time, lay what is still to come anew.

    Where the plan then ends after the target date, that moves out with it.

    Raises:
        Problem: not-found; precondition-failed; invalid (a target date that is past).
    """
    row = await actions.find(tx, enrollment_id, if_match)
    given = body.given()
    target = body.target(row["target_completion_date"])
    if target != row["target_completion_date"]:
        actions.require_target(target, row["start_date"], clock.today(row["time_zone"]))
    weekdays = body.weekdays(row["training_weekdays"])
    schedule = Schedule(None if weekdays is None else tuple(weekdays), body.time_of_day(row["training_time"]))
    if schedule != actions.schedule_of(row):
        times = await _lay_again(tx, row, schedule)
        if "target_completion_date" not in given:
            target = rules.stretched(target, times.values())
    await actions.store(
        tx, row, target_completion_date=target, training_weekdays=schedule.weekdays, training_time=schedule.at,
        enrollment_notes=given.get("enrollment_notes", row["enrollment_notes"]),
    )  # fmt: skip


async def _lay_again(tx: Transaction, row: asyncpg.Record, schedule: Schedule) -> dict[UUID, datetime]:
    sessions = await actions.cycle_sessions(tx, row)
    reference = _reference(row)
    coming = rules.to_come(sessions, reference)
    if schedule.weekdays == actions.schedule_of(row).weekdays:
        times = {s.id: datetime.combine(s.local_at.date(), schedule.at) for s in coming if s.local_at is not None}
    else:
        times = rules.lay_again(coming, rules.next_free_date(sessions, reference, row["start_date"]), schedule)
    await actions.move_sessions(tx, row, times)
    return times


async def upgrade(tx: Transaction, enrollment_id: UUID, body: UpgradeIn, if_match: int | None) -> None:
    """Takes the enrollment to the revision that the athlete was shown: what is still to come follows it, what was done stays.

    Accepting the revision it is in changes nothing.

    Raises:
        Problem: as `actions.take`; invalid (there is no such revision, or it is older).
    """
    row = await actions.take(tx, enrollment_id, EnrollmentVerb.UPGRADE, if_match)
    if body.program_revision == row["program_revision"]:
        return
    if not row["program_revision"] < body.program_revision <= row["latest_revision"]:
        raise invalid("/program_revision", f"must be from {row['program_revision']}, the present one, to {row['latest_revision']}")
    plan = await load_plan(tx, row["program_id"], body.program_revision)
    sessions = await actions.cycle_sessions(tx, row)
    what = rules.upgraded(sessions, actions.places_of(plan), _reference(row), row["start_date"], actions.schedule_of(row))
    await _follow(tx, row, what)
    planned = [at for _, _, at in what.repinned if at is not None] + [at for _, at in what.added]
    target = rules.stretched(row["target_completion_date"], planned)
    await actions.store(tx, row, program_revision=body.program_revision, target_completion_date=target)
    await actions.advance(tx, enrollment_id)


async def _follow(tx: Transaction, row: asyncpg.Record, what: rules.Upgrade) -> None:
    if what.hidden:
        await tx.execute(queries.HIDE_SESSIONS, tx.athlete, what.hidden)
    if what.repinned:
        await tx.execute(
            queries.REPIN_SESSIONS, tx.athlete, row["time_zone"], [id_ for id_, _, _ in what.repinned],
            [at for _, _, at in what.repinned], [place.workout_id for _, place, _ in what.repinned],
            [place.workout_revision for _, place, _ in what.repinned],
        )  # fmt: skip
    if what.added:
        await actions.plan_sessions(tx, row["id"], row["cycle"], row["time_zone"], what.added)


async def reschedule(tx: Transaction, session_id: UUID, body: RescheduleIn, if_match: int | None) -> None:
    """Moves a planned session; with `and_following` all later planned ones of its cycle by as many days, their times kept.

    One that had no time yet moves nobody: there is no number of days.

    Raises:
        Problem: not-found; precondition-failed; verb-not-allowed (it is not planned); invalid (it is of no program and none
            follows it, or further away than 1,500 days).
    """
    row = await _planned(tx, session_id, if_match)
    if body.and_following and row["program_day"] is None:
        raise invalid("/and_following", "this session is of no program: none follows it")
    before: datetime | None = row["local_at"]
    local_at = await _wanted(tx, row, body)
    pointer = "/to_date" if body.scheduled_at is None else "/scheduled_at"
    if abs((local_at.date() - clock.today(row["time_zone"])).days) > MAX_RESCHEDULE_DAYS:
        raise invalid(pointer, f"must lie within {MAX_RESCHEDULE_DAYS} days of today")
    if body.scheduled_at is None:
        await actions.move_sessions(tx, row, {session_id: local_at})
    elif not await tx.execute(queries.RESCHEDULE, tx.athlete, session_id, body.scheduled_at, row["version"]):
        raise session_refused(SessionStatus(row["session_status"]), "it changed at this very moment")
    if body.and_following and before is not None:
        await _move_following(tx, row, local_at.date() - before.date(), local_at)


async def _planned(tx: Transaction, session_id: UUID, if_match: int | None) -> asyncpg.Record:
    row = await tx.row(queries.FIND_PLANNED, tx.athlete, session_id)
    if row is None:
        raise not_found()
    if if_match is not None and row["version"] != if_match:
        raise changed((await session_json(tx, session_id))[0])
    if row["session_status"] != SessionStatus.PLANNED:
        raise session_refused(SessionStatus(row["session_status"]), "only a planned session can be rescheduled")
    return row


async def _wanted(tx: Transaction, row: asyncpg.Record, body: RescheduleIn) -> datetime:
    """When the session is wanted, on the athlete's own clock."""
    if body.scheduled_at is not None:
        return body.scheduled_at.astimezone(ZoneInfo(row["time_zone"])).replace(tzinfo=None)
    if body.to_date is None:
        raise invalid("/to_date", "is required")
    if row["local_at"] is not None:
        return datetime.combine(body.to_date, row["local_at"].time())
    at = rules.DEFAULT_TRAINING_TIME
    if row["program_enrollment_id"] is not None:
        at = (await actions.find(tx, row["program_enrollment_id"]))["training_time"]
    return datetime.combine(body.to_date, at)


async def _move_following(tx: Transaction, row: asyncpg.Record, days: timedelta, local_at: datetime) -> None:
    enrollment = await actions.find(tx, row["program_enrollment_id"])
    if enrollment["cycle"] != row["program_cycle"]:
        raise Problem("conflict", "this session is of a cycle that is over")
    place = (row["program_day"], row["program_position"])
    times = {
        s.id: s.local_at + days
        for s in await actions.cycle_sessions(tx, enrollment)
        if s.status is SessionStatus.PLANNED and s.local_at is not None and (s.day or 0, s.position or 0) > place
    }
    await actions.move_sessions(tx, enrollment, times)
    target = rules.stretched(enrollment["target_completion_date"], [local_at, *times.values()])
    if target != enrollment["target_completion_date"]:
        await actions.store(tx, enrollment, target_completion_date=target)
