"""The wire structs of workout sessions, performances and sets: what is taken, with its bounds, and what is answered."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reptrail.errors import FieldError
from reptrail.http.bodies import Body, Day, Moment, bounded, text
from reptrail.http.paging import Page
from reptrail.ids import uuid7
from reptrail.prescriptions.wire import InstructionAsked
from reptrail.training.rules import (
    MAX_EXERCISES_PER_SESSION,
    MAX_SETS_PER_REQUEST,
    SMALLINT_MAX,
    UNSAID,
    SessionPlan,
    SessionStatus,
    SessionVerb,
    SetEntry,
    SetKind,
    SetLoad,
    WeightUnit,
)

Reps = Annotated[int, Meta(ge=0, le=1000)]
Weight = Annotated[Decimal, bounded(0, 2000, 6)]
Seconds = Annotated[int, Meta(ge=1, le=SMALLINT_MAX)]
Distance = Annotated[Decimal, bounded("0.001", 1_000_000, 3)]
SetNumber = Annotated[int, Meta(ge=1, le=1000)]
Rating = Annotated[int, Meta(ge=1, le=10)]
Soreness = Annotated[int, Meta(ge=0, le=10)]
Notes = Annotated[str, text(0, 1000)]
SessionNotes = Annotated[str, text(0, 2000)]
Name = Annotated[str, text(1, 120)]
Paused = Annotated[int, Meta(ge=0, le=86_400)]
Revision = Annotated[int, Meta(ge=1, le=1_000_000)]


def _half_steps(value: Decimal) -> str | None:
    return None if value.is_finite() and 1 <= value <= 10 and value * 2 == int(value * 2) else "must be from 1 to 10 in halves"  # noqa: PLR2004


Rpe = Annotated[
    Decimal,
    Meta(extra={"check": _half_steps}, extra_json_schema={"type": "number", "minimum": 1, "maximum": 10, "multipleOf": 0.5}),
]


class SetFields(Body):
    """What is logged of a set. A weight never comes without its unit."""

    id: UUID | None = None
    set_number: SetNumber | None = None
    kind: SetKind = SetKind.WORKING
    reps: Reps | None = None
    weight: Weight | None = None
    weight_unit: WeightUnit | None = None
    load: SetLoad | None = None
    duration_seconds: Seconds | None = None
    distance_m: Distance | None = None
    rpe: Rpe | None = None
    completed_at: Moment | None = None
    notes: Notes | None = None

    def together(self) -> Iterable[FieldError]:
        """A set says what was done, and a weight in what unit."""
        if self.reps is None and self.duration_seconds is None and self.distance_m is None:
            yield FieldError("/reps", "a set needs reps, duration_seconds or distance_m")
        if (self.weight is None) != (self.weight_unit is None):
            yield FieldError("/weight_unit", "weight and weight_unit come together")

    def entry(self, instruction_id: UUID | None, exercise_id: UUID | None, pointer: str) -> SetEntry:
        """The set as the actions take it; `pointer` says where it stood in the request."""
        return SetEntry(
            self.id or uuid7(),
            instruction_id,
            exercise_id,
            self.set_number,
            self.kind,
            self.reps,
            self.weight,
            self.weight_unit,
            self.load,
            self.duration_seconds,
            self.distance_m,
            self.rpe,
            self.completed_at,
            self.notes,
            pointer,
        )


class SetIn(SetFields):
    """A set to be logged, for an instruction of the session or for an exercise, which is added to it if need be."""

    exercise_instruction_id: UUID | None = None
    exercise_id: UUID | None = None

    def together(self) -> Iterable[FieldError]:
        """One of the two says what the set was of."""
        yield from super().together()
        if (self.exercise_instruction_id is None) == (self.exercise_id is None):
            yield FieldError("/exercise_instruction_id", "give exercise_instruction_id or exercise_id, one of the two")


class SetPatch(Body):
    """What to change of a set; null clears."""

    set_number: SetNumber | UnsetType = UNSET
    kind: SetKind | UnsetType = UNSET
    reps: Reps | None | UnsetType = UNSET
    weight: Weight | None | UnsetType = UNSET
    weight_unit: WeightUnit | None | UnsetType = UNSET
    load: SetLoad | UnsetType = UNSET
    duration_seconds: Seconds | None | UnsetType = UNSET
    distance_m: Distance | None | UnsetType = UNSET
    rpe: Rpe | None | UnsetType = UNSET
    completed_at: Moment | None | UnsetType = UNSET
    notes: Notes | None | UnsetType = UNSET


class SummaryFields(Body):
    """A performance's summary; where it has sets, they say all but difficulty and notes."""

    sets_completed: Annotated[int, Meta(ge=0, le=SMALLINT_MAX)] | UnsetType = UNSET
    reps_completed: Annotated[int, Meta(ge=0, le=SMALLINT_MAX)] | None | UnsetType = UNSET
    weight_used_kg: Annotated[Decimal, bounded("0.000001", 5000, 9)] | None | UnsetType = UNSET
    duration_seconds: Seconds | None | UnsetType = UNSET
    difficulty_rating: Rating | None | UnsetType = UNSET
    performance_notes: Notes | None | UnsetType = UNSET

    def summary(self) -> dict[str, Any]:
        """The summary fields that were sent."""
        return {name: value for name, value in self.given().items() if name in SummaryFields.__struct_fields__}


