"""What an athlete of the browser tests has behind them, written over the API."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from browsing import App


def said(value: float, digits: int = 0) -> str:
    """A number as the app writes it in British English: halves go up, and no zero ends it."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if digits else text


def days_ago(days: int) -> date:
    """A day of the athlete's: the browsers of the tests are in UTC."""
    return datetime.now(UTC).date() - timedelta(days=days)


def trained_at(days: int, hours: float = 1) -> tuple[datetime, datetime]:
    """A beginning and an end on a day of the athlete's: so many hours from ten o'clock on, today as much of it as has been."""
    now = datetime.now(UTC)
    began = datetime.combine(days_ago(days), time(10), UTC)
    if days == 0:
        midnight = datetime.combine(now.date(), time(), UTC)
        return max(midnight, now - timedelta(hours=hours)), now
    return began, began + timedelta(hours=hours)


async def record_workouts(app: App, exercise: str, workouts: Sequence[tuple[int, int, int | None]]) -> list[str]:
    """Workouts of an hour each (today's: at most), as (days ago, sets of 5 with 60 kg, effort); answers their ids."""
    made = []
    async with app.api() as client:
        exercise_id = (await client.get("/exercises", params={"q": exercise})).json()["items"][0]["id"]
        for ago, sets, effort in workouts:
            began, ended = trained_at(ago)
            times = {"started_at": began.isoformat(), "completed_at": ended.isoformat()}
            said = {"session_status": "COMPLETED", "workout_name": f"Day {ago}", "effort_rating": effort}
            session = await client.post("/athletes/me/sessions", json={**said, **times})
            assert session.status_code == 201, session.text
            made.append(session.json()["id"])
            for _ in range(sets):
                entry: dict[str, Any] = {"exercise_id": exercise_id, "reps": 5, "weight": 60, "weight_unit": "kg"}
                assert (await client.post(f"/athletes/me/sessions/{made[-1]}/sets", json=entry)).status_code == 201
    return made


async def record_measurements(app: App, metric: str, values: Sequence[tuple[int, float]], unit: str = "kg") -> None:
    """Measurements, as (days ago, value)."""
    rows = [
        {"metric": metric, "measured_value": value, "unit": unit, "measurement_date": str(days_ago(ago))} for ago, value in values
    ]
    async with app.api() as client:
        made = await client.post("/athletes/me/measurements", json=rows)
        assert made.status_code == 201, made.text
