"""Puts the demonstration athlete into a database."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from reptrail.catalog.builtin import builtin_id
from reptrail.db.pool import Database, Transaction
from reptrail.demo import cycle, queries
from reptrail.demo.history import TIME_ZONE, generate
from reptrail.demo.shapes import History, Performance, PerformedSet
from reptrail.enrollments.actions import plan_sessions
from reptrail.enrollments.rules import Place
from reptrail.errors import Problem
from reptrail.identity.actions import NewUser, create_user, user_by_email
from reptrail.ids import uuid7
from reptrail.measurements.actions import refresh_calculated
from reptrail.programs.actions import create_program
from reptrail.programs.wire import ProgramDayIn, ProgramIn, ProgramWorkoutIn
from reptrail.training.rules import SetKind, SetLoad, WeightUnit

EMAIL = "demo@reptrail.example"
PASSWORD = "reptrail-demo"  # noqa: S105 - printed on the screen, and meant to be
DISPLAY_NAME = "Alex Demo"


async def create_demo(database: Database, *, weeks: int = 104, seed: int = 7, today: date) -> UUID:
    """The demonstration athlete's id; made with a whole history if they are not there yet.

    One transaction: there is never half a history. Whoever runs it a second time, or at the same time, gets the same
    athlete, as they stand by then.

    Args:
        database: with its pool open.
        weeks: how long the history is.
        seed: which one of many.
        today: the day in the demonstration athlete's time zone; all but one planned session lies before it.

    Raises:
        Problem: not-found, if the athlete was there and is active no more.
    """
    found = await _find(database)
    if found is not None:
        return found
    history = generate(weeks=weeks, seed=seed, today=today)
    try:
        async with database.act_as_system(None, uuid7()) as tx:
            user_id = await create_user(
                tx,
                NewUser(email=EMAIL, password=PASSWORD, display_name=DISPLAY_NAME, time_zone=TIME_ZONE, weight_unit=WeightUnit.KG),
                may_administer=False,  # the first person to register is the administrator
            )
            await store(tx, history)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "app_user_email_key":
            raise
    else:
        return user_id
    found = await _find(database)
    if found is None:
        raise Problem("not-found", f"{EMAIL} is active no more")
    return found


async def _find(database: Database) -> UUID | None:
    try:
        async with database.act_as_system(None, uuid7()) as tx:
            return (await user_by_email(tx, EMAIL)).id
    except Problem as problem:
        if problem.slug != "not-found":
            raise
        return None


async def store(tx: Transaction, history: History) -> None:
    """Stores a history for the athlete of this transaction, a statement a table."""
    workout_ids, instruction_ids = await _store_workouts(tx, history)
    found = cycle.find_cycle(history.sessions, TIME_ZONE)
    enrollment_id = None if found is None else await _store_enrollment(tx, found, workout_ids)
    session_ids = await _store_sessions(tx, history, workout_ids, {} if found is None else found.days, enrollment_id)
    performed = [
        (uuid7(), session_id, instruction_ids[session.workout, performance.position], performance)
        for session_id, session in zip(session_ids, history.sessions, strict=True)
        for performance in session.performances
    ]
    await _store_performances(tx, performed)
    await _store_sets(tx, [(performance_id, performance) for performance_id, _, _, performance in performed])
    await _store_measurements(tx, history)
    await refresh_calculated(tx)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


async def _store_workouts(tx: Transaction, history: History) -> tuple[dict[str, UUID], dict[tuple[str, int], UUID]]:
    """Returns the ids of the workouts by key, and of the instructions by key and position."""
    ids = {workout.key: uuid7() for workout in history.workouts}
    rows = [(ids[w.key], "SESSION" if w.is_session_own else "CATALOG") for w in history.workouts]
    await tx.execute(queries.INSERT_WORKOUTS, tx.athlete, *_columns(rows))
    revisions = [(uuid7(), ids[w.key], w.name, w.description) for w in history.workouts]
    await tx.execute(queries.INSERT_REVISIONS, tx.athlete, *_columns(revisions))
    asked = [(w.key, place, i) for w in history.workouts for place, i in enumerate(w.instructions)]
    instruction_ids = {(key, place): uuid7() for key, place, _ in asked}
    instructions = [
        (
            instruction_ids[key, place],
            ids[key],
            place + 1,
            builtin_id("exercise", i.exercise),
            i.group_number,
            i.sets,
            i.reps_min,
            i.reps_max,
            i.rest_seconds,
            i.duration_seconds,
        )
        for key, place, i in asked
    ]
    await tx.execute(queries.INSERT_INSTRUCTIONS, tx.athlete, *_columns(instructions))
    return ids, instruction_ids


async def _store_enrollment(tx: Transaction, of: cycle.Cycle, workout_ids: dict[str, UUID]) -> UUID:
    """The program of the athlete's workouts, the enrollment in it, and what is planned; returns the enrollment's id."""
    days = cycle.program_days()
    keys = sorted({key for key in days if key is not None})
    program_id = await create_program(
        tx,
        ProgramIn(
            program_name=cycle.PROGRAM_NAME,
            description=cycle.PROGRAM_DESCRIPTION,
            workouts=[ProgramWorkoutIn(workout_key=key, workout_id=workout_ids[key]) for key in keys],
            days=[ProgramDayIn(workouts=[] if key is None else [key]) for key in days],
        ),
    )
    enrollment_id = uuid7()
    standing = (of.start, of.current_day, cycle.WEEKDAYS, cycle.TRAINING_TIME)
    await tx.execute(queries.INSERT_ENROLLMENT, tx.athlete, enrollment_id, program_id, *standing)
    places = [(Place(each.day, 1, workout_ids[each.workout], 1), each.local_at) for each in of.ahead]
    await plan_sessions(tx, enrollment_id, 1, TIME_ZONE, places)
    return enrollment_id


async def _store_sessions(
    tx: Transaction, history: History, workout_ids: dict[str, UUID], days: dict[int, int], enrollment_id: UUID | None
) -> list[UUID]:
    """`days`: the day of the program of some of the sessions, by their place."""
    own = {w.key for w in history.workouts if w.is_session_own}
    rows = [
        (
            uuid7(),
            workout_ids[s.workout],
            workout_ids[s.workout] if s.workout in own else None,
            s.status,
            s.scheduled_at,
            s.started_at,
            s.completed_at,
            s.seconds,
            s.effort_rating,
            s.soreness_rating,
            s.notes,
            *((enrollment_id, 1, days[place], 1) if place in days else (None, None, None, None)),
        )
        for place, s in enumerate(history.sessions)
    ]
    if rows:
        await tx.execute(queries.INSERT_SESSIONS, tx.athlete, *_columns(rows))
    return [row[0] for row in rows]


async def _store_performances(tx: Transaction, performed: Sequence[tuple[UUID, UUID, UUID, Performance]]) -> None:
    rows = [
        (
            performance_id,
            session_id,
            instruction_id,
            builtin_id("exercise", p.exercise),
            *summary(p.sets),
            p.difficulty_rating,
            p.notes,
        )
        for performance_id, session_id, instruction_id, p in performed
    ]
    if rows:
        await tx.execute(queries.INSERT_PERFORMANCES, tx.athlete, *_columns(rows))


def summary(sets: Sequence[PerformedSet]) -> tuple[int, int | None, Decimal | None, int | None]:
    """The exact summary of sets, warm-ups left out: how many, their repetitions, the heaviest in kg, their seconds.

    The same as training's SUMMARIZE, which works a session at a time; a test compares.
    """
    counted = [s for s in sets if s.kind is not SetKind.WARMUP]
    reps = [s.reps for s in counted if s.reps is not None]
    weights = [s.weight for s in counted if s.weight and s.load is not SetLoad.ASSISTED]
    seconds = [s.duration_seconds for s in counted if s.duration_seconds is not None]
    return len(counted), sum(reps) if reps else None, max(weights, default=None), sum(seconds) if seconds else None


async def _store_sets(tx: Transaction, performed: Sequence[tuple[UUID, Performance]]) -> None:
    rows = [
        (
            uuid7(),
            performance_id,
            builtin_id("exercise", p.exercise),
            number,
            s.kind,
            s.reps,
            s.weight,
            None if s.weight is None else WeightUnit.KG,
            s.load,
            s.duration_seconds,
            s.distance_m,
            s.rpe,
            s.completed_at,
            s.notes,
        )
        for performance_id, p in performed
        for number, s in enumerate(p.sets, start=1)
    ]
    if rows:
        await tx.execute(queries.INSERT_SETS, tx.athlete, *_columns(rows))


async def _store_measurements(tx: Transaction, history: History) -> None:
    rows = [(uuid7(), builtin_id("metric", m.metric), m.value, m.unit, m.day, m.source, m.notes) for m in history.measurements]
    if rows:
        await tx.execute(queries.INSERT_MEASUREMENTS, tx.athlete, *_columns(rows))
