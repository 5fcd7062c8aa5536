"""Exercises, metrics and workouts over HTTP: parse, call, answer."""

from typing import Any
from uuid import UUID

from reptrail.catalog import actions, queries
from reptrail.catalog.wire import (
    ExerciseIn,
    ExerciseOut,
    ExercisePage,
    ExercisePatch,
    ExercisesQuery,
    MetricIn,
    MetricOut,
    MetricPage,
    MetricPatch,
    NamesQuery,
    RevisionQuery,
    WorkoutIn,
    WorkoutOut,
    WorkoutPage,
    WorkoutPut,
)
from reptrail.db.pool import Transaction
from reptrail.http.edge import CREATED, NO_CONTENT, Answer, answers
from reptrail.http.paging import decode_cursor, page_json


async def list_exercises(tx: Transaction, query: ExercisesQuery) -> Answer[ExercisePage]:
    """Built-in and own exercises: what `q` may mean, best first, else the most popular first."""
    filters = (query.mine, query.muscle, query.equipment, query.tracks)
    if query.q and query.q.strip():
        names = await tx.rows(queries.EXERCISE_NAMES, tx.athlete, *filters)
        return Answer(await actions.found_page(tx, query, query.q, names, queries.EXERCISES_IN_ORDER))
    last = decode_cursor(query.cursor, int, str, UUID)
    return Answer(page_json(await tx.row(queries.EXERCISES, tx.athlete, *filters, *last, query.limit + 1), query.limit))


@answers("not-found", "conflict", "id-taken", statuses=(201,), etag=True)
async def create_exercise(tx: Transaction, body: ExerciseIn) -> Answer[ExerciseOut]:
    """Make a private exercise."""
    return await _one(tx, queries.EXERCISE, await actions.create_exercise(tx, body.id, body.columns()), status=CREATED)


@answers(etag=True)
async def get_exercise(tx: Transaction, exercise_id: UUID) -> Answer[ExerciseOut]:
    """An exercise."""
    return await _one(tx, queries.EXERCISE, exercise_id)


@answers("conflict", etag=True)
async def patch_exercise(tx: Transaction, exercise_id: UUID, body: ExercisePatch, if_match: int | None) -> Answer[ExerciseOut]:
    """Edit a private exercise."""
    await actions.change_exercise(tx, exercise_id, body.columns(), if_match)
    return await _one(tx, queries.EXERCISE, exercise_id)


@answers("conflict")
async def delete_exercise(tx: Transaction, exercise_id: UUID, if_match: int | None) -> Answer[None]:
    """Delete a private exercise. What was done with it stays."""
    await actions.delete_exercise(tx, exercise_id, if_match)
    return Answer(status=NO_CONTENT)


async def list_metrics(tx: Transaction, query: NamesQuery) -> Answer[MetricPage]:
    """Built-in and own metrics: what `q` may mean, best first, else by name."""
    statements = (queries.METRIC_NAMES, queries.METRICS_IN_ORDER, queries.METRICS)
    return Answer(await _named_page(tx, query, *statements))


@answers("not-found", "conflict", "id-taken", statuses=(201,), etag=True)
async def create_metric(tx: Transaction, body: MetricIn) -> Answer[MetricOut]:
    """Make a private metric, measured in one unit."""
    return await _one(tx, queries.METRIC, await actions.create_metric(tx, body.id, body.columns()), status=CREATED)


@answers(etag=True)
async def get_metric(tx: Transaction, metric_id: UUID) -> Answer[MetricOut]:
    """A metric."""
    return await _one(tx, queries.METRIC, metric_id)


@answers("conflict", etag=True)
async def patch_metric(tx: Transaction, metric_id: UUID, body: MetricPatch, if_match: int | None) -> Answer[MetricOut]:
    """Edit a private metric's name or plausible bounds."""
    await actions.change_metric(tx, metric_id, body.columns(), if_match)
    return await _one(tx, queries.METRIC, metric_id)


@answers("conflict")
async def delete_metric(tx: Transaction, metric_id: UUID, if_match: int | None) -> Answer[None]:
    """Delete a private metric. What was measured in it stays."""
    await actions.delete_metric(tx, metric_id, if_match)
    return Answer(status=NO_CONTENT)


async def list_workouts(tx: Transaction, query: NamesQuery) -> Answer[WorkoutPage]:
    """Built-in and own workouts: what `q` may mean, best first, else by name."""
    statements = (queries.WORKOUT_NAMES, queries.WORKOUTS_IN_ORDER, queries.WORKOUTS)
    return Answer(await _named_page(tx, query, *statements))


@answers("not-found", "id-taken", statuses=(201,), etag=True)
async def create_workout(tx: Transaction, body: WorkoutIn) -> Answer[WorkoutOut]:
    """Make a workout."""
    return await _one(tx, queries.WORKOUT, await actions.create_workout(tx, body), None, status=CREATED)


@answers(etag=True)
async def get_workout(tx: Transaction, workout_id: UUID, query: RevisionQuery) -> Answer[WorkoutOut]:
    """A workout as it is now, or in an old revision."""
    return await _one(tx, queries.WORKOUT, workout_id, query.revision)


@answers(etag=True)
async def put_workout(tx: Transaction, workout_id: UUID, body: WorkoutPut, if_match: int | None) -> Answer[WorkoutOut]:
    """Publish a new revision of a workout. What was planned or done by an old one keeps it."""
    await actions.change_workout(tx, workout_id, body, if_match)
    return await _one(tx, queries.WORKOUT, workout_id, None)


async def delete_workout(tx: Transaction, workout_id: UUID, if_match: int | None) -> Answer[None]:
    """Archive a workout. What was planned or done by it keeps it."""
    await actions.delete_workout(tx, workout_id, if_match)
    return Answer(status=NO_CONTENT)


async def _one(tx: Transaction, statement: str, row_id: UUID, *args: Any, status: int = 200) -> Answer[Any]:
    row = await actions.find(tx, statement, row_id, *args)
    return Answer(row["document"].encode(), status=status, version=row["version"])


async def _named_page(tx: Transaction, query: NamesQuery, names: str, in_order: str, by_name: str) -> bytes:
    if query.q and query.q.strip():
        return await actions.found_page(tx, query, query.q, await tx.rows(names, tx.athlete, query.mine), in_order)
    last = decode_cursor(query.cursor, str, UUID)
    return page_json(await tx.row(by_name, tx.athlete, query.mine, *last, query.limit + 1), query.limit)
