"""The wire structs of programs: what is taken, with its bounds, and what is answered."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from reptrail.catalog.instructions import InstructionIn, InstructionOut
from reptrail.catalog.rules import MAX_INSTRUCTIONS_PER_WORKOUT
from reptrail.catalog.wire import Description, Name, Query
from reptrail.errors import FieldError
from reptrail.http.bodies import Body, text
from reptrail.http.paging import Page
from reptrail.programs.rules import (
    MAX_DAYS,
    MAX_FILE_CHARACTERS,
    MAX_KEY_CHARACTERS,
    MAX_WORKOUTS,
    MAX_WORKOUTS_PER_DAY,
    WorkoutKind,
)
from reptrail.training.wire import Notes, Revision

Key = Annotated[str, text(1, MAX_KEY_CHARACTERS)]


class ProgramWorkoutIn(Body, kw_only=True):
    """A workout of a program, under the key by which its days name it: written here, or one of the catalogue (`workout_id`).

    Of the catalogue's the latest revision is meant, unless one is named; the program keeps the one it was published with.
    """

    workout_key: Key
    workout_name: Name | None = None
    description: Description | None = None
    instructions: Annotated[list[InstructionIn], Meta(min_length=1, max_length=MAX_INSTRUCTIONS_PER_WORKOUT)] | None = None
    workout_id: UUID | None = None
    workout_revision: Revision | None = None

    def together(self) -> Iterable[FieldError]:
        """Written here, or of the catalogue."""
        if self.workout_id is None:
            for name in ("workout_name", "instructions"):
                if getattr(self, name) is None:
                    yield FieldError(f"/{name}", "is required, unless workout_id names a workout of the catalogue")
            if self.workout_revision is not None:
                yield FieldError("/workout_revision", "comes with workout_id")
        else:
            for name in ("workout_name", "description", "instructions"):
                if getattr(self, name) is not None:
                    yield FieldError(f"/{name}", "is the catalogue's: leave it out, or leave out workout_id")


class ProgramDayIn(Body, kw_only=True):
    """A day: the keys of its workouts in their order; none, and it is a rest day."""

    day_name: Name | None = None
    day_notes: Notes | None = None
    workouts: Annotated[list[Key], Meta(max_length=MAX_WORKOUTS_PER_DAY)]


class ProgramPut(Body, kw_only=True):
    """The text of a program: all of it, as a revision holds it. The days follow each other, the first is day 1."""

    program_name: Name
    description: Description | None = None
    is_public: bool = False
    workouts: Annotated[list[ProgramWorkoutIn], Meta(min_length=1, max_length=MAX_WORKOUTS)]
    days: Annotated[list[ProgramDayIn], Meta(min_length=1, max_length=MAX_DAYS)]

    def together(self) -> Iterable[FieldError]:
        """Each key names one workout, and each workout has its day."""
        keys = [each.workout_key for each in self.workouts]
        used = {key for day in self.days for key in day.workouts}
        seen: set[str] = set()
        for place, key in enumerate(keys):
            if key in seen:
                yield FieldError(f"/workouts/{place}/workout_key", "is there twice")
            elif key not in used:
                yield FieldError(f"/workouts/{place}/workout_key", "is in no day")
            seen.add(key)
        yield from self._unknown_keys(seen)

    def _unknown_keys(self, known: set[str]) -> Iterator[FieldError]:
        for number, day in enumerate(self.days):
            for place, key in enumerate(day.workouts):
                if key not in known:
                    yield FieldError(f"/days/{number}/workouts/{place}", "is the key of no workout of this program")


class ProgramIn(ProgramPut, kw_only=True):
    """A program of one's own."""

    id: UUID | None = None


class CopyIn(Body, kw_only=True):
    """A copy to be made: the revision (the latest), and the id it shall have."""

    id: UUID | None = None
    revision: Revision | None = None


class ProgramFileIn(Body, kw_only=True):
    """A program file (docs/program-files.md), and whose next revision it is to be; none: it becomes a program of its own."""

    program_file: Annotated[str, text(1, MAX_FILE_CHARACTERS)]
    into: UUID | None = None


class ProgramsQuery(Page):
    """What programs to list. `q` forgives typing errors."""

    q: Query | None = None
    mine: bool = False


class OwnProgramsQuery(Page):
    """What programs of an athlete to list. `q` forgives typing errors."""

    q: Query | None = None


class DifferenceQuery(Body, rename={"from_revision": "from", "to_revision": "to"}, kw_only=True):
    """Which two revisions to compare; `to` is the latest, if none is named."""

    from_revision: Revision
    to_revision: Revision | None = None


class ProgramItem(msgspec.Struct):
    """A program in a list, in its latest revision; `user_id` is null for a built-in one."""

    id: UUID
    user_id: UUID | None
    slug: str | None
    program_name: str
    description: str | None
    is_public: bool
    revision: int
    day_count: int
    training_days: int
    workouts_a_week: float
    copied_from_id: UUID | None
    copied_from_revision: int | None
    created_by: UUID | None
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class ProgramPage(msgspec.Struct):
    """A page of programs: by likeness to `q`, else by name."""

    items: list[ProgramItem]
    next_cursor: str | None


class ProgramWorkoutOut(msgspec.Struct):
    """A workout of a program with all it asks. PROGRAM: it is a part of the program; CATALOG: one of the catalogue."""

    workout_key: str
    workout_id: UUID
    workout_revision: int
    kind: WorkoutKind
    user_id: UUID | None
    is_public: bool
    workout_name: str
    description: str | None
    instructions: list[InstructionOut]


class DayWorkoutOut(msgspec.Struct):
    """A workout in a day."""

    position: int
    workout_key: str
    workout_id: UUID
    workout_revision: int
    workout_name: str


class ProgramDayOut(msgspec.Struct):
    """A day; no workouts: a rest day."""

    day_number: int
    day_name: str | None
    day_notes: str | None
    workouts: list[DayWorkoutOut]


class ProgramOut(msgspec.Struct):
    """A program in one of its revisions, whole: its workouts once each, its days in their order.

    `is_active` is false for an archived one, which its owner and those who are enrolled in it go on reading.
    """

    id: UUID
    user_id: UUID | None
    slug: str | None
    program_name: str
    description: str | None
    is_public: bool
    is_active: bool
    revision: int
    latest_revision: int
    day_count: int
    copied_from_id: UUID | None
    copied_from_revision: int | None
    workouts: list[ProgramWorkoutOut]
    days: list[ProgramDayOut]
    created_by: UUID | None
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int
