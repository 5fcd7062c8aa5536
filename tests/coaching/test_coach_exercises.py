"""A coach logs for an athlete what the athlete can see: never an exercise that is the coach's alone."""

from coaching_world import let_in, new_coach, of, ok, trained

from helpers import Person, pointers, problem

PRIVATE = {"exercise_name": "My own press", "equipment": "BARBELL", "mechanic": "COMPOUND", "tracks": "REPS_WEIGHT"}
LIFTED = {"reps": 5, "weight": 80, "weight_unit": "kg"}


async def test_a_coach_s_private_exercise_stays_the_coach_s(athlete: Person) -> None:
    coach = await new_coach(athlete)
    await let_in(athlete, coach)
    session = await trained(athlete)
    theirs = ok(await coach.post("/api/v1/exercises", PRIVATE), 201)["id"]
    path = of(athlete, f"sessions/{session['id']}")
    refused = problem(await coach.post(f"{path}/sets", {"exercise_id": theirs, **LIFTED}), 422, "invalid")
    assert pointers(refused) == {"/exercise_id"}
    problem(await coach.post(f"{path}/exercises", {"exercise_id": theirs}), 422, "invalid")
    recorded = {
        "session_status": "COMPLETED",
        "started_at": "2026-03-02T17:00:00Z",
        "performances": [{"exercise_id": theirs, "sets": [LIFTED]}],
    }
    problem(await coach.post(of(athlete, "sessions"), recorded), 422, "invalid")
    mine = ok(await athlete.post("/api/v1/exercises", PRIVATE), 201)["id"]
    ok(await coach.post(f"{path}/sets", {"exercise_id": mine, **LIFTED}), 201)
