"""The training max over the cycles of a program, with enrollments written by SQL: what they do is told elsewhere."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from prescribing import SQUAT, a_workout, asked_of, finish, logged, ok, record

from helpers import Person, add_program
from reptrail import clock
from reptrail.http.edge import Services
from reptrail.ids import uuid7

WAVE = {
    "exercise_id": SQUAT,
    "reps_min": 5,
    "set_targets": [{"percent": 70}, {"percent": 85, "kind": "AMRAP"}],
    "progression": {"rule": "percent", "increment": 5, "increment_unit": "kg", "deload_percent": 10},
}
Run = Callable[[int, str, int], Awaitable[Any]]


@pytest.fixture
async def run(athlete: Person, services: Services) -> Run:
    """Trains one session of a cycle on a day: both sets as asked, the AMRAP set for so many repetitions."""
    workout = UUID(await a_workout(athlete, WAVE))
    user_id, enrollment = UUID(athlete.user_id), uuid4()
    async with services.database.act_as_system(user_id, uuid7()) as tx:
        program = await add_program(tx, user_id)
        await tx.execute(
            "INSERT INTO user_program_enrollment (id, user_id, program_id) VALUES ($2, $1, $3)", user_id, enrollment, program
        )
    days = iter(range(1, 100))

    async def trained(cycle: int, day: str, reps: int) -> Any:
        session, at = uuid4(), datetime.fromisoformat(day).astimezone(UTC)
        async with services.database.act_as_system(user_id, uuid7()) as tx:
            await tx.execute(
                "UPDATE user_program_enrollment SET cycle = $3 WHERE user_id = $1 AND id = $2", user_id, enrollment, cycle
            )
            await tx.execute(
                """INSERT INTO user_workout_session (id, user_id, workout_id, program_enrollment_id, program_cycle, program_day,
                       program_position, scheduled_at)
                   VALUES ($2, $1, $3, $4, $5, $6, 1, $7)""",
                user_id, session, workout, enrollment, cycle, next(days), at,
            )  # fmt: skip
        started = ok(await athlete.post(f"sessions/{session}/start", {"started_at": at.isoformat()}))
        weights = [each["weight"] for each in asked_of(started)["sets"]]
        done = [logged(5, weights[0] or 60), logged(reps, weights[1] or 85)]
        return await finish(athlete, started, *done)

    return trained


def from_now(hours: int) -> str:
    """A moment later than what is written now, as near as a clock may be ahead."""
    return (clock.now() + timedelta(hours=hours)).isoformat()


def training_max(session: Any) -> float:
    found: float = asked_of(session)["inputs"]["training_max_kg"]
    return found


async def test_it_begins_moves_up_stays_and_goes_down(athlete: Person, run: Run) -> None:
    await record(athlete, "2026-01-01", SQUAT, logged(5, 120))
    first = await run(1, "2026-01-05", 8)
    assert training_max(first) == 126
    # What is lifted within the cycle does not move it.
    assert training_max(await run(1, "2026-01-08", 5)) == 126
    second = await run(2, "2026-01-12", 5)
    assert training_max(second) == 131
    assert "every top set of the last cycle was done, so 5 kg more" in asked_of(second)["reason"]
    assert training_max(await run(2, "2026-01-15", 4)) == 131
    third = await run(3, "2026-01-19", 5)
    assert training_max(third) == pytest.approx(117.9)
    assert "missed on 15 Jan, so 10 % less" in asked_of(third)["reason"]
    (kept,) = ok(await athlete.get("training-maxes"))["items"]
    assert (kept["cycle"], kept["weight"]) == (3, 117.9)


async def test_one_set_by_hand_stands_in_its_cycle_and_moves_with_the_next(athlete: Person, run: Run) -> None:
    ok(await athlete.put(f"training-maxes/{SQUAT}", {"weight": 100, "weight_unit": "kg"}))
    assert training_max(await run(1, from_now(1), 6)) == 100
    assert ok(await athlete.get("training-maxes"))["items"][0]["program_enrollment_id"] is None
    assert training_max(await run(2, from_now(4), 6)) == 105


async def test_one_set_by_hand_between_two_cycles_stands(athlete: Person, run: Run) -> None:
    await record(athlete, "2026-01-01", SQUAT, logged(5, 120))
    await run(1, "2026-01-05", 8)
    ok(await athlete.put(f"training-maxes/{SQUAT}", {"weight": 100, "weight_unit": "kg"}))
    assert training_max(await run(2, from_now(1), 8)) == 100


@pytest.mark.parametrize(("kg", "expected"), [(2000, 2000), (0.01, 0.1)])
async def test_it_stays_within_what_one_can_be(athlete: Person, run: Run, kg: float, expected: float) -> None:
    await record(athlete, "2026-01-01", SQUAT, logged(12, kg))
    assert training_max(await run(1, "2026-01-05", 8)) == expected


async def test_starting_again_moves_it_once(athlete: Person, run: Run) -> None:
    await record(athlete, "2026-01-01", SQUAT, logged(5, 120))
    await run(1, "2026-01-05", 8)
    await run(2, "2026-01-12", 8)
    assert training_max(await run(2, "2026-01-13", 8)) == 131
    rows = ok(await athlete.get("changes?limit=200"))["items"]
    assert sum(each["table_name"] == "user_training_max" for each in rows) == 2
