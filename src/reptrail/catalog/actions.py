"""What can be done to exercises, metrics and workouts, one function a verb: load, decide, store."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail.catalog import queries
from reptrail.catalog.names import search
from reptrail.catalog.rules import bounds_errors, muscle_errors
from reptrail.catalog.wire import InstructionIn, WorkoutIn, WorkoutPut
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, invalid, not_found
from reptrail.http.paging import Page, decode_cursor, encode_cursor
from reptrail.http.preconditions import changed
from reptrail.ids import uuid7

# Nobody pages further through what a search found, and the cursor is not signed.
MAX_SEARCH_RESULTS = 10_000


class _StoredInstruction(InstructionIn, forbid_unknown_fields=False):
    """An instruction as it is answered, read as it was sent."""


class _StoredWorkout(msgspec.Struct):
    """A workout as it is answered, read as it was sent."""

    workout_name: str
    description: str | None
    is_public: bool
    instructions: list[_StoredInstruction]


_decode_workout = msgspec.json.Decoder(_StoredWorkout).decode


async def find(tx: Transaction, statement: str, row_id: UUID, *args: Any) -> asyncpg.Record:
    """A row of the catalogue: `document` (its JSON) and its columns. `statement` is one of queries that reads one row.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(statement, tx.athlete, row_id, *args)
    if row is None:
        raise not_found()
    return row


async def _find_own(tx: Transaction, statement: str, row_id: UUID, if_match: int | None, *args: Any) -> asyncpg.Record:
    """A row that may be edited.

    Raises:
        Problem: not-found; forbidden (built in, or another's public one); precondition-failed with the row.
    """
    row = await find(tx, statement, row_id, *args)
    if row["user_id"] != tx.athlete:
        raise Problem("forbidden", "it is built in: make one of your own" if row["user_id"] is None else "it is somebody else's")
    if if_match is not None and row["version"] != if_match:
        raise changed(row["document"].encode())
    return row


async def found_page(tx: Transaction, query: Page, q: str, names: Sequence[asyncpg.Record], in_order: str) -> bytes:
    """A page of what a search finds, best first: {items, next_cursor}. `names` are (id, name, aliases), popular first.

    The cursor counts: the order is the search's own, so there is no key to go on from.
    """
    (skip,) = decode_cursor(query.cursor, int)
    start = skip or 0
    if not 0 <= start <= MAX_SEARCH_RESULTS:
        raise invalid("query/cursor", "is not a cursor of this list")
    end = start + query.limit
    ids: list[UUID] = search(q, [(row[0], row[1], row[2]) for row in names], end + 1)
    items = await tx.json(in_order, tx.athlete, ids[start:end])
    cursor = encode_cursor(end) if len(ids) > end else None
    return b'{"items":%b,"next_cursor":%b}' % (items or b"[]", msgspec.json.encode(cursor))


async def _create(tx: Transaction, read: str, insert: str, row_id: UUID | None, columns: dict[str, Any]) -> UUID:
    """Stores a row, unless it is stored already with the same contents; returns its id.

    Raises:
        Problem: id-taken; conflict, if one of this name is there.
    """
    if row_id is not None:
        stored = await tx.row(read, tx.athlete, row_id)
        if stored is not None:
            if stored["user_id"] != tx.athlete or any(stored[name] != value for name, value in columns.items()):
                raise _taken(stored)
            return row_id
    made = row_id or uuid7()
    await tx.execute(insert, tx.athlete, made, *columns.values())
    return made


def _taken(stored: asyncpg.Record) -> Problem:
    return Problem(
        "id-taken",
        "a row with this id is stored with other contents",
        [FieldError("/id", "is taken")],
        {"current": msgspec.Raw(stored["document"].encode())},
    )


async def _hide(tx: Transaction, hide: str, row: asyncpg.Record) -> None:
    if not await tx.execute(hide, tx.athlete, row["id"], row["version"]):
        raise not_found()


async def create_exercise(tx: Transaction, exercise_id: UUID | None, columns: dict[str, Any]) -> UUID:
    """Makes a private exercise; `columns` are those of wire.ExerciseIn. Returns its id.

    Raises:
        Problem: id-taken; conflict (one has an exercise of this name).
    """
    return await _create(tx, queries.EXERCISE, queries.INSERT_EXERCISE, exercise_id, columns)


async def change_exercise(tx: Transaction, exercise_id: UUID, given: dict[str, Any], if_match: int | None) -> None:
    """Edits a private exercise. `given` holds the columns that were sent.

    Raises:
        Problem: not-found, forbidden, precondition-failed, invalid (a muscle twice), conflict (the name is taken).
    """
    row = await _find_own(tx, queries.EXERCISE, exercise_id, if_match)
    names = ("exercise_name", "equipment", "mechanic", "tracks", "load", "primary_muscles", "secondary_muscles", "aliases")
    values = {name: given.get(name, row[name]) for name in names}
    wrong = list(muscle_errors(values["primary_muscles"], values["secondary_muscles"]))
    if wrong:
        raise Problem("invalid", errors=wrong)
    if not await tx.execute(queries.UPDATE_EXERCISE, tx.athlete, exercise_id, row["version"], *values.values()):
        raise not_found()


