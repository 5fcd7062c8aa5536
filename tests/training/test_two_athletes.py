"""Two athletes who know each other's ids: nothing of one is readable, writable, countable or guessable by the other."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from training_world import BENCH, FULL_BODY, FULL_BODY_SQUAT, SQUAT, a_set, log, new_id, ok, read, record, start

from helpers import Person, pointers, problem, register
from reptrail.http.edge import Services, signature
from reptrail.routes import ROUTES

BODIES: dict[str, Any] = {
    "create_session": {"workout_id": FULL_BODY},
    "patch_session": {"session_notes": "x"},
    "add_exercises": {"exercise_id": BENCH},
    "put_performance": {"sets_completed": 3},
    "patch_performance": {"difficulty_rating": 3},
    "log_sets": a_set(BENCH),
    "patch_set": {"reps": 1},
}
TRAINING = [route for route in ROUTES if route.handler.__module__ == "reptrail.training.api"]


@dataclass
class Two:
    """The one who has trained, with the ids of everything, and the one who would like to know."""

    victim: Person
    intruder: Person
    ids: dict[str, str]
    services: Services

    async def ledger(self) -> list[Any]:
        heads = []
        for person in (self.victim, self.intruder):
            async with self.services.database.act_as_system(person.user_id, new_id()) as tx:
                heads.append(tuple(await tx.row("SELECT seq, hash FROM change_head WHERE user_id = $1", tx.athlete)))
        return heads


@pytest.fixture(scope="module")
async def two(http: httpx.AsyncClient, services: Services) -> Two:
    victim, intruder = await register(http, "victim"), await register(http, "intruder")
    session = await start(victim, workout_id=FULL_BODY)
    logged = await log(victim, session, a_set(SQUAT))
    added = ok(await victim.post(f"sessions/{session['id']}/exercises", {"exercise_id": BENCH}), 201)
    ids = {
        "session_id": session["id"],
        "set_id": logged["sets"][0]["id"],
        "exercise_instruction_id": FULL_BODY_SQUAT,
        "own_instruction_id": added["prescriptions"][-1]["id"],
        "instruction_id": added["prescriptions"][-1]["id"],
        "own_workout_id": added["own_workout_id"],
    }
    return Two(victim, intruder, ids, services)


def test_every_route_is_tried() -> None:
    assert len(TRAINING) >= 16
    needing = {r.handler.__name__ for r in TRAINING if signature(r).body_required}
    assert needing <= BODIES.keys()


@pytest.mark.parametrize("route", TRAINING, ids=lambda r: f"{r.method} {r.path}")
async def test_no_route_reaches_another(two: Two, route: Any) -> None:
    before = await two.ledger(), await read(two.victim, {"id": two.ids["session_id"]})
    body = BODIES.get(route.handler.__name__)
    to_the_victim = route.path.format(athlete=two.victim.user_id, **two.ids)
    problem(await two.intruder.call(route.method, to_the_victim, body), 404, "not-found")
    if "session_id" in route.path:
        as_if_own = route.path.format(athlete="me", **two.ids)
        refusal = problem(await two.intruder.call(route.method, as_if_own, body), 404, "not-found")
        nothing = route.path.format(athlete="me", **{**two.ids, "session_id": new_id()})
        same = problem(await two.intruder.call(route.method, nothing, body), 404, "not-found")
        assert {**refusal, "request_id": None} == {**same, "request_id": None}, "not told from what is not there"
        for match in ('"1"', '"2"', "*"):
            response = await two.intruder.call(route.method, as_if_own, body, headers={"If-Match": match})
            problem(response, 404, "not-found")
    assert (await two.ledger(), await read(two.victim, {"id": two.ids["session_id"]})) == before


async def test_nothing_is_counted(two: Two) -> None:
    for query in ("", f"exercise_id={SQUAT}", "status=IN_PROGRESS", "limit=1"):
        assert ok(await two.intruder.get(f"sessions?{query}")) == {"items": [], "next_cursor": None}
    session = await start(two.intruder, workout_id=FULL_BODY)
    assert session["prescriptions"][0]["previous_performance"] is None
    ok(await two.intruder.post(f"sessions/{session['id']}/cancel"))


async def test_nothing_of_the_other_can_be_hung_on_ones_own(two: Two) -> None:
    mine = await record(two.intruder, performances=[{"exercise_id": BENCH, "sets": [a_set(None)]}])
    path = f"sessions/{mine['id']}"
    before = await two.ledger()
    own, theirs = two.ids["own_instruction_id"], two.ids["own_workout_id"]
    refused = problem(await two.intruder.post(f"{path}/sets", a_set(exercise_instruction_id=own)), 422, "invalid")
    assert pointers(refused) == {"/exercise_instruction_id"}
    problem(await two.intruder.put(f"{path}/performances/{own}", {"sets_completed": 1}), 404, "not-found")
    problem(await two.intruder.patch(f"{path}/sets/{two.ids['set_id']}", {"reps": 1}), 404, "not-found")
    problem(await two.intruder.delete(f"{path}/sets/{two.ids['set_id']}"), 404, "not-found")
    for body in ({"workout_id": theirs}, {"workout_id": new_id()}):
        assert pointers(problem(await two.intruder.post("sessions", body), 422, "invalid")) == {"/workout_id"}
    whole = {
        "session_status": "COMPLETED",
        "started_at": "2026-03-01T10:00:00Z",
        "performances": [{"exercise_instruction_id": own, "sets": [a_set(None)]}],
    }
    problem(await two.intruder.post("sessions", whole), 422, "invalid")
    assert await two.ledger() == before


async def test_a_private_exercise_of_another(two: Two) -> None:
    exercise = new_id()
    async with two.services.database.act_as_system(two.victim.user_id, new_id()) as tx:
        await tx.execute(
            "INSERT INTO exercise (id, user_id, exercise_name, equipment, mechanic, tracks) "
            "VALUES ($2, $1, $3, 'BARBELL', 'COMPOUND', 'REPS_WEIGHT')",
            tx.athlete,
            exercise,
            f"secret {exercise}",
        )
    mine = await start(two.intruder)
    before = await two.ledger()
    for body in (a_set(exercise), a_set(new_id())):
        refused = problem(await two.intruder.post(f"sessions/{mine['id']}/sets", body), 422, "invalid")
        assert pointers(refused) == {"/exercise_id"}
        added = {"exercise_id": body["exercise_id"]}
        problem(await two.intruder.post(f"sessions/{mine['id']}/exercises", added), 422, "invalid")
    assert await two.ledger() == before
    ok(await two.intruder.post(f"sessions/{mine['id']}/cancel"))
    theirs = {"id": two.ids["session_id"]}
    assert (await log(two.victim, theirs, a_set(exercise)))["performances"][0]["exercise_name"] == f"secret {exercise}"


INSERT_REVISION = """
    INSERT INTO workout_revision (user_id, id, workout_id, revision, is_public, workout_name) VALUES ($1, $2, $3, 1, true, 'Shared')
