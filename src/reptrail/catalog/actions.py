"""What can be done to exercises, metrics and workouts, one function a verb: load, decide, store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail.catalog import queries
from reptrail.catalog.instructions import InstructionIn, StoredInstruction
from reptrail.catalog.names import search
from reptrail.catalog.rules import bounds_errors, muscle_errors
from reptrail.catalog.wire import WorkoutIn, WorkoutPut
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, invalid, not_found
from reptrail.http.paging import Page, decode_cursor, encode_cursor
from reptrail.http.preconditions import changed
from reptrail.ids import uuid7

# Nobody pages further through what a search found, and the cursor is not signed.
MAX_SEARCH_RESULTS = 10_000


class _StoredWorkout(msgspec.Struct):
    """A workout as it is answered, read as it was sent."""

    workout_name: str
    description: str | None
    is_public: bool
    instructions: list[StoredInstruction]


@dataclass(frozen=True, slots=True)
class Text:
    """What a revision of a workout says."""

    workout_id: UUID
    revision: int
    workout_name: str
    description: str | None
    instructions: Sequence[InstructionIn]

    @classmethod
    def of(cls, body: WorkoutPut, workout_id: UUID, revision: int) -> "Text":
        """The text of a body, as the revision of a workout."""
        return cls(workout_id, revision, body.workout_name.strip(), body.description, body.instructions)


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
                raise taken(stored)
            return row_id
    made = row_id or uuid7()
    await tx.execute(insert, tx.athlete, made, *columns.values())
    return made


def taken(stored: asyncpg.Record) -> Problem:
    """The refusal of an id that a row with other contents has, with that row."""
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
                raise taken(stored)
            return body.id
    await _require_exercises(tx, body)
    workout_id = body.id or uuid7()
    await tx.execute(queries.INSERT_WORKOUT, tx.athlete, workout_id, body.is_public)
    await publish(tx, [Text.of(body, workout_id, 1)], is_public=body.is_public)
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
    await publish(tx, [Text.of(body, workout_id, row["revision"] + 1)], is_public=body.is_public)


async def exercise_errors(tx: Transaction, asked: Mapping[str, Sequence[InstructionIn]], *, is_public: bool) -> list[FieldError]:
    """Exercises that are not there, or are private in what is public. `asked`: instructions, by the stem of their pointer."""
    wanted = {each.exercise_id for instructions in asked.values() for each in instructions}
    if not wanted:
        return []
    private = {row["id"]: row["user_id"] is not None for row in await tx.rows(queries.FIND_EXERCISES, tx.athlete, list(wanted))}
    return [
        FieldError(
            f"{stem}/instructions/{place}/exercise_id",
            "is private: what is public uses built-in exercises only"
            if each.exercise_id in private
            else "there is no such exercise",
        )
        for stem, instructions in asked.items()
        for place, each in enumerate(instructions)
        if private.get(each.exercise_id, True) and (is_public or each.exercise_id not in private)
    ]


async def _require_exercises(tx: Transaction, body: WorkoutPut) -> None:
    wrong = await exercise_errors(tx, {"": body.instructions}, is_public=body.is_public)
    if wrong:
        raise Problem("invalid", errors=wrong)


async def publish(tx: Transaction, texts: Sequence[Text], *, is_public: bool) -> None:
    """Stores revisions of the athlete's workouts with their instructions: two statements, however many there are."""
    ids, revisions = [each.workout_id for each in texts], [each.revision for each in texts]
    names, descriptions = [each.workout_name for each in texts], [each.description for each in texts]
    made = [uuid7() for _ in texts]
    await tx.execute(queries.INSERT_REVISIONS, tx.athlete, is_public, made, ids, revisions, names, descriptions)
    rows = [
        (uuid7(), each.workout_id, each.revision, position, *asked.columns())
        for each in texts
        for position, asked in enumerate(each.instructions, start=1)
    ]
    await tx.execute(queries.INSERT_INSTRUCTIONS, tx.athlete, is_public, *map(list, zip(*rows, strict=True)))


async def publish_program_workouts(tx: Transaction, texts: Sequence[Text], *, is_public: bool) -> None:
    """Stores the workouts of a program, in these revisions: the first makes the workout, a later one moves it on."""
    if not texts:
        return
    new = [each.workout_id for each in texts if each.revision == 1]
    if new:
        await tx.execute(queries.INSERT_PROGRAM_WORKOUTS, tx.athlete, new, is_public)
    later = [each for each in texts if each.revision > 1]
    if later:
        ids, revisions = [each.workout_id for each in later], [each.revision for each in later]
        await tx.execute(queries.NEXT_REVISIONS, tx.athlete, ids, revisions, is_public)
    await publish(tx, texts, is_public=is_public)


async def adopt_exercises(tx: Transaction, exercise_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """For exercises that are private to somebody else, whom the actor is: the athlete's own of the same name.

    One that the athlete has not is made, so that what a coach hands on does not hang on the coach's account.
    """
    own: dict[UUID, UUID] = {}
    by_name: dict[str, UUID] = {}
    for row in await tx.rows(queries.OTHERS_EXERCISES, tx.athlete, list(set(exercise_ids))):
        name = row["exercise_name"].lower()
        found = row["own_id"] or by_name.get(name)
        if found is None:
            found = uuid7()
            await tx.execute(queries.INSERT_EXERCISE, tx.athlete, found, *row[2:])
        own[row["id"]] = by_name[name] = found
    return own


async def delete_workout(tx: Transaction, workout_id: UUID, if_match: int | None) -> None:
    """Archives a workout. Sessions that pinned a revision of it keep it.

    Raises:
        Problem: not-found, forbidden, precondition-failed.
    """
    await _hide(tx, queries.HIDE_WORKOUT, await _find_own(tx, queries.WORKOUT, workout_id, if_match, None))
