"""Putting the text of a program into rows: which workouts are new, which stay, and the few statements that store them all.

Apart from actions.py because copying and editing share it and the two together pass 400 lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from reptrail.catalog.actions import Text, exercise_errors, publish_program_workouts
from reptrail.catalog.instructions import StoredInstruction
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem
from reptrail.ids import uuid7
from reptrail.programs import queries
from reptrail.programs.rules import WorkoutKind
from reptrail.programs.wire import ProgramDayIn, ProgramPut, ProgramWorkoutIn


class StoredWorkout(msgspec.Struct):
    """A workout of a program as it is answered, read as it was sent."""

    workout_key: str
    workout_id: UUID
    workout_revision: int
    kind: WorkoutKind
    user_id: UUID | None
    is_public: bool
    workout_name: str
    description: str | None
    instructions: list[StoredInstruction]


class _StoredKey(msgspec.Struct):
    workout_key: str


class _StoredDay(msgspec.Struct):
    day_name: str | None
    day_notes: str | None
    workouts: list[_StoredKey]


class StoredProgram(msgspec.Struct):
    """A program as it is answered, read as it was sent."""

    program_name: str
    description: str | None
    is_public: bool
    workouts: list[StoredWorkout]
    days: list[_StoredDay]

    def by_key(self) -> dict[str, StoredWorkout]:
        """Its workouts by their keys."""
        return {each.workout_key: each for each in self.workouts}

    def days_in(self) -> list[ProgramDayIn]:
        """Its days, as they are sent."""
        return [
            ProgramDayIn(day_name=d.day_name, day_notes=d.day_notes, workouts=[w.workout_key for w in d.workouts])
            for d in self.days
        ]


decode_program = msgspec.json.Decoder(StoredProgram).decode


@dataclass(frozen=True, slots=True)
class _Placed:
    """A workout of a program, in the revision to be pinned; `text` where that has yet to be stored."""

    workout_id: UUID
    revision: int
    text: Text | None = None


def same_program(body: ProgramPut, stored: StoredProgram) -> bool:
    """Whether a body says what is stored already. A workout of the catalogue with no revision named is the one there is."""
    there = stored.by_key()
    asked = (body.program_name.strip(), body.description, body.is_public, [_day(each) for each in body.days])
    return (
        asked == (stored.program_name, stored.description, stored.is_public, [_day(each) for each in stored.days_in()])
        and {each.workout_key for each in body.workouts} == there.keys()
        and all(_same_workout(each, there[each.workout_key], body.is_public) for each in body.workouts)
    )


def _day(day: ProgramDayIn) -> tuple[Any, ...]:
    return day.day_name and day.day_name.strip(), day.day_notes, day.workouts


def _same_workout(asked: ProgramWorkoutIn, there: StoredWorkout, is_public: bool) -> bool:
    """A workout that is a part of the program is public where the program is: its rows say so themselves."""
    if asked.workout_id is not None:
        named = asked.workout_revision in (None, there.workout_revision)
        return there.kind is WorkoutKind.CATALOG and asked.workout_id == there.workout_id and named
    if there.kind is WorkoutKind.CATALOG or there.is_public != is_public:
        return False
    text = ((asked.workout_name or "").strip(), asked.description, [each.given() for each in asked.instructions or ()])
    return text == (there.workout_name, there.description, [each.given() for each in there.instructions])


async def place(
    tx: Transaction, body: ProgramPut, before: Iterable[StoredWorkout] = (), *, trusted: bool = False
) -> dict[str, _Placed]:
    """Which workout in which revision each key names.

    A workout of the program that says the same as `before` stays the one it is; another text is a new revision of the
    workout of this key, and a new key a new workout. What is `trusted` was read from a program the actor may read, and is
    not looked up again: the exercises and catalogue's workouts in it may be archived by now.

    Raises:
        Problem: invalid (a workout or an exercise that is not there, or is private in a public program).
    """
    there = {each.workout_key: each for each in before}
    placed: dict[str, _Placed] = {}
    stems: dict[str, Sequence[Any]] = {}
    for number, each in enumerate(body.workouts):
        if each.workout_id is not None:
            continue
        old = there.get(each.workout_key)
        if old is not None and old.kind is WorkoutKind.CATALOG:
            old = None
        if old is not None and _same_workout(each, old, body.is_public):
            placed[each.workout_key] = _Placed(old.workout_id, old.workout_revision)
            continue
        workout_id, revision = (uuid7(), 1) if old is None else (old.workout_id, old.workout_revision + 1)
        instructions = each.instructions or []
        text = Text(workout_id, revision, (each.workout_name or "").strip(), each.description, instructions)
        placed[each.workout_key] = _Placed(workout_id, revision, text)
        stems[f"/workouts/{number}"] = instructions
    wrong = [] if trusted else await exercise_errors(tx, stems, is_public=body.is_public)
    wrong += await _place_catalogue(tx, body, there, placed, trusted=trusted)
    if wrong:
        raise Problem("invalid", errors=wrong)
    return placed


async def _place_catalogue(
    tx: Transaction, body: ProgramPut, there: dict[str, StoredWorkout], placed: dict[str, _Placed], *, trusted: bool
) -> list[FieldError]:
    """Places the workouts of the catalogue; those that a private program has already need not be there any more."""
    wanted = [(number, each) for number, each in enumerate(body.workouts) if each.workout_id is not None]
    if not wanted:
        return []
    ids, revisions = [each.workout_id for _, each in wanted], [each.workout_revision for _, each in wanted]
    found = {} if trusted else {row["place"]: row for row in await tx.rows(queries.FIND_WORKOUTS, tx.athlete, ids, revisions)}
    wrong = []
    for place_, (number, each) in enumerate(wanted):
        row, old = found.get(place_), there.get(each.workout_key)
        if trusted and each.workout_id is not None and each.workout_revision is not None:
            placed[each.workout_key] = _Placed(each.workout_id, each.workout_revision)
        elif row is not None and (row["is_public"] or not body.is_public):
            placed[each.workout_key] = _Placed(row["workout_id"], row["revision"])
        elif row is None and old is not None and _same_workout(each, old, body.is_public) and (old.is_public or not body.is_public):
            placed[each.workout_key] = _Placed(old.workout_id, old.workout_revision)
        else:
            detail = "there is no such workout" if row is None else "is private: what is public uses public workouts only"
            wrong.append(FieldError(f"/workouts/{number}/workout_id", detail))
    return wrong


async def publish(tx: Transaction, program_id: UUID, revision: int, body: ProgramPut, placed: dict[str, _Placed]) -> None:
    """Stores a revision of a program with its days, and the workouts that are new in it: as many statements for 1,000 days."""
    texts = [each.text for each in placed.values() if each.text is not None]
    await publish_program_workouts(tx, texts, is_public=body.is_public)
    key = (tx.athlete, program_id, revision, body.is_public)
    await tx.execute(
        queries.INSERT_REVISION, tx.athlete, uuid7(), *key[1:], body.program_name.strip(), body.description, len(body.days)
    )
    names = [day.day_name and day.day_name.strip() for day in body.days]
    await tx.execute(queries.INSERT_DAYS, *key, [uuid7() for _ in names], names, [day.day_notes for day in body.days])
    rows = [
        (uuid7(), number, position, each, placed[each].workout_id, placed[each].revision)
        for number, day in enumerate(body.days, start=1)
        for position, each in enumerate(day.workouts, start=1)
    ]
    await tx.execute(queries.INSERT_DAY_WORKOUTS, *key, *map(list, zip(*rows, strict=True)))
