"""Good requests: catalogue."""

from uuid import uuid4

from good_requests.base import BENCH_PRESS, V1, Sent, answered, good
from helpers import Person


@good("GET /exercises", "GET /metrics", "GET /workouts")
async def names(_owner: Person) -> Sent:
    return Sent(query={"limit": "2"})


@good("POST /exercises")
async def exercise_wanted(_owner: Person) -> Sent:
    name = f"Log Press {uuid4().hex[:8]}"
    return Sent(json={"exercise_name": name, "equipment": "BARBELL", "mechanic": "COMPOUND", "tracks": "REPS_WEIGHT"})


@good("GET /exercises/{exercise_id}", "DELETE /exercises/{exercise_id}")
async def own_exercise(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/exercises", (await exercise_wanted(owner)).json)
    return Sent({"exercise_id": made["id"]})


@good("PATCH /exercises/{exercise_id}")
async def exercise_to_edit(owner: Person) -> Sent:
    return Sent((await own_exercise(owner)).path, {"aliases": ["Log"]})


@good("POST /metrics")
async def metric_wanted(_owner: Person) -> Sent:
    return Sent(json={"metric_name": f"Grip {uuid4().hex[:8]}", "unit": "kg", "minimum_plausible": 1})


@good("GET /metrics/{metric_id}", "DELETE /metrics/{metric_id}")
async def own_metric(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/metrics", (await metric_wanted(owner)).json)
    return Sent({"metric_id": made["id"]})


@good("PATCH /metrics/{metric_id}")
async def metric_to_edit(owner: Person) -> Sent:
    return Sent((await own_metric(owner)).path, {"maximum_plausible": 90.5})


@good("POST /workouts")
async def workout_wanted(_owner: Person) -> Sent:
    instruction = {"exercise_id": BENCH_PRESS, "sets": 3, "reps_min": 5, "reps_max": 8, "weight": 60, "weight_unit": "kg"}
    return Sent(json={"workout_name": "Press day", "instructions": [instruction]})


@good("GET /workouts/{workout_id}", "DELETE /workouts/{workout_id}")
async def own_workout(owner: Person) -> Sent:
    made = await answered(owner, "POST", f"{V1}/workouts", (await workout_wanted(owner)).json)
    return Sent({"workout_id": made["id"]})


@good("PUT /workouts/{workout_id}")
async def workout_to_publish(owner: Person) -> Sent:
    return Sent((await own_workout(owner)).path, {**(await workout_wanted(owner)).json, "workout_name": "Press day, heavier"})