"""
INSERT_INSTRUCTION = """
    INSERT INTO exercise_instruction (user_id, id, workout_id, is_public, position, exercise_id) VALUES ($1, $2, $3, true, 1, $4)
"""


async def test_performed_data_outlives_what_it_was_an_instance_of(athlete: Person, stranger: Person, services: Services) -> None:
    """A workout of somebody else's, public once, private and deleted since."""
    workout, instruction = new_id(), new_id()
    async with services.database.act_as_system(stranger.user_id, new_id()) as tx:
        for sql, *values in (
            ("INSERT INTO workout (user_id, id, is_public) VALUES ($1, $2, true)", workout),
            (INSERT_REVISION, new_id(), workout),
            (INSERT_INSTRUCTION, instruction, workout, SQUAT),
        ):
            await tx.execute(sql, tx.athlete, *values)
    sets = [{"exercise_instruction_id": instruction, "sets": [a_set(None)]}]
    session = await record(athlete, workout_id=workout, performances=sets)
    async with services.database.act_as_system(stranger.user_id, new_id()) as tx:
        for table in ("workout", "workout_revision", "exercise_instruction"):
            await tx.execute(f"UPDATE {table} SET is_public = false, is_active = false WHERE user_id = $1", tx.athlete)  # noqa: S608
    after = await read(athlete, session)
    assert after["performances"][0]["sets"] == session["performances"][0]["sets"]
    listed = ok(await athlete.get("sessions"))["items"]
    assert listed[0]["performances"][0]["sets_completed"] == 1
    assert (await start(athlete, workout_id=FULL_BODY))["prescriptions"][0]["previous_performance"]["weight_used_kg"] == 100
