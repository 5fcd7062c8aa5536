"""Copies: one's own of a program that one may read, and what a coach hands to an athlete."""

from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from program_world import (
    BENCH,
    CATALOGUE_WORKOUT,
    PROGRAMS,
    V1,
    asks,
    by_key,
    coach_of,
    days,
    listed,
    made,
    ok,
    pins,
    private_exercise,
    program,
    put,
    workout,
)

from helpers import Person, pointers, problem, register
from reptrail.db.embedded import DatabaseUrls
from reptrail.db.pool import Credential, Via
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.programs import actions


def said(stored: dict[str, Any]) -> Any:
    """What a program says, without whose it is."""
    names = ("program_name", "description", "day_count")
    workouts = [
        (key, w["workout_name"], w["description"], [{**i, "id": None, "exercise_id": None} for i in w["instructions"]])
        for key, w in by_key(stored).items()
    ]
    planned = [(d["day_name"], d["day_notes"], [w["workout_key"] for w in d["workouts"]]) for d in stored["days"]]
    return [stored[name] for name in names], workouts, planned


async def test_a_public_program_is_copied_to_be_ones_own(athlete: Person, stranger: Person) -> None:
    source = await made(stranger, is_public=True)
    copy = ok(await athlete.post(f"{PROGRAMS}/{source['id']}/copy"), 201)
    assert (copy["user_id"], copy["is_public"], copy["revision"]) == (athlete.user_id, False, 1)
    assert (copy["copied_from_id"], copy["copied_from_revision"]) == (source["id"], 1)
    assert said(copy) == said(source)
    assert pins(copy)["C"] == (CATALOGUE_WORKOUT, 1), "the catalogue's workout is everybody's"
    assert pins(copy)["A"][0] != pins(source)["A"][0], "a workout of the program is not"
    assert by_key(copy)["A"]["user_id"] == athlete.user_id
    edited = await put(athlete, copy, program_name="Mine", days=days("ABC"))
    assert (edited["revision"], edited["copied_from_id"]) == (2, source["id"])
    assert ok(await stranger.get(f"{PROGRAMS}/{source['id']}")) == source
    problem(await stranger.get(f"{PROGRAMS}/{copy['id']}"), 404, "not-found")


async def test_each_copy_is_another_unless_it_has_an_id(athlete: Person) -> None:
    source = await made(athlete)
    path = f"{PROGRAMS}/{source['id']}/copy"
    one, two = ok(await athlete.post(path), 201), ok(await athlete.post(path, {}), 201)
    assert len({source["id"], one["id"], two["id"]}) == 3
    body = {"id": str(uuid7()), "revision": 1}
    named = ok(await athlete.post(path, body), 201)
    assert named["id"] == body["id"]
    assert ok(await athlete.post(path, body), 201) == named
    assert len(await listed(athlete, mine="true")) == 4
    for taken in (source["id"], one["id"]):
        other = await made(athlete, program_name="Other")
        refused = await athlete.post(f"{PROGRAMS}/{other['id']}/copy", {"id": taken})
        assert pointers(problem(refused, 409, "id-taken")) == {"/id"}


async def test_an_old_revision_is_copied_as_it_was(athlete: Person) -> None:
    source = await made(athlete)
    await put(athlete, source, days=days("ABC"))
    copy = ok(await athlete.post(f"{PROGRAMS}/{source['id']}/copy", {"revision": 1}), 201)
    assert (said(copy), copy["copied_from_revision"]) == (said(source), 1)
    problem(await athlete.post(f"{PROGRAMS}/{source['id']}/copy", {"revision": 3}), 404, "not-found")


async def assign(services: Services, coach: Person, athlete: Person, source: dict[str, Any], revision: int | None = None) -> str:
    """The copy made in a transaction as an assigning request has it: the coach acts, the athlete's rows are written."""
    async with services.database.act_as(
        await credential(services, coach), UUID(athlete.user_id), "program:assign", uuid7(), write=True
    ) as tx:
        return str(await actions.copy_program(tx, UUID(source["id"]), revision))


async def credential(services: Services, person: Person) -> Credential:
    found: Credential = services.authenticator.credential(f"Bearer {person.access_token}")
    assert found.via is Via.WEB
    return found


@pytest.fixture
async def coach(http: httpx.AsyncClient, services: Services, athlete: Person) -> Person:
    return await coach_of(services, http, athlete, "training:read", "program:assign")