async def delete_exercise(tx: Transaction, exercise_id: UUID, if_match: int | None) -> None:
    """Hides a private exercise. What was done with it stays readable, under its name.

    Raises:
        Problem: not-found, forbidden, precondition-failed.
    """
    await _hide(tx, queries.HIDE_EXERCISE, await _find_own(tx, queries.EXERCISE, exercise_id, if_match))


async def create_metric(tx: Transaction, metric_id: UUID | None, columns: dict[str, Any]) -> UUID:
    """Makes a private metric; `columns` are those of wire.MetricIn. Returns its id.

    Raises:
        Problem: id-taken; conflict (one has a metric of this name).
    """
    return await _create(tx, queries.METRIC, queries.INSERT_METRIC, metric_id, columns)


async def change_metric(tx: Transaction, metric_id: UUID, given: dict[str, Any], if_match: int | None) -> None:
    """Edits a private metric. `given` holds the columns that were sent.

    Raises:
        Problem: not-found, forbidden, precondition-failed, invalid (bounds the wrong way round), conflict.
    """
    row = await _find_own(tx, queries.METRIC, metric_id, if_match)
    values = {name: given.get(name, row[name]) for name in ("metric_name", "minimum_plausible", "maximum_plausible")}
    wrong = list(bounds_errors(values["minimum_plausible"], values["maximum_plausible"]))
    if wrong:
        raise Problem("invalid", errors=wrong)
    if not await tx.execute(queries.UPDATE_METRIC, tx.athlete, metric_id, row["version"], *values.values()):
        raise not_found()


async def delete_metric(tx: Transaction, metric_id: UUID, if_match: int | None) -> None:
    """Hides a private metric. What was measured in it stays readable, under its name.

    Raises:
        Problem: not-found, forbidden, precondition-failed.
    """
    await _hide(tx, queries.HIDE_METRIC, await _find_own(tx, queries.METRIC, metric_id, if_match))


async def create_workout(tx: Transaction, body: WorkoutIn) -> UUID:
    """Makes a workout with its first revision, unless it is stored already with the same contents; returns its id.

    Raises:
        Problem: id-taken; invalid (an exercise that is not there, or private in a public workout).
    """
    if body.id is not None:
        stored = await tx.row(queries.WORKOUT, tx.athlete, body.id, 1)
        if stored is not None:
            if stored["user_id"] != tx.athlete or _contents(_decode_workout(stored["document"])) != _contents(body):
                raise _taken(stored)
            return body.id
    await _require_exercises(tx, body)
    workout_id = body.id or uuid7()
    await tx.execute(queries.INSERT_WORKOUT, tx.athlete, workout_id, body.is_public)
    await _publish(tx, workout_id, 1, body)
    return workout_id


def _contents(workout: WorkoutPut | _StoredWorkout) -> tuple[Any, ...]:
    name, instructions = workout.workout_name.strip(), [each.given() for each in workout.instructions]
    return name, workout.description, workout.is_public, instructions


async def change_workout(tx: Transaction, workout_id: UUID, body: WorkoutPut, if_match: int | None) -> None:
    """Publishes a new revision. The old ones stay as they are, and so does what pinned them.

    Raises:
        Problem: not-found, forbidden, precondition-failed; invalid as create_workout.
    """
    row = await _find_own(tx, queries.WORKOUT, workout_id, if_match, None)
    await _require_exercises(tx, body)
    if not await tx.execute(queries.NEXT_REVISION, tx.athlete, workout_id, row["version"], body.is_public):
        raise not_found()
    await _publish(tx, workout_id, row["revision"] + 1, body)


async def _require_exercises(tx: Transaction, body: WorkoutPut) -> None:
    rows = await tx.rows(queries.FIND_EXERCISES, tx.athlete, list({each.exercise_id for each in body.instructions}))
    private = {row["id"]: row["user_id"] is not None for row in rows}
    wrong = [
        FieldError(
            f"/instructions/{place}/exercise_id",
            "is private: a public workout uses built-in exercises only"
            if each.exercise_id in private
            else "there is no such exercise",
        )
        for place, each in enumerate(body.instructions)
        if private.get(each.exercise_id, True) and (body.is_public or each.exercise_id not in private)
    ]
    if wrong:
        raise Problem("invalid", errors=wrong)


async def _publish(tx: Transaction, workout_id: UUID, revision: int, body: WorkoutPut) -> None:
    await tx.execute(
        queries.INSERT_REVISION,
        tx.athlete,
        uuid7(),
        workout_id,
        revision,
        body.is_public,
        body.workout_name.strip(),
        body.description,
    )
    asked = [each.given() for each in body.instructions]
    columns = [[each[name] for each in asked] for name in InstructionIn.__struct_fields__]
    ids = [uuid7() for _ in asked]
    await tx.execute(queries.INSERT_INSTRUCTIONS, tx.athlete, workout_id, revision, body.is_public, ids, *columns)


async def delete_workout(tx: Transaction, workout_id: UUID, if_match: int | None) -> None:
    """Archives a workout. Sessions that pinned a revision of it keep it.

    Raises:
        Problem: not-found, forbidden, precondition-failed.
    """
    await _hide(tx, queries.HIDE_WORKOUT, await _find_own(tx, queries.WORKOUT, workout_id, if_match, None))
