"""The program that the demonstration athlete is in the middle of, laid over what they did and what comes. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from reptrail.demo import plan
from reptrail.demo.shapes import Session
from reptrail.enrollments.rules import lay_out

PROGRAM_NAME = "Upper and lower, four days"
PROGRAM_DESCRIPTION = (
    "Twelve weeks: each half of the body twice a week, once around a heavy squat or bench, once around a pull or press."
)
WEEKS = 12
# At least so many sessions of it are done, so that there is something to see.
MIN_DONE = 20
DAYS_PER_WEEK = 7
WEEKDAYS = tuple(weekday + 1 for weekday in plan.SPLIT_DAYS)
TRAINING_TIME = time(17, 30)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A session of the program that is still to come, at its time on the athlete's own clock."""

    day: int
    workout: str
    local_at: datetime


@dataclass(frozen=True, slots=True)
class Cycle:
    """Where the athlete stands: the day of the program of sessions by their place in the history, and what is planned."""

    start: date
    current_day: int
    days: dict[int, int]
    ahead: tuple[Ahead, ...]


def program_days() -> list[str | None]:
    """The workout of each day of the program by its key; None on a rest day."""
    days: list[str | None] = [None] * (WEEKS * DAYS_PER_WEEK)
    for day, workout in _places():
        days[day - 1] = workout
    return days


def _places() -> Iterator[tuple[int, str]]:
    for week in range(WEEKS):
        for weekday, workout in zip(plan.SPLIT_DAYS, plan.SPLIT_TURNS, strict=True):
            yield week * DAYS_PER_WEEK + weekday + 1, workout


def find_cycle(sessions: Sequence[Session], time_zone: str) -> Cycle | None:
    """The last sessions of a history as the first of a program, and the rest of it planned; None for a history without them.

    Who missed a day did its workout the next time, so the sessions are the program's places in turn, each when it was done. The
    last one is planned, and what follows lies on the weekdays after it.

    Args:
        sessions: a history's, in order of time, the last one planned.
        time_zone: the athlete's.
    """
    places = list(_places())
    of_split = [n for n, s in enumerate(sessions) if s.workout in plan.SPLIT_TURNS and s.scheduled_at is not None]
    begins = next((i for i in range(len(of_split) - 1 - MIN_DONE, -1, -1) if sessions[of_split[i]].workout == places[0][1]), None)
    run = [] if begins is None else of_split[begins:]
    if not run or any(sessions[n].workout != workout for n, (_, workout) in zip(run, places, strict=False)):
        return None
    zone = ZoneInfo(time_zone)
    dates = [at.astimezone(zone).date() for n in (run[0], run[-1]) if (at := sessions[n].scheduled_at) is not None]
    days = dict(zip(run, (day for day, _ in places), strict=False))
    left = places[len(run) :]
    # The planned one takes a training day too, so the dates are those after it.
    laid = lay_out((day for day, _ in left), 1, date.fromordinal(dates[1].toordinal() + 1), WEEKDAYS)
    ahead = tuple(Ahead(day, workout, datetime.combine(laid[day], TRAINING_TIME)) for day, workout in left)
    return Cycle(dates[0], days[run[-1]], days, ahead)