class PerformancePut(SummaryFields):
    """A performance, by its summary or by its sets: those given become its sets, the rest are hidden."""

    sets: Annotated[list[SetFields], Meta(max_length=MAX_SETS_PER_REQUEST)] | UnsetType = UNSET


class PerformanceIn(SummaryFields):
    """A performance nested in a session that is recorded whole."""

    exercise_instruction_id: UUID | None = None
    exercise_id: UUID | None = None
    group_number: Annotated[int, Meta(ge=1, le=100)] | None = None
    sets: Annotated[list[SetFields], Meta(max_length=MAX_SETS_PER_REQUEST)] = []

    def together(self) -> Iterable[FieldError]:
        """One of the two says of what."""
        if (self.exercise_instruction_id is None) == (self.exercise_id is None):
            yield FieldError("/exercise_instruction_id", "give exercise_instruction_id or exercise_id, one of the two")


class SessionIn(Body):
    """A session to plan (PLANNED), start now (IN_PROGRESS) or record (COMPLETED), with its performances nested if need be."""

    id: UUID | None = None
    workout_id: UUID | None = None
    workout_revision: Revision | None = None
    workout_name: Name | None = None
    program_enrollment_id: UUID | None = None
    session_status: SessionStatus = SessionStatus.PLANNED
    scheduled_at: Moment | None = None
    started_at: Moment | None = None
    completed_at: Moment | None = None
    actual_duration_seconds: Seconds | None = None
    paused_seconds: Paused = 0
    effort_rating: Rating | None = None
    soreness_rating: Soreness | None = None
    session_notes: SessionNotes | None = None
    session_name: Name | None = None
    performances: Annotated[list[PerformanceIn], Meta(max_length=MAX_EXERCISES_PER_SESSION)] = []

    def together(self) -> Iterable[FieldError]:
        """What a state can and cannot have."""
        if self.session_status in (SessionStatus.SKIPPED, SessionStatus.CANCELLED):
            yield FieldError("/session_status", "a session begins PLANNED, IN_PROGRESS or COMPLETED")
        for name in sorted(UNSAID[self.session_status]):
            if getattr(self, name):
                yield FieldError(f"/{name}", f"a session that is {self.session_status} has none")
        if self.session_status is SessionStatus.PLANNED and self.performances:
            yield FieldError("/performances", "a session that is PLANNED has none")
        if self.workout_id is None and self.workout_revision is not None:
            yield FieldError("/workout_revision", "comes with workout_id")
        if self.workout_id is not None and self.workout_name is not None:
            yield FieldError("/workout_name", "a workout of the catalogue has its own name")

    def plan(self) -> SessionPlan:
        """The session as the actions take it."""
        return SessionPlan(**{name: getattr(self, name) for name in self.__struct_fields__ if name != "performances"})


class SessionPatch(Body):
    """What to change of a session; null clears. Without a name of its own it is called by its workout's."""

    scheduled_at: Moment | None | UnsetType = UNSET
    started_at: Moment | None | UnsetType = UNSET
    completed_at: Moment | None | UnsetType = UNSET
    actual_duration_seconds: Seconds | None | UnsetType = UNSET
    paused_seconds: Paused | UnsetType = UNSET
    effort_rating: Rating | None | UnsetType = UNSET
    soreness_rating: Soreness | None | UnsetType = UNSET
    session_notes: SessionNotes | None | UnsetType = UNSET
    session_name: Name | None | UnsetType = UNSET


class StartIn(Body):
    """When a session started, if not now."""

    started_at: Moment | UnsetType = UNSET


class CompleteIn(Body):
    """How a session went. Paused time is left out of the duration."""

    completed_at: Moment | UnsetType = UNSET
    actual_duration_seconds: Seconds | UnsetType = UNSET
    paused_seconds: Paused | UnsetType = UNSET
    effort_rating: Rating | None | UnsetType = UNSET
    soreness_rating: Soreness | None | UnsetType = UNSET
    session_notes: SessionNotes | None | UnsetType = UNSET


