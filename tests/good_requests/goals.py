"""Good requests: goals, forecasts, measurements over time, body composition."""

from datetime import date, timedelta

from good_requests.base import Sent, answered, good
from helpers import Person


async def weighed(owner: Person) -> None:
    """Five weeks of body weights that end today, a value every other day."""
    today = date.fromisoformat((await answered(owner, "GET", "progress/body"))["on"])
    values = [
        {"metric": "body-weight", "measured_value": round(82 - day / 20 + day % 3 / 5, 2), "unit": "kg",
         "measurement_date": (today - timedelta(days=35 - day)).isoformat()}
        for day in range(0, 36, 2)
    ]  # fmt: skip
    height = {"metric": "height", "measured_value": 181, "unit": "cm", "measurement_date": "2026-01-02"}
    await answered(owner, "POST", "measurements", [*values, height])


@good("GET /athletes/{athlete}/goals")
async def goals(owner: Person) -> Sent:
    await one_goal(owner)
    return Sent(query={"limit": "1"})


@good("POST /athletes/{athlete}/goals")
async def goal_wanted(_owner: Person) -> Sent:
    return Sent(json={"metric": "body-weight", "target_value": 78.5, "target_unit": "kg", "target_date": "2028-09-01"})


@good("GET /athletes/{athlete}/goals/{goal_id}", "DELETE /athletes/{athlete}/goals/{goal_id}")
async def one_goal(owner: Person) -> Sent:
    made = await answered(owner, "POST", "goals", (await goal_wanted(owner)).json)
    return Sent({"goal_id": made["id"]})


@good("PATCH /athletes/{athlete}/goals/{goal_id}")
async def goal_to_edit(owner: Person) -> Sent:
    return Sent((await one_goal(owner)).path, {"target_value": 170, "target_unit": "lb", "goal_notes": "after the summer"})


@good("GET /athletes/{athlete}/progress/forecast")
async def forecast(owner: Person) -> Sent:
    await weighed(owner)
    return Sent(query={"metric": "body-weight", "target": "79.5", "unit": "kg"})


@good("GET /athletes/{athlete}/progress/measurements/{metric}")
async def series(owner: Person) -> Sent:
    await weighed(owner)
    return Sent({"metric": "body-weight"}, query={"unit": "lb"})


@good("GET /athletes/{athlete}/progress/body")
async def body(owner: Person) -> Sent:
    await weighed(owner)
    return Sent(query={"sex": "female"})
