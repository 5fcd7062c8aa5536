"""The wire structs of enrollments: what is taken, with its bounds, and what is answered."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reptrail.enrollments.rules import ISO_WEEKDAYS, EnrollmentStatus, EnrollmentVerb
from reptrail.errors import FieldError
from reptrail.http.bodies import Body, Day, Moment, text
from reptrail.http.paging import Page
from reptrail.programs.rules import Difference
from reptrail.training.rules import SessionStatus

Notes = Annotated[str, text(0, 2000)]
Weekday = Annotated[int, Meta(ge=1, le=ISO_WEEKDAYS, description="ISO weekday, 1 Monday to 7 Sunday")]
Weekdays = Annotated[list[Weekday], Meta(min_length=1, max_length=ISO_WEEKDAYS)]
# The length keeps out what `$` lets through, a line feed at the end.
TimeOfDay = Annotated[
    str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5, description="HH:MM, the athlete's own time")
]
Revision = Annotated[int, Meta(ge=1, le=1_000_000)]


class ScheduleFields(Body):
    """When somebody trains. `training_weekdays` null: the program's days follow each other, rest days too."""

    training_weekdays: Weekdays | None | UnsetType = UNSET
    training_time: TimeOfDay | UnsetType = UNSET
    # Null: never due, so it never expires.
    target_completion_date: Day | None | UnsetType = UNSET

    def together(self) -> Iterable[FieldError]:
        """A weekday is chosen once."""
        if isinstance(self.training_weekdays, list) and len(set(self.training_weekdays)) < len(self.training_weekdays):
            yield FieldError("/training_weekdays", "names a weekday twice")

    def weekdays(self, otherwise: list[int] | None) -> list[int] | None:
        """The weekdays asked for, in order."""
        if self.training_weekdays is UNSET:
            return otherwise
        return sorted(self.training_weekdays) if isinstance(self.training_weekdays, list) else None

    def time_of_day(self, otherwise: time) -> time:
        """The time of day asked for."""
        return time.fromisoformat(self.training_time) if isinstance(self.training_time, str) else otherwise

    def target(self, otherwise: date | None) -> date | None:
        """The target date asked for."""
        return otherwise if isinstance(self.target_completion_date, UnsetType) else self.target_completion_date


class EnrollmentIn(ScheduleFields, kw_only=True):
    """An enrollment in a program. Without a start it begins today where the athlete is, without a target it ends with its plan."""

    program_id: UUID
    id: UUID | None = None
    start_date: Day | None = None
    enrollment_notes: Notes | None = None


class RestartIn(ScheduleFields):
    """How the next cycle is laid out; what is left out stays as it was, and the start is today."""

    start_date: Day | None = None


class EnrollmentPatch(ScheduleFields):
    """What to change of an enrollment; other weekdays or another time lay what is still to come anew."""

    enrollment_notes: Notes | None | UnsetType = UNSET


class ExtendIn(Body):
    """Until when an expired enrollment goes on."""

    target_completion_date: Day


class UpgradeIn(Body):
    """The revision that the athlete was shown, and accepts."""

    program_revision: Revision


class RescheduleIn(Body):
    """When a planned session is to be: an instant, or a date at its own time of day; with `and_following` all later ones too."""

    scheduled_at: Moment | None = None
    to_date: Day | None = None
    and_following: bool = False

    def together(self) -> Iterable[FieldError]:
        """One of the two says when."""
        if (self.scheduled_at is None) == (self.to_date is None):
            yield FieldError("/scheduled_at", "give scheduled_at or to_date, one of the two")


class EnrollmentsQuery(Page):
    """What enrollments to list."""

    status: EnrollmentStatus | None = None


class CycleOut(msgspec.Struct):
    """A cycle that is over, as it ended; `last_day` is the day of the program it had come to."""

    cycle: int
    program_revision: int
    cycle_status: EnrollmentStatus
    start_date: date
    target_completion_date: date | None
    actual_completion_date: date | None
    last_day: int


class NextSessionOut(msgspec.Struct):
    """The first session of the cycle that is planned or in progress."""

    id: UUID
    program_day: int
    program_position: int
    workout_name: str | None
    session_status: SessionStatus
    scheduled_at: datetime | None


class SessionCountsOut(msgspec.Struct):
    """The sessions of the present cycle, by what they are to the athlete today; `open` are those due, paused or ahead."""

    total: int
    done: int
    skipped: int
    missed: int
    cancelled: int
    in_progress: int
    open: int


class EnrollmentOut(msgspec.Struct, kw_only=True):
    """An enrollment; `verbs` lists what is allowed now. Names and revisions are of the program, pinned by `program_revision`."""

    id: UUID
    user_id: UUID
    program_id: UUID
    program_revision: int
    latest_revision: int
    upgrade_available: bool
    program_name: str
    day_count: int
    assigned_by: UUID | None
    assigned_by_name: str | None
    enrollment_status: EnrollmentStatus
    start_date: date
    target_completion_date: date | None
    actual_completion_date: date | None
    current_day: int
    cycle: int
    training_weekdays: list[int] | None
    training_time: str
    paused_on: date | None
    enrollment_notes: str | None
    created_by: UUID
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    is_active: bool
    version: int
    verbs: list[EnrollmentVerb]
    session_counts: SessionCountsOut
    next_session: NextSessionOut | None
    cycles: list[CycleOut]


class EnrollmentPage(msgspec.Struct):
    """A page of enrollments, the latest start first."""

    items: list[EnrollmentOut]
    next_cursor: str | None


class UpgradeOut(msgspec.Struct):
    """What accepting the latest revision would change; without a newer one the difference is empty."""

    program_id: UUID
    program_revision: int
    latest_revision: int
    upgrade_available: bool
    difference: Difference
