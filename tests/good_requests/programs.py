"""Good requests: programs."""

from typing import Any

from good_requests.base import BENCH_PRESS, V1, Sent, answered, good
from helpers import Person
from reptrail.programs.builtin import programs


def program(**fields: Any) -> dict[str, Any]:
    """A program of two days, one of them rest."""
    instruction = {"exercise_id": BENCH_PRESS, "sets": 3, "reps_min": 5, "reps_max": 8}
    rule = {"rule": "double", "increment": 2.5, "increment_unit": "kg"}
    workout = {"workout_key": "A", "workout_name": "Press", "instructions": [{**instruction, "progression": rule}]}
    return {"program_name": "Pressing", "workouts": [workout], "days": [{"workouts": ["A"]}, {"workouts": []}], **fields}


async def made(owner: Person, **fields: Any) -> Any:
    """A program of the owner's."""
    return await answered(owner, "POST", f"{V1}/programs", program(**fields))


@good("GET /programs", "GET /athletes/{athlete}/programs")
async def program_list(_owner: Person) -> Sent:
    return Sent(query={"limit": "2"})


@good("POST /programs")
async def program_wanted(_owner: Person) -> Sent:
    return Sent(json=program())


@good(
    "GET /programs/{program_id}",
    "GET /programs/{program_id}/file",
    "DELETE /programs/{program_id}",
    "GET /athletes/{athlete}/programs/{program_id}",
)
async def own_program(owner: Person) -> Sent:
    return Sent({"program_id": (await made(owner))["id"]})


@good("POST /programs/import")
async def program_file(_owner: Person) -> Sent:
    return Sent(json={"program_file": next(each.text for each in programs() if each.slug == "five-by-five")})


@good("PUT /programs/{program_id}", "PUT /athletes/{athlete}/programs/{program_id}")
async def program_to_publish(owner: Person) -> Sent:
    return Sent((await own_program(owner)).path, program(days=[{"workouts": ["A"]}]))


@good("POST /programs/{program_id}/copy")
async def program_to_copy(owner: Person) -> Sent:
    return Sent((await own_program(owner)).path, {"revision": 1})


@good("GET /programs/{program_id}/difference")
async def programs_to_compare(owner: Person) -> Sent:
    path = (await own_program(owner)).path
    await answered(owner, "PUT", f"{V1}/programs/{path['program_id']}", program(days=[{"workouts": ["A"]}]))
    return Sent(path, query={"from": "1", "to": "2"})
