"""Good requests: prescriptions, training maxes, equipment, back-tests."""

from good_requests.base import BENCH_PRESS, Sent, answered, good
from good_requests.training import done
from helpers import Person
from reptrail.catalog.builtin import builtin_id

PUSH = str(builtin_id("workout", "push"))


@good("GET /athletes/{athlete}/sessions/{session_id}/prescriptions")
async def session_with_a_plan(owner: Person) -> Sent:
    made = await answered(owner, "POST", "sessions", {"workout_id": PUSH, "scheduled_at": "2026-03-02T17:00:00Z"})
    return Sent({"session_id": made["id"]})


@good("GET /athletes/{athlete}/equipment")
async def equipment(_owner: Person) -> Sent:
    return Sent()


@good("PUT /athletes/{athlete}/equipment")
async def equipment_wanted(_owner: Person) -> Sent:
    return Sent(json={"weight_unit": "kg", "bar_weight": 20, "plates": [20, 10, 5, 2.5, 1.25], "dumbbells": [10, 12.5, 15]})


@good("GET /athletes/{athlete}/training-maxes")
async def training_maxes(owner: Person) -> Sent:
    await answered(owner, "PUT", f"training-maxes/{BENCH_PRESS}", {"weight": 100, "weight_unit": "kg"})
    return Sent(query={"limit": "1"})


@good("PUT /athletes/{athlete}/training-maxes/{exercise_id}")
async def training_max_wanted(_owner: Person) -> Sent:
    return Sent({"exercise_id": BENCH_PRESS}, {"weight": 102.5, "weight_unit": "kg", "reason": "After a test day."})


@good("GET /athletes/{athlete}/progress/backtest")
async def backtest(owner: Person) -> Sent:
    await done(owner)
    return Sent(query={"exercise_id": BENCH_PRESS, "rule": "linear", "reps_min": "5", "increment": "2.5"})
