"""The shapes of the calendar on the wire."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from reptrail.errors import FieldError
from reptrail.http.bodies import Body, Day, text
from reptrail.schedule.rules import days_error
from reptrail.training.rules import SessionStatus


class DueState(StrEnum):
    """What a session is to its athlete today (app.due_state). Adherence is DONE out of DONE, SKIPPED and MISSED."""

    DONE = "DONE"
    IN_PROGRESS = "IN_PROGRESS"
    SKIPPED = "SKIPPED"
    CANCELLED = "CANCELLED"
    OPEN = "OPEN"
    PAUSED = "PAUSED"
    MISSED = "MISSED"
    DUE = "DUE"
    AHEAD = "AHEAD"


class CalendarQuery(Body):
    """Which days, both included, where the athlete is; without them the current month, without one the month of the other."""

    from_: Day | None = msgspec.field(default=None, name="from")
    to: Day | None = None

    def together(self) -> Iterable[FieldError]:
        """The first day comes first, and not too long before the last."""
        wrong = days_error(self.from_, self.to)
        if wrong is not None:
            yield FieldError("/to", wrong)


class CalendarSession(msgspec.Struct):
    """A workout session in the calendar."""

    id: UUID
    workout_name: str | None
    session_status: SessionStatus
    due_state: DueState
    scheduled_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    program_enrollment_id: UUID | None
    program_name: str | None
    program_day: int | None


class CalendarDay(msgspec.Struct):
    """A day with something in it."""

    day: date
    sessions: list[CalendarSession]


class Calendar(msgspec.Struct):
    """Days in order, those with nothing left out; `counts` are of sessions by their due_state."""

    from_: date = msgspec.field(name="from")
    to: date
    today: date
    time_zone: str
    counts: dict[DueState, int]
    days: list[CalendarDay]


class FeedIn(Body):
    """A calendar feed to be made; the name is for telling several apart."""

    feed_name: Annotated[str, text(1, 120)]

    def together(self) -> Iterable[FieldError]:
        """A name is not blank."""
        if not self.feed_name.strip():
            yield FieldError("/feed_name", "must not be blank")


class Feed(msgspec.Struct):
    """A calendar feed, without its secret."""

    id: UUID
    feed_name: str
    created_at: datetime
    updated_at: datetime
    version: int


class MadeFeed(Feed):
    """A new calendar feed. `feed_path` holds its secret and is shown this once; a calendar wants the server's address before it."""

    feed_path: str


class FeedPage(msgspec.Struct):
    """A page of calendar feeds, newest first."""

    items: list[Feed]
    next_cursor: str | None


class NoQuery(Body):
    """A query string that is not there."""
