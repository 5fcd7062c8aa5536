"""The lifecycle of an enrollment, and how a program is laid into the athlete's days: pure, no I/O, no clock.

Dates and times here are the athlete's own, without zone: PostgreSQL turns them into instants (docs/decisions/0012).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from typing import Final
from uuid import UUID

from reptrail.training.rules import SessionStatus

ISO_WEEKDAYS: Final = 7
DEFAULT_TRAINING_TIME: Final = time(18)
MAX_START_DAYS_AHEAD: Final = 366
MAX_START_DAYS_AGO: Final = 30
MAX_RESCHEDULE_DAYS: Final = 1500
MAX_CYCLE: Final = 32_767  # a smallint


class EnrollmentStatus(StrEnum):
    """The states of an enrollment."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class EnrollmentVerb(StrEnum):
    """What can be done to an enrollment that exists; `expire` is the system's alone."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    COMPLETE = "complete"
    RESTART = "restart"
    EXTEND = "extend"
    UPGRADE = "upgrade"
    EXPIRE = "expire"


LIVE: Final = frozenset({EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED})
ENDED: Final = frozenset(EnrollmentStatus) - LIVE

# The lifecycle: verb -> (the states it may come from, the state it leads to; None: it stays where it is).
TRANSITIONS: Final[dict[EnrollmentVerb, tuple[frozenset[EnrollmentStatus], EnrollmentStatus | None]]] = {
    EnrollmentVerb.PAUSE: (frozenset({EnrollmentStatus.ACTIVE}), EnrollmentStatus.PAUSED),
    EnrollmentVerb.RESUME: (frozenset({EnrollmentStatus.PAUSED}), EnrollmentStatus.ACTIVE),
    EnrollmentVerb.CANCEL: (LIVE, EnrollmentStatus.CANCELLED),
    EnrollmentVerb.COMPLETE: (frozenset({EnrollmentStatus.ACTIVE}), EnrollmentStatus.COMPLETED),
    EnrollmentVerb.RESTART: (ENDED, EnrollmentStatus.ACTIVE),
    EnrollmentVerb.EXTEND: (frozenset({EnrollmentStatus.EXPIRED}), EnrollmentStatus.ACTIVE),
    EnrollmentVerb.UPGRADE: (LIVE, None),
    EnrollmentVerb.EXPIRE: (LIVE, EnrollmentStatus.EXPIRED),
}

# What a coach does not go back on where the athlete had said so: somebody who is ill, or has had enough, is not made to train.
ATHLETES_WORD: Final = frozenset(
    {(EnrollmentVerb.RESUME, EnrollmentStatus.PAUSED), (EnrollmentVerb.RESTART, EnrollmentStatus.CANCELLED)}
)


def verbs_allowed(status: EnrollmentStatus, *, upgradable: bool) -> list[EnrollmentVerb]:
    """The verbs a person may choose from in a state; `upgradable`: the program has a newer revision."""
    return [
        verb
        for verb, (sources, _) in TRANSITIONS.items()
        if status in sources and verb is not EnrollmentVerb.EXPIRE and (upgradable or verb is not EnrollmentVerb.UPGRADE)
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """A workout of a program: the day, its place within the day, and the revision that is pinned."""

    day: int
    position: int
    workout_id: UUID
    workout_revision: int


@dataclass(frozen=True, slots=True)
class CycleSession:
    """A session of an enrollment's present cycle. `local_at` is when it is planned, `done_on` the day it was begun.

    `day` and `position` are None for one that was hung on the enrollment by hand.
    """

    id: UUID
    day: int | None
    position: int | None
    status: SessionStatus
    returns: bool  # cancelled with its enrollment
    local_at: datetime | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an athlete trains: ISO weekdays (None: the program's days follow each other), and the time of day."""

    weekdays: tuple[int, ...] | None
    at: time


def lay_out(days: Iterable[int], first_day: int, start: date, weekdays: Collection[int] | None) -> dict[int, date]:
    """The date of each day of a program. `days` are those with workouts; rest days need no date.

    Without weekdays the days follow each other, `first_day` on `start`. With weekdays the first of `days` is on the first
    of them on or after `start`, the second on the next, and so on: rest days are taken up by those between.
    """
    ordered = sorted(set(days))
    if weekdays is None:
        return {day: start + timedelta(days=day - first_day) for day in ordered}
    dates = (start + timedelta(days=n) for n in count())
    training_dates = (each for each in dates if each.isoweekday() in weekdays)
    return dict(zip(ordered, training_dates, strict=False))


