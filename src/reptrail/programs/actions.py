"""What can be done to programs, one function a verb: load, decide, store."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail.catalog.actions import adopt_exercises, found_page, taken
from reptrail.db.pool import Transaction
from reptrail.errors import Problem, invalid, not_found
from reptrail.http.paging import Page, decode_cursor, page_json
from reptrail.http.preconditions import changed
from reptrail.ids import uuid7
from reptrail.programs import queries
from reptrail.programs.rules import Difference, ProgramPlan, WorkoutKind, planned_days
from reptrail.programs.rules import difference as differ
from reptrail.programs.storing import StoredProgram, StoredWorkout, decode_program, place, publish, same_program
from reptrail.programs.wire import ProgramIn, ProgramPut, ProgramWorkoutIn


async def find(tx: Transaction, program_id: UUID, revision: int | None = None) -> asyncpg.Record:
    """A program in a revision (the latest): `document` (its JSON) and columns to decide by.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(queries.PROGRAM, tx.athlete, program_id, revision)
    if row is None:
        raise not_found()
    return row


async def _find_own(tx: Transaction, program_id: UUID, if_match: int | None) -> asyncpg.Record:
    """A program that may be edited.

    Raises:
        Problem: not-found; forbidden (built in, or somebody else's); precondition-failed with the program; conflict
            (archived).
    """
    row = await find(tx, program_id)
    if row["user_id"] != tx.athlete:
        raise Problem(
            "forbidden", "it is built in: make a copy" if row["user_id"] is None else "it is somebody else's: make a copy"
        )
    if if_match is not None and row["version"] != if_match:
        raise changed(row["document"].encode())
    if not row["is_active"]:
        raise Problem("conflict", "it is archived: restore it first")
    return row


async def program_page(tx: Transaction, query: Page, q: str | None, *, mine: bool) -> bytes:
    """A page of programs: those that `q` may mean, best first, else by name."""
    if q and q.strip():
        return await found_page(tx, query, q, await tx.rows(queries.PROGRAM_NAMES, tx.athlete, mine), queries.PROGRAMS_IN_ORDER)
    last = decode_cursor(query.cursor, str, UUID)
    return page_json(await tx.row(queries.PROGRAMS, tx.athlete, mine, *last, query.limit + 1), query.limit)


async def load_plan(tx: Transaction, program_id: UUID, revision: int | None) -> ProgramPlan:
    """Which workouts a revision of a program (None: the latest) has on which day. An archived one says so: `is_active`.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(queries.PLAN, tx.athlete, program_id, revision)
    if row is None:
        raise not_found()
    columns = dict(row)
    places = zip(*(columns.pop(name) or () for name in ("days", "positions", "workouts", "revisions")), strict=True)
    return ProgramPlan(**columns, days=planned_days(columns["day_count"], places))


async def create_program(tx: Transaction, body: ProgramIn) -> UUID:
    """Makes a program with its first revision, unless it is stored already with the same contents; returns its id.

    Raises:
        Problem: id-taken; invalid (a workout or an exercise that is not there, or is private in a public program).
    """
    if body.id is not None:
        stored = await tx.row(queries.PROGRAM, tx.athlete, body.id, 1)
        if stored is not None:
            if stored["user_id"] != tx.athlete or not same_program(body, decode_program(stored["document"])):
                raise taken(stored)
            return body.id
    placed = await place(tx, body)
    program_id = body.id or uuid7()
    await tx.execute(queries.INSERT_PROGRAM, tx.athlete, program_id, body.is_public, None, None)
    await publish(tx, program_id, 1, body, placed)
    return program_id


async def change_program(tx: Transaction, program_id: UUID, body: ProgramPut, if_match: int | None) -> None:
    """Publishes a new revision, unless the text is the same. The old ones stay as they are, and so does what pinned them.

    Raises:
        Problem: not-found, forbidden, precondition-failed, conflict (archived); invalid as create_program, and where a
            coach would make an athlete's program public.
    """
    row = await _find_own(tx, program_id, if_match)
    stored = decode_program(row["document"])
    if same_program(body, stored):
        return
    if body.is_public and not stored.is_public and tx.actor_id != tx.athlete:
        raise invalid("/is_public", "only the athlete may publish a program of theirs")
    await _publish_next(tx, row, body, stored)


async def _publish_next(
    tx: Transaction, row: asyncpg.Record, body: ProgramPut, stored: StoredProgram, *, copied_revision: int | None = None
) -> None:
    """The next revision of a program; `copied_revision` where its text is that revision's of the program it is a copy of."""
    placed = await place(tx, body, stored.workouts, trusted=copied_revision is not None)
    revision = row["latest_revision"] + 1
    key = (tx.athlete, row["id"], row["version"])
    if not await tx.execute(queries.NEXT_REVISION, *key, revision, body.is_public, copied_revision):
        raise not_found()
    await publish(tx, row["id"], revision, body, placed)


