"""Two devices, or a coach and an athlete, at once: one after the other, and never a half of each."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
from program_world import PROGRAMS, coach_of, days, listed, made, ok, program

from helpers import Person
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.programs import actions

ROUNDS = 10


async def test_of_two_edits_of_one_version_one_is_refused(athlete: Person) -> None:
    stored = await made(athlete)
    path = f"{PROGRAMS}/{stored['id']}"
    for version in range(1, ROUNDS + 1):
        bodies = [program(program_name=f"{name} {version}", days=days(*keys)) for name, keys in (("One", "AB"), ("Two", "BCA"))]
        bodies = [{**body, "workouts": program()["workouts"][: len(body["days"])]} for body in bodies]
        answers = await asyncio.gather(*[athlete.put(path, body, headers={"If-Match": f'"{version}"'}) for body in bodies])
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        won = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
        now = ok(await athlete.get(path))
        assert (now["program_name"], now["revision"], now["version"]) == (bodies[won]["program_name"], version + 1, version + 1)
        assert [[each["workout_key"] for each in day["workouts"]] for day in now["days"]] == [
            day["workouts"] for day in bodies[won]["days"]
        ]


async def test_a_program_sent_twice_at_once_is_there_once(athlete: Person) -> None:
    for _ in range(ROUNDS):
        body = program(id=str(uuid7()))
        one, two = await asyncio.gather(athlete.post(PROGRAMS, body), athlete.post(PROGRAMS, body))
        assert ok(one, 201) == ok(two, 201)
    assert len(await listed(athlete, mine="true")) == ROUNDS


async def test_two_coaches_requests_at_once_make_one_copy(athlete: Person, services: Services, http: httpx.AsyncClient) -> None:
    coach = await coach_of(services, http, athlete, "training:read", "program:assign")
    credential = services.authenticator.credential(f"Bearer {coach.access_token}")

    async def assign(source: dict[str, Any]) -> UUID:
        asked = credential, UUID(athlete.user_id), "program:assign", uuid7()
        async with services.database.act_as(*asked, write=True) as tx:
            return await actions.copy_program(tx, UUID(source["id"]), None)

    for _ in range(ROUNDS // 2):
        source = await made(coach)
        assert len(set(await asyncio.gather(*[assign(source) for _ in range(3)]))) == 1
    assert len(await listed(athlete, mine="true")) == ROUNDS // 2