async def test_a_coach_hands_a_private_program_on_as_the_athletes_own(
    athlete: Person, coach: Person, services: Services, urls: DatabaseUrls
) -> None:
    secret, shared = await private_exercise(coach, "Log Clean"), await private_exercise(coach, "Yoke Walk")
    there = await private_exercise(athlete, "yoke walk")
    own = ok(await coach.post(f"{V1}/workouts", {"workout_name": "Finish", "instructions": [asks(shared)]}), 201)["id"]
    workouts = [workout("A", asks(secret), asks(BENCH)), {"workout_key": "B", "workout_id": own}, workout("D", asks(secret))]
    source = await made(coach, workouts=workouts, days=days("AB", "D"))
    problem(await athlete.get(f"{PROGRAMS}/{source['id']}"), 404, "not-found")
    copy_id = await assign(services, coach, athlete, source)
    copy = ok(await athlete.get(f"{PROGRAMS}/{copy_id}"))
    assert (copy["user_id"], copy["created_by"], copy["is_public"]) == (athlete.user_id, coach.user_id, False)
    assert (copy["copied_from_id"], copy["copied_from_revision"]) == (source["id"], 1)
    assert [each["kind"] for each in copy["workouts"]] == ["PROGRAM"] * 3, "the coach's own workouts are written out"
    exercises = {i["exercise_name"]: i["exercise_id"] for w in copy["workouts"] for i in w["instructions"]}
    assert exercises["yoke walk"] == there, "what the athlete has under the name is used"
    assert exercises["Log Clean"] not in (secret, None)
    assert ok(await athlete.get(f"{V1}/exercises/{exercises['Log Clean']}"))["user_id"] == athlete.user_id
    # Nothing of it is the coach's any more.
    owner = await asyncpg.connect(urls.owner)
    try:
        owners = await owner.fetch(
            """SELECT DISTINCT x.user_id FROM program_day_workout k
               JOIN exercise_instruction i ON i.workout_id = k.workout_id AND i.revision = k.workout_revision
               JOIN exercise e ON e.id = i.exercise_id, LATERAL (VALUES (k.user_id), (i.user_id), (e.user_id)) x (user_id)
               WHERE k.program_id = $1""",
            UUID(copy_id),
        )
    finally:
        await owner.close()
    assert {row[0] for row in owners} == {UUID(athlete.user_id), None}


async def test_assigned_again_it_is_the_same_copy_and_a_new_text_its_next_revision(
    athlete: Person, coach: Person, services: Services
) -> None:
    source = await made(coach)
    copy_id = await assign(services, coach, athlete, source)
    path = f"/api/v1/athletes/{athlete.user_id}/programs/{copy_id}"
    tailored = ok(await coach.put(path, program(program_name="For you", days=days("ABC"))))
    assert (tailored["revision"], tailored["updated_by"]) == (2, coach.user_id)
    assert await assign(services, coach, athlete, source) == copy_id
    assert ok(await coach.get(path)) == tailored, "of the same revision it is left as it was tailored"
    later = await put(coach, source, workouts=[workout("A", asks(sets=9), asks(BENCH)), *program()["workouts"][1:]])
    assert await assign(services, coach, athlete, source) == copy_id
    upgraded = ok(await athlete.get(f"{PROGRAMS}/{copy_id}"))
    assert (upgraded["revision"], upgraded["copied_from_revision"], said(upgraded)) == (3, 2, said(later))
    assert pins(upgraded)["B"] == pins(tailored)["B"], "what says the same stays the workout it is"
    assert pins(upgraded)["A"] == (pins(tailored)["A"][0], pins(tailored)["A"][1] + 1)
    assert await assign(services, coach, athlete, source, 2) == copy_id
    # A copy that the athlete archived is theirs to have archived: a new one is made.
    ok(await athlete.delete(f"{PROGRAMS}/{copy_id}"), 204)
    assert await assign(services, coach, athlete, source) != copy_id


async def test_the_athletes_programs_through_a_grant(
    athlete: Person, coach: Person, services: Services, http: httpx.AsyncClient
) -> None:
    stored = await made(athlete)
    base = f"/api/v1/athletes/{athlete.user_id}/programs"
    assert [each["id"] for each in ok(await coach.get(base))["items"]] == [stored["id"]]
    assert ok(await coach.get(f"{base}/{stored['id']}")) == stored
    problem(await coach.get(f"{PROGRAMS}/{stored['id']}"), 404, "not-found")
    reader = await coach_of(services, http, athlete, "training:read")
    assert ok(await reader.get(f"{base}/{stored['id']}")) == stored
    problem(await reader.put(f"{base}/{stored['id']}", program()), 403, "forbidden")
    nobody = await register(http, "nobody")
    problem(await nobody.get(base), 404, "not-found")
    # A coach may tailor what an athlete has, and neither publish it nor put their own private things into it.
    refused = await coach.put(f"{base}/{stored['id']}", program(is_public=True))
    assert pointers(problem(refused, 422, "invalid")) == {"/is_public"}
    exercise = await private_exercise(coach)
    own = ok(await coach.post(f"{V1}/workouts", {"workout_name": "W", "instructions": [asks()]}), 201)["id"]
    body = program(workouts=[workout("A", asks(exercise)), {"workout_key": "B", "workout_id": own}], days=days("AB"))
    refused = await coach.put(f"{base}/{stored['id']}", body)
    assert pointers(problem(refused, 422, "invalid")) == {"/workouts/0/instructions/0/exercise_id", "/workouts/1/workout_id"}
    assert ok(await athlete.get(f"{PROGRAMS}/{stored['id']}")) == stored


async def test_a_coach_without_the_scope_hands_on_nothing(athlete: Person, services: Services, http: httpx.AsyncClient) -> None:
    reader = await coach_of(services, http, athlete, "training:read")
    source = await made(reader)
    with pytest.raises(asyncpg.PostgresError):
        await assign(services, reader, athlete, source)
    asked = await credential(services, reader), UUID(athlete.user_id), "training:read", uuid7()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with services.database.act_as(*asked, write=False) as tx:
            await actions.copy_program(tx, UUID(source["id"]), None)
    assert await listed(athlete, mine="true") == []