def to_come(sessions: Iterable[CycleSession], reference: date) -> list[CycleSession]:
    """The planned sessions of the program that are not missed yet on a day, in the program's order."""
    found = [
        s
        for s in sessions
        if s.status is SessionStatus.PLANNED and s.day is not None and (s.local_at is None or s.local_at.date() >= reference)
    ]
    return sorted(found, key=_place_of)


def _place_of(session: CycleSession) -> tuple[int, int]:
    return session.day or 0, session.position or 0


def next_free_date(sessions: Iterable[CycleSession], reference: date, start: date) -> date:
    """The first date that what is still to come may be laid on: not one that was trained on already."""
    free = max(reference, start)
    return free + timedelta(days=1) if any(s.done_on == free for s in sessions) else free


def lay_again(sessions: Sequence[CycleSession], start: date, schedule: Schedule) -> dict[UUID, datetime]:
    """New times for sessions, the first of their days on or after `start`."""
    days = [s.day for s in sessions if s.day is not None]
    dates = lay_out(days, min(days, default=1), start, schedule.weekdays)
    return {s.id: datetime.combine(dates[s.day], schedule.at) for s in sessions if s.day is not None}


def resumed(sessions: Iterable[CycleSession], paused_on: date, today: date, schedule: Schedule) -> dict[UUID, datetime]:
    """New times after a pause: what was not missed when it began moves by the days it lasted, the time of day kept.

    With weekdays the program's sessions are then laid on those again, in order, from the first date any moved to.
    """
    pause = max(today - paused_on, timedelta(0))
    moved = {
        s: s.local_at + pause
        for s in sessions
        if s.status is SessionStatus.PLANNED and s.local_at is not None and s.local_at.date() >= paused_on
    }
    placed = {s.day: at for s, at in moved.items() if s.day is not None}
    if not pause:
        return {}
    if schedule.weekdays is None or not placed:
        return {s.id: at for s, at in moved.items()}
    start = min(at for s, at in moved.items() if s.day is not None).date()
    dates = lay_out(placed, min(placed), start, schedule.weekdays)
    return {s.id: at if s.day is None else datetime.combine(dates[s.day], at.time()) for s, at in moved.items()}


def stretched(target: date | None, times: Iterable[datetime]) -> date | None:
    """A target date that is not before the last of the planned sessions; None stays None."""
    return None if target is None else max([target, *(at.date() for at in times)])


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What accepting a revision does to the sessions still to come; all else of the cycle stays as it is."""

    repinned: list[tuple[UUID, Place, datetime | None]]
    hidden: list[UUID]
    added: list[tuple[Place, datetime]]


def upgraded(
    sessions: Sequence[CycleSession], places: Sequence[Place], reference: date, start: date, schedule: Schedule
) -> Upgrade:
    """How the sessions of a cycle follow a program into another revision.

    Those to come that have a place in it keep their time and get its workout; those without one go; places that have no
    session yet, from the first day to come on, get one. Where the athlete trains on weekdays and the days with workouts
    are other ones now, all that is to come is laid out anew: else two days would meet on one date.
    """
    coming = to_come(sessions, reference)
    last_day = max((s.day for s in sessions if s.day is not None), default=0)
    boundary = coming[0].day or 0 if coming else last_day + 1
    wanted = {(p.day, p.position): p for p in places if p.day >= boundary}
    taken = {(s.day, s.position) for s in sessions}
    kept = [(s, wanted[_place_of(s)]) for s in coming if _place_of(s) in wanted]
    missing = [place for key, place in wanted.items() if key not in taken]
    days = sorted({s.day or 0 for s, _ in kept} | {place.day for place in missing})
    same_days = days == sorted({s.day or 0 for s in coming})
    anchor_day, anchor = _anchor(coming, boundary, next_free_date(sessions, reference, start))
    dates = lay_out(days, anchor_day, anchor, schedule.weekdays)
    anew = schedule.weekdays is not None and not same_days
    present = {s.day: s.local_at for s, _ in reversed(kept) if s.local_at is not None and not anew}
    return Upgrade(
        [(s.id, place, datetime.combine(dates[place.day], schedule.at) if anew else s.local_at) for s, place in kept],
        [s.id for s in coming if _place_of(s) not in wanted],
        [(place, present.get(place.day) or datetime.combine(dates[place.day], schedule.at)) for place in missing],
    )


def _anchor(coming: Sequence[CycleSession], boundary: int, free: date) -> tuple[int, date]:
    """The day of the program, and its date, that dates are counted from: those of the first session to come."""
    dated = next((s for s in coming if s.local_at is not None), None)
    if dated is None or dated.local_at is None:
        return boundary, free
    return dated.day or boundary, dated.local_at.date()
