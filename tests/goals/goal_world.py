"""What tests of goals share: days, body weights and lifts logged over HTTP."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from good_requests import answered
from helpers import Person
from reptrail.catalog.builtin import builtin_id

SQUAT = str(builtin_id("exercise", "squat-barbell"))


async def today_of(person: Person) -> date:
    """The athlete's today, as the server has it."""
    return date.fromisoformat((await answered(person, "GET", "progress/body"))["on"])


async def weigh(person: Person, days: Iterable[tuple[date, float]], unit: str = "kg", metric: str = "body-weight") -> None:
    values = [
        {"metric": metric, "measured_value": round(value, 3), "unit": unit, "measurement_date": day.isoformat()}
        for day, value in days
    ]
    for place in range(0, len(values), 200):
        await answered(person, "POST", "measurements", values[place : place + 200])


async def lift(person: Person, day: date, *sets: dict[str, Any], exercise: str = SQUAT) -> dict[str, Any]:
    """A completed session of one exercise at noon (UTC) of a day."""
    found: dict[str, Any] = await answered(
        person,
        "POST",
        "sessions",
        {
            "session_status": "COMPLETED",
            "started_at": f"{day}T11:00:00Z",
            "completed_at": f"{day}T12:00:00Z",
            "performances": [{"exercise_id": exercise, "sets": [{"reps": 5, "weight_unit": "kg", **each} for each in sets]}],
        },
    )
    return found


async def set_goal(person: Person, **fields: Any) -> dict[str, Any]:
    wanted = {"metric": "body-weight", "target_value": 78, "target_unit": "kg", "target_date": "2030-01-01", **fields}
    if "exercise_id" in fields or "metric_id" in fields:
        del wanted["metric"]
    found: dict[str, Any] = await answered(person, "POST", "goals", wanted)
    return found


def days_before(today: date, *numbers: int) -> list[date]:
    return [today - timedelta(days=number) for number in numbers]