class ExerciseAddition(Body):
    """An exercise that the plan does not name."""

    exercise_id: UUID
    id: UUID | None = None
    group_number: Annotated[int, Meta(ge=1, le=100)] | None = None
    instruction_notes: Notes | None = None
    sets: Annotated[int, Meta(ge=1, le=100)] | None = None
    reps_min: Reps | None = None
    reps_max: Reps | None = None
    rest_seconds: Annotated[int, Meta(ge=0, le=3600)] | None = None

    def together(self) -> Iterable[FieldError]:
        """The range is a range."""
        if self.reps_min is not None and self.reps_max is not None and self.reps_max < self.reps_min:
            yield FieldError("/reps_max", "must be at least reps_min")


class SessionsQuery(Page):
    """What sessions to list; days are included and the athlete's own."""

    status: SessionStatus | None = None
    from_: Day | None = msgspec.field(default=None, name="from")
    to: Day | None = None
    program_enrollment_id: UUID | None = None
    exercise_id: UUID | None = None


class SetOut(msgspec.Struct, kw_only=True):
    """A set as it stands. `weight` is as entered; `weight_kg` is the same in kg. A page of sessions leaves out the last seven."""

    id: UUID
    set_number: int
    kind: SetKind
    reps: int | None
    weight: float | None
    weight_unit: WeightUnit | None
    weight_kg: float | None
    load: SetLoad
    duration_seconds: int | None
    distance_m: float | None
    rpe: float | None
    completed_at: datetime | None
    notes: str | None
    version: int
    user_exercise_performance_id: UUID | UnsetType = UNSET
    exercise_id: UUID | UnsetType = UNSET
    import_id: UUID | None | UnsetType = UNSET
    created_by: UUID | UnsetType = UNSET
    updated_by: UUID | None | UnsetType = UNSET
    created_at: datetime | UnsetType = UNSET
    updated_at: datetime | UnsetType = UNSET


class PerformanceOut(msgspec.Struct, kw_only=True):
    """A performance as it stands: the exact summary of its sets. A page of sessions leaves out who wrote it and when."""

    id: UUID
    exercise_instruction_id: UUID
    exercise_id: UUID
    sets_completed: int
    reps_completed: int | None
    weight_used_kg: float | None
    duration_seconds: int | None
    difficulty_rating: int | None
    performance_notes: str | None
    version: int
    exercise_name: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
    group_number: int | None | UnsetType = UNSET
    user_workout_session_id: UUID | UnsetType = UNSET
    import_id: UUID | None | UnsetType = UNSET
    created_by: UUID | UnsetType = UNSET
    updated_by: UUID | None | UnsetType = UNSET
    created_at: datetime | UnsetType = UNSET
    updated_at: datetime | UnsetType = UNSET
    performed_at: datetime | UnsetType = UNSET
    sets: list[SetOut] | UnsetType = UNSET
    previous_performance: "PerformanceOut | None | UnsetType" = UNSET


class PrescriptionOut(InstructionAsked):
    """What a session asks of one exercise, and how it went the last time."""

    previous_performance: PerformanceOut | None


class SessionOut(msgspec.Struct, kw_only=True):
    """A workout session; `verbs` lists what is allowed now. `program_*`: the place in the program that it was planned for."""

    id: UUID
    user_id: UUID
    workout_id: UUID
    workout_revision: int
    own_workout_id: UUID | None
    workout_name: str
    session_name: str | None
    program_enrollment_id: UUID | None
    program_cycle: int | None
    program_day: int | None
    program_position: int | None
    session_status: SessionStatus
    scheduled_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    actual_duration_seconds: int | None
    paused_seconds: int
    effort_rating: int | None
    soreness_rating: int | None
    session_notes: str | None
    import_id: UUID | None
    created_by: UUID
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    is_active: bool
    version: int
    verbs: list[SessionVerb]
    history_at: datetime
    prescriptions: list[PrescriptionOut] | UnsetType = UNSET
    performances: list[PerformanceOut]


class SessionPage(msgspec.Struct):
    """A page of sessions, newest first."""

    items: list[SessionOut]
    next_cursor: str | None


class RecordOut(msgspec.Struct):
    """A record broken just now, with the weight as it was entered; `value` is in `unit`."""

    kind: str
    exercise_id: UUID
    exercise_name: str
    set_id: UUID
    weight: float | None
    weight_unit: WeightUnit | None
    value: float
    previous_value: float
    unit: str
    formula: str | None


class LoggedOut(msgspec.Struct):
    """What logging answers."""

    sets: list[SetOut]
    performances: list[PerformanceOut]
    records: list[RecordOut]


Sets = SetIn | Annotated[list[SetIn], Meta(min_length=1, max_length=MAX_SETS_PER_REQUEST)]
ExerciseAdditions = ExerciseAddition | Annotated[list[ExerciseAddition], Meta(min_length=1, max_length=MAX_EXERCISES_PER_SESSION)]
