"""The wire structs of sync: what is taken, with its bounds, and what is answered."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reptrail.coaching.wire import CommentIn
from reptrail.errors import FieldError
from reptrail.http.bodies import Body, Moment, bounded, text
from reptrail.http.paging import MAX_INTEGER
from reptrail.prescriptions.wire import MAX_DUMBBELLS, MAX_PLATES, EquipmentIn, Piece, TrainingMaxPut, coarse_errors
from reptrail.sync.rules import (
    CHANGES_PER_PULL,
    MAX_CHANGES_PER_PULL,
    MAX_NESTING,
    MAX_OPERATIONS_PER_PUSH,
    Action,
    Status,
    is_nested_deeply,
)
from reptrail.training.rules import WeightUnit
from reptrail.training.wire import ExerciseAddition, SetIn, SummaryFields

MAX_AFTER = 200


class PullQuery(Body):
    """After which change to go on, with the mark that came with that number, and how many changes to look at."""

    since: Annotated[int, Meta(ge=0, le=MAX_INTEGER)] = 0
    mark: Annotated[str, text(1, 64)] | None = None
    changes: Annotated[int, Meta(ge=1, le=MAX_CHANGES_PER_PULL)] = CHANGES_PER_PULL


class RowChange(msgspec.Struct):
    """A row that changed, as it stands: all its columns, or null where it was deleted. `seq` is its last change."""

    seq: int
    table: str
    id: UUID
    version: int | None
    row: dict[str, Any] | None


class PullOut(msgspec.Struct):
    """A page of what changed. Ask again with `since` = `next_since` and its `mark`, at once while `has_more`."""

    changes: list[RowChange]
    next_since: int
    mark: str
    has_more: bool
    head_seq: int


class CatalogRow(msgspec.Struct):
    """A row that is built in or somebody else's, for everybody to read."""

    table: str
    id: UUID
    version: int
    row: dict[str, Any]


class CatalogOut(msgspec.Struct):
    """What an athlete's rows may refer to and a pull does not bring."""

    rows: list[CatalogRow]


class OperationIn(Body):
    """One thing done to one row, by an id of its own that makes it safe to send again for ever.

    `base_version` is the row's version that it was based on, and `after` the sender's own operations on this row whose
    answers it had not seen. Without either nothing is compared. `at` is when it was done, for people to read.
    """

    id: UUID
    table: Annotated[str, text(1, 60)]
    row_id: UUID
    action: Action
    verb: Annotated[str, text(1, 40)] | None = None
    base_version: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    after: Annotated[list[UUID], Meta(max_length=MAX_AFTER)] = []
    fields: dict[str, Any] = {}
    at: Moment | None = None

    def together(self) -> Iterable[FieldError]:
        """A verb comes with its action, and fields are fields."""
        if (self.action is Action.VERB) != (self.verb is not None):
            yield FieldError("/verb", 'comes with the action "verb", and only with it')
        if is_nested_deeply(self.fields):
            yield FieldError("/fields", f"must not be nested more than {MAX_NESTING} deep")


class PushIn(Body):
    """Operations in the order they were done."""

    operations: Annotated[list[OperationIn], Meta(min_length=1, max_length=MAX_OPERATIONS_PER_PUSH)]


class OperationResult(msgspec.Struct, kw_only=True):
    """What became of an operation.

    APPLIED, ALREADY_APPLIED and MERGED come with `row` as it stands after the whole push (null: deleted). CONFLICT comes
    with `current` (null: deleted) and `yours`, REFUSED with `problem`, an RFC 9457 document whose pointers lead into the
    operation.
    """

    id: UUID
    status: Status
    table: str
    row_id: UUID
    version: int | None | UnsetType = UNSET
    row: dict[str, Any] | None | UnsetType = UNSET
    current: dict[str, Any] | None | UnsetType = UNSET
    yours: dict[str, Any] | UnsetType = UNSET
    problem: dict[str, Any] | UnsetType = UNSET


class PushOut(msgspec.Struct):
    """One result an operation, in the same order."""

    results: list[OperationResult]
    head_seq: int


# --- What the fields of an operation are decoded as, where a route says it in its path --------------------------------


class SetPush(SetIn, kw_only=True):
    """A set to be logged in a session."""

    user_workout_session_id: UUID


class ExercisePush(ExerciseAddition, kw_only=True):
    """An exercise to be added to a session."""

    user_workout_session_id: UUID


class CommentPush(CommentIn, kw_only=True):
    """A comment on a session."""

    user_workout_session_id: UUID


class PerformancePush(SummaryFields, kw_only=True):
    """A performance's summary, by what it is of."""

    user_workout_session_id: UUID
    exercise_instruction_id: UUID


class TrainingMaxPush(TrainingMaxPut, kw_only=True):
    """A training max, by the exercise it is of."""

    exercise_id: UUID


class EquipmentPatch(Body):
    """What changes of the equipment. Who changes the unit says all of it anew."""

    weight_unit: WeightUnit | UnsetType = UNSET
    bar_weight: Annotated[Decimal, bounded(0, 100, 2)] | UnsetType = UNSET
    plates: Annotated[list[Piece], Meta(max_length=MAX_PLATES)] | UnsetType = UNSET
    dumbbells: Annotated[list[Piece], Meta(max_length=MAX_DUMBBELLS)] | UnsetType = UNSET
    machine_step: Annotated[Decimal, bounded("0.01", 50, 2)] | UnsetType = UNSET

    def together(self) -> Iterable[FieldError]:
        """As of the whole of it."""
        for name in ("plates", "dumbbells"):
            if (given := getattr(self, name)) is not UNSET:
                yield from coarse_errors(name, given)

    def onto(self, row: Mapping[str, Any]) -> EquipmentIn:
        """The whole of it, as it stands but for what changes."""
        return EquipmentIn(**{name: self.given().get(name, row[name]) for name in self.__struct_fields__})