async def delete_program(tx: Transaction, program_id: UUID, if_match: int | None) -> None:
    """Archives a program: it is in no list and takes no new enrollment. Who is enrolled goes on and reads it.

    Raises:
        Problem: not-found, forbidden, precondition-failed, conflict (it is archived).
    """
    row = await _find_own(tx, program_id, if_match)
    if not await tx.execute(queries.HIDE_PROGRAM, tx.athlete, program_id, row["version"]):
        raise not_found()


async def copy_program(tx: Transaction, program_id: UUID, revision: int | None) -> UUID:
    """The athlete's own private copy of a program that the actor may read, for assigning it; returns the copy's id.

    One that was made before is used: as it is, if it is of this revision; else the text becomes its next revision, which
    reaches the athlete as an upgrade. A coach may tailor the copy without touching the program.

    Raises:
        Problem: not-found.
    """
    row = await find(tx, program_id, revision)
    copy = await tx.row(queries.COPY, tx.athlete, program_id)
    if copy is None:
        return await _store_copy(tx, row, uuid7())
    if copy["copied_from_revision"] != row["revision"]:
        there = await find(tx, copy["id"])
        body = await _copied(tx, decode_program(row["document"]))
        await _publish_next(tx, there, body, decode_program(there["document"]), copied_revision=row["revision"])
    copy_id: UUID = copy["id"]
    return copy_id


async def make_copy(tx: Transaction, program_id: UUID, revision: int | None, copy_id: UUID | None) -> UUID:
    """A new private copy of a program, each time it is asked for; with an id, once. Returns the copy's id.

    Raises:
        Problem: not-found; id-taken (it is the id of something else, or of a copy of something else).
    """
    row = await find(tx, program_id, revision)
    if copy_id is not None:
        stored = await tx.row(queries.PROGRAM, tx.athlete, copy_id, 1)
        if stored is not None:
            if not _is_copy(stored, tx.athlete, program_id, row["revision"] if revision else None):
                raise taken(stored)
            return copy_id
    return await _store_copy(tx, row, copy_id or uuid7())


def _is_copy(stored: asyncpg.Record, athlete: UUID, program_id: UUID, revision: int | None) -> bool:
    document = msgspec.json.decode(stored["document"])
    of = (stored["user_id"], document["copied_from_id"], document["copied_from_revision"])
    return of == (athlete, str(program_id), revision or of[2])


async def _store_copy(tx: Transaction, row: asyncpg.Record, copy_id: UUID) -> UUID:
    body = await _copied(tx, decode_program(row["document"]))
    placed = await place(tx, body, trusted=True)
    await tx.execute(queries.INSERT_PROGRAM, tx.athlete, copy_id, False, row["id"], row["revision"])  # noqa: FBT003 - private
    await publish(tx, copy_id, 1, body, placed)
    return copy_id


async def _copied(tx: Transaction, stored: StoredProgram) -> ProgramPut:
    """The text of a program as the athlete's own: with nothing in it that hangs on somebody else's account."""
    own = await adopt_exercises(tx, (i.exercise_id for w in stored.workouts for i in w.instructions))

    def workout(there: StoredWorkout) -> ProgramWorkoutIn:
        if there.kind is WorkoutKind.CATALOG and (there.is_public or there.user_id == tx.athlete):
            return ProgramWorkoutIn(
                workout_key=there.workout_key, workout_id=there.workout_id, workout_revision=there.workout_revision
            )
        instructions = [msgspec.structs.replace(i, exercise_id=own.get(i.exercise_id, i.exercise_id)) for i in there.instructions]
        return ProgramWorkoutIn(
            workout_key=there.workout_key,
            workout_name=there.workout_name,
            description=there.description,
            instructions=list[Any](instructions),
        )

    return ProgramPut(
        program_name=stored.program_name,
        description=stored.description,
        workouts=[workout(each) for each in stored.workouts],
        days=stored.days_in(),
    )


async def difference(tx: Transaction, program_id: UUID, from_revision: int, to_revision: int | None) -> Difference:
    """What one revision of a program (None: the latest) says otherwise than another.

    Raises:
        Problem: not-found.
    """
    before = await find(tx, program_id, from_revision)
    after = await find(tx, program_id, to_revision)
    return differ(msgspec.json.decode(before["document"]), msgspec.json.decode(after["document"]))
