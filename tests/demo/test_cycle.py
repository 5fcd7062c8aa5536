from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from reptrail.demo import cycle, plan
from reptrail.demo.history import TIME_ZONE, generate
from reptrail.training.rules import SessionStatus

TODAY = date(2026, 7, 29)


@pytest.mark.parametrize("seed", [7, 8, 99])
@pytest.mark.parametrize("today", [TODAY + timedelta(days=n) for n in range(0, 366, 13)], ids=str)
def test_the_program_goes_on_where_the_athlete_stands(seed: int, today: date) -> None:
    sessions = generate(weeks=104, seed=seed, today=today).sessions
    found = cycle.find_cycle(sessions, TIME_ZONE)
    assert found is not None
    days = cycle.program_days()
    # What was done is the program's beginning, each workout on its day, and in order.
    assert [days[day - 1] for day in found.days.values()] == [sessions[n].workout for n in found.days]
    assert list(found.days.values()) == sorted(found.days.values())
    of_program = [n + 1 for n, key in enumerate(days) if key is not None]
    assert [*found.days.values(), *(each.day for each in found.ahead)] == of_program
    # All but the last is past; that one is the day one stands at.
    *done, last = found.days
    assert len(done) >= cycle.MIN_DONE
    assert {sessions[n].status for n in done} <= {SessionStatus.COMPLETED, SessionStatus.SKIPPED}
    assert sessions[last].status is SessionStatus.PLANNED
    assert found.current_day == found.days[last]
    # What comes is on training days, after the one planned by the history.
    at = sessions[last].scheduled_at
    assert at is not None
    dates = [each.local_at.date() for each in found.ahead]
    assert dates == sorted(set(dates))
    assert all(each.isoweekday() in cycle.WEEKDAYS for each in dates)
    assert not dates or dates[0] > at.astimezone(ZoneInfo(TIME_ZONE)).date()


def test_a_history_too_short_for_it_has_none() -> None:
    assert cycle.find_cycle(generate(weeks=26, seed=7, today=TODAY).sessions, TIME_ZONE) is None


def test_a_program_of_twelve_weeks() -> None:
    days = cycle.program_days()
    assert len(days) == cycle.WEEKS * 7
    assert days[:7] == ["upper-a", "lower-a", None, "upper-b", "lower-b", None, None]
    assert set(days) - {None} == set(plan.SPLIT_TURNS)
