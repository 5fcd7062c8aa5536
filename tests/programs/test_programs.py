from typing import Any
from uuid import UUID, uuid4

import pytest
from program_world import (
    BENCH,
    CATALOGUE_WORKOUT,
    DEADLIFT,
    PROGRAMS,
    SQUAT,
    V1,
    asks,
    by_key,
    days,
    enroll,
    listed,
    made,
    ok,
    pins,
    private_exercise,
    program,
    put,
    workout,
)

from helpers import Person, pointers, problem
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.programs import actions
from reptrail.programs.rules import DayWorkout


async def test_a_program_reads_back_as_it_was_written(athlete: Person) -> None:
    stored = await made(athlete)
    expected = {"program_name": "Strong", "description": "three lifts", "user_id": athlete.user_id, "slug": None, "revision": 1,
                "latest_revision": 1, "is_public": False, "is_active": True, "day_count": 4, "copied_from_id": None}  # fmt: skip
    assert expected.items() <= stored.items()
    assert [[each["workout_key"] for each in day["workouts"]] for day in stored["days"]] == [["A"], [], ["B", "C"], ["A"]]
    assert [day["day_number"] for day in stored["days"]] == [1, 2, 3, 4]
    a, b, c = stored["workouts"]
    assert [each["workout_key"] for each in (a, b, c)] == ["A", "B", "C"]
    assert [each["kind"] for each in (a, b, c)] == ["PROGRAM", "PROGRAM", "CATALOG"]
    assert (b["workout_name"], b["description"], c["workout_id"]) == ("Workout B", "heavy", CATALOGUE_WORKOUT)
    squat, bench = a["instructions"]
    assert (squat["exercise_name"], bench["exercise_id"]) == ("Squat (Barbell)", BENCH)
    rule = {"rule": "linear", "increment": 2.5, "increment_unit": "kg", "deload_percent": 10, "deload_after": 3}
    assert (squat["progression"], bench["progression"]) == (rule, None)
    first = stored["days"][0]["workouts"][0]
    assert first == {"position": 1, "workout_key": "A", "workout_id": a["workout_id"], "workout_revision": 1,
                     "workout_name": "Workout A"}  # fmt: skip
    response = await athlete.get(f"{PROGRAMS}/{stored['id']}")
    assert (response.json(), response.headers["etag"]) == (stored, '"1"')
    assert ok(await athlete.get(f"programs/{stored['id']}")) == stored


async def test_the_workouts_of_a_program_are_in_no_list_of_workouts(athlete: Person) -> None:
    await made(athlete)
    assert ok(await athlete.get(f"{V1}/workouts", params={"mine": "true"}))["items"] == []
    assert ok(await athlete.get(f"{V1}/workouts", params={"mine": "true", "q": "Workout A"}))["items"] == []


async def test_a_list_is_light_and_says_how_much_there_is_to_do(athlete: Person) -> None:
    stored = await made(athlete)
    (item,) = await listed(athlete, mine="true")
    assert item["id"] == stored["id"]
    assert (item["day_count"], item["training_days"], item["workouts_a_week"], item["revision"]) == (4, 3, 7.0, 1)
    assert not {"days", "workouts"} & item.keys()
    assert await listed(athlete, mine="true", q="strnog") == await listed(athlete, mine="true") == [item]
    assert ok(await athlete.get("programs"))["items"] == [item]
    assert ok(await athlete.get("programs", params={"q": "strong"}))["items"] == [item]


async def test_what_is_listed_is_built_in_ones_own_and_what_others_made_public(athlete: Person, stranger: Person) -> None:
    name = f"Zeal {uuid4().hex[:8]}"
    own, private = await made(athlete, program_name=name), await made(stranger, program_name=name)
    public = await made(stranger, program_name=name, is_public=True)
    found = {each["id"] for each in await listed(athlete, q=name)}
    assert {own["id"], public["id"]} <= found
    assert private["id"] not in found
    assert private["id"] not in {each["id"] for each in await listed(athlete)}
    assert [each["id"] for each in await listed(athlete, mine="true")] == [own["id"]]


@pytest.mark.parametrize("q", ["", "twin"])
async def test_pages_hold_each_program_once(athlete: Person, q: str) -> None:
    expected = {(await made(athlete, program_name=f"Twin {n % 2}"))["id"] for n in range(5)}
    found: list[str] = []
    params: dict[str, Any] = {"limit": 2, "mine": "true", "q": q}
    while True:
        page = ok(await athlete.get(PROGRAMS, params=params))
        found += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert (len(found), set(found)) == (5, expected)


async def test_the_same_again_answers_what_is_stored(athlete: Person) -> None:
    body = program(id=str(uuid7()))
    first = ok(await athlete.post(PROGRAMS, body), 201)
    assert ok(await athlete.post(PROGRAMS, body), 201) == first
    other_workouts = [workout("A"), *body["workouts"][1:]]
    for change in ({"program_name": "Weak"}, {"description": None}, {"is_public": True}, {"days": days("A", "BC")},
                   {"workouts": other_workouts}):  # fmt: skip
        assert pointers(problem(await athlete.post(PROGRAMS, {**body, **change}), 409, "id-taken")) == {"/id"}
    await put(athlete, first, program_name="Later")
    assert ok(await athlete.post(PROGRAMS, body), 201)["program_name"] == "Later"


async def test_an_id_of_somebody_elses_is_taken(athlete: Person, stranger: Person) -> None:
    for is_public in (True, False):
        theirs = await made(stranger, is_public=is_public)
        assert pointers(problem(await athlete.post(PROGRAMS, program(id=theirs["id"])), 409, "id-taken")) == {"/id"}


async def test_a_new_revision_keeps_the_workouts_that_say_the_same(athlete: Person) -> None:
    first = await made(athlete)
    edited = [workout("A", asks(), asks(BENCH)), *program()["workouts"][1:], workout("D", asks(DEADLIFT))]
    second = await put(athlete, first, workouts=edited, days=days("A", "BC", "D"))
    assert (second["revision"], second["version"], second["day_count"]) == (2, 2, 3)
    before, after = pins(first), pins(second)
    assert after["A"] == (before["A"][0], 2), "another text is the next revision of the same workout"
    assert (after["B"], after["C"]) == (before["B"], before["C"])
    assert after["D"][0] not in {each for each, _ in before.values()}
    old = ok(await athlete.get(f"{PROGRAMS}/{first['id']}", params={"revision": 1}))
    assert (old["workouts"], old["days"], old["latest_revision"]) == (first["workouts"], first["days"], 2)
    third = await put(athlete, second, days=days("AA", "BC"), workouts=edited[:3])
    assert pins(third) == {key: after[key] for key in "ABC"}
    problem(await athlete.get(f"{PROGRAMS}/{first['id']}", params={"revision": 4}), 404, "not-found")


async def test_an_edit_that_changes_nothing_publishes_nothing(athlete: Person) -> None:
    first = await made(athlete)
    assert await put(athlete, first) == first
    assert await put(athlete, first, program_name=" Strong ") == first
    named = [*program()["workouts"][:2], {"workout_key": "C", "workout_id": CATALOGUE_WORKOUT, "workout_revision": 1}]
    assert await put(athlete, first, workouts=named) == first


async def test_a_stale_edit_is_refused_with_what_is_there(athlete: Person) -> None:
    first = await made(athlete)
    second = await put(athlete, first, program_name="Second")
    path = f"{PROGRAMS}/{first['id']}"
    refused = await athlete.put(path, program(program_name="Mine"), headers={"If-Match": '"1"'})
    assert problem(refused, 412, "precondition-failed")["current"] == second
    problem(await athlete.delete(path, headers={"If-Match": '"1"'}), 412, "precondition-failed")
    assert ok(await athlete.put(path, program(program_name="Mine"), headers={"If-Match": '"2"'}))["revision"] == 3


async def test_a_workout_of_the_catalogue_is_pinned_in_its_revision(athlete: Person) -> None:
    body = {"workout_name": "Own", "instructions": [asks()]}
    own = ok(await athlete.post(f"{V1}/workouts", body), 201)
    uses = {"workouts": [{"workout_key": "A", "workout_id": own["id"]}], "days": days("A")}
    first = await made(athlete, **uses)
    ok(await athlete.put(f"{V1}/workouts/{own['id']}", {**body, "workout_name": "Later"}))
    assert ok(await athlete.get(f"{PROGRAMS}/{first['id']}")) == first
    wanted = [{"workout_key": "A", "workout_id": own["id"], "workout_revision": 2}]
    second = await put(athlete, first, workouts=wanted, days=days("A"))
    assert (pins(second)["A"], second["workouts"][0]["workout_name"]) == ((own["id"], 2), "Later")
    # Archived it stays where it is, and comes into no other program.
    ok(await athlete.delete(f"{V1}/workouts/{own['id']}"), 204)
    assert ok(await athlete.get(f"{PROGRAMS}/{first['id']}")) == second
    assert (await put(athlete, first, workouts=wanted, days=days("A", "A")))["day_count"] == 2
    refused = await athlete.post(PROGRAMS, program(**uses))
    assert pointers(problem(refused, 422, "invalid")) == {"/workouts/0/workout_id"}


async def test_a_deleted_private_exercise_stays_in_the_programs_that_ask_for_it(athlete: Person) -> None:
    own = await private_exercise(athlete, "Log Press")
    uses = {"workouts": [workout("A", asks(own)), workout("B")], "days": days("A", "B")}
    first = await made(athlete, **uses)
    ok(await athlete.delete(f"{V1}/exercises/{own}"), 204)
    assert ok(await athlete.get(f"{PROGRAMS}/{first['id']}")) == first
    edited = {**uses, "workouts": [uses["workouts"][0], workout("B", asks(sets=5))]}
    assert pins(await put(athlete, first, **edited))["A"] == pins(first)["A"], "what stays need not be there any more"
    copy = ok(await athlete.post(f"{PROGRAMS}/{first['id']}/copy"), 201)
    assert by_key(copy)["A"]["instructions"][0]["exercise_name"] == "Log Press"
    assert pointers(problem(await athlete.post(PROGRAMS, program(**uses)), 422, "invalid")) == {
        "/workouts/0/instructions/0/exercise_id"
    }


async def test_anothers_private_program_is_invisible_and_a_public_one_readable(athlete: Person, stranger: Person) -> None:
    private, public = await made(athlete), await made(athlete, is_public=True)
    path = f"{PROGRAMS}/{private['id']}"
    for refused in (await stranger.get(path), await stranger.put(path, program()), await stranger.delete(path)):
        problem(refused, 404, "not-found")
    for refused in (await stranger.post(f"{path}/copy"), await stranger.get(f"{path}/difference", params={"from": "1"})):
        problem(refused, 404, "not-found")
    path = f"{PROGRAMS}/{public['id']}"
    assert ok(await stranger.get(path)) == public
    problem(await stranger.put(path, program()), 403, "forbidden")
    problem(await stranger.delete(path), 403, "forbidden")
    problem(await athlete.put(f"{PROGRAMS}/{uuid4()}", program()), 404, "not-found")


async def test_publishing_shows_what_is_published_and_nothing_before(athlete: Person, stranger: Person) -> None:
    first = await made(athlete)
    path = f"{PROGRAMS}/{first['id']}"
    second = await put(athlete, first, is_public=True)
    assert second["revision"] == 2
    assert ok(await stranger.get(path)) == second
    problem(await stranger.get(path, params={"revision": 1}), 404, "not-found")
    problem(await stranger.get(f"{path}/difference", params={"from": "1"}), 404, "not-found")
    assert pins(second)["A"] == (pins(first)["A"][0], 2), "its own workouts are published with it"
    third = await put(athlete, second, is_public=False)
    problem(await stranger.get(path), 404, "not-found")
    problem(await stranger.get(path, params={"revision": 2}), 404, "not-found")
    assert ok(await athlete.get(path)) == third


async def test_a_public_program_holds_nothing_private(athlete: Person, stranger: Person) -> None:
    exercise, theirs = await private_exercise(athlete), await private_exercise(stranger)
    own = ok(await athlete.post(f"{V1}/workouts", {"workout_name": "Own", "instructions": [asks()]}), 201)["id"]
    none = str(uuid4())
    workouts = [workout("A", asks(), asks(exercise)), {"workout_key": "B", "workout_id": own}, workout("C", asks(theirs)),
                {"workout_key": "D", "workout_id": none}, {"workout_key": "E", "workout_id": CATALOGUE_WORKOUT}]  # fmt: skip
    body = program(workouts=workouts, days=days("ABCDE"))
    expected = {"/workouts/2/instructions/0/exercise_id", "/workouts/3/workout_id"}
    assert pointers(problem(await athlete.post(PROGRAMS, body), 422, "invalid")) == expected
    refused = problem(await athlete.post(PROGRAMS, {**body, "is_public": True}), 422, "invalid")
    assert pointers(refused) == expected | {"/workouts/0/instructions/1/exercise_id", "/workouts/1/workout_id"}
    good = {"workouts": workouts[:2], "days": days("AB")}
    stored = await made(athlete, **good)
    path = f"{PROGRAMS}/{stored['id']}"
    assert pointers(problem(await athlete.put(path, program(**good, is_public=True)), 422, "invalid")) == {
        "/workouts/0/instructions/1/exercise_id",
        "/workouts/1/workout_id",
    }
    assert ok(await athlete.get(path)) == stored
    assert await listed(athlete, mine="true", q="strong") == await listed(athlete, mine="true"), "nothing else was stored"


async def test_an_archived_program_is_gone_but_for_its_owner_and_who_is_enrolled(
    athlete: Person, stranger: Person, services: Services
) -> None:
    name = f"Gone {uuid4().hex[:8]}"
    stored = await made(athlete, program_name=name, is_public=True)
    path = f"{PROGRAMS}/{stored['id']}"
    await enroll(services, stranger, stored)
    ok(await athlete.delete(path, headers={"If-Match": '"1"'}), 204)
    for person in (athlete, stranger):
        assert stored["id"] not in {each["id"] for each in await listed(person, q=name)}
        answer = ok(await person.get(path))
        assert (answer["is_active"], answer["days"], answer["workouts"]) == (False, stored["days"], stored["workouts"])
    problem(await athlete.put(path, program()), 409, "conflict")
    problem(await athlete.delete(path), 409, "conflict")
    async with services.database.act_as_system(UUID(stranger.user_id), uuid7()) as tx:
        assert not (await actions.load_plan(tx, UUID(stored["id"]), 1)).is_active
    # It can be restored, as every row.
    ok(await athlete.post("restore", {"table": "program", "id": stored["id"]}))
    assert ok(await athlete.get(path))["is_active"]
    assert (await put(athlete, stored, program_name=name, days=days("ABC"), is_public=True))["revision"] == 2


async def test_an_archived_program_is_nothing_to_a_stranger(athlete: Person, stranger: Person) -> None:
    stored = await made(athlete, is_public=True)
    ok(await athlete.delete(f"{PROGRAMS}/{stored['id']}"), 204)
    problem(await stranger.get(f"{PROGRAMS}/{stored['id']}"), 404, "not-found")
    problem(await stranger.post(f"{PROGRAMS}/{stored['id']}/copy"), 404, "not-found")


async def test_who_is_enrolled_reads_on_when_the_program_is_made_private(
    athlete: Person, stranger: Person, services: Services
) -> None:
    first = await made(athlete, is_public=True)
    await enroll(services, stranger, first)
    await put(athlete, first, is_public=False, days=days("ABC"))
    path = f"{PROGRAMS}/{first['id']}"
    seen = ok(await stranger.get(path))
    assert (seen["revision"], seen["days"], seen["is_active"]) == (1, first["days"], False)
    assert [each["instructions"] for each in seen["workouts"]] == [each["instructions"] for each in first["workouts"]]
    problem(await stranger.get(path, params={"revision": 2}), 404, "not-found")
    assert first["id"] not in {each["id"] for each in await listed(stranger)}


async def test_an_edit_changes_nothing_that_pinned_a_revision(athlete: Person, services: Services) -> None:
    stored = await made(athlete)
    await enroll(services, athlete, stored)
    athlete_id, session = UUID(athlete.user_id), uuid7()
    workout_id, revision = pins(stored)["A"]
    async with services.database.act_as_system(athlete_id, uuid7()) as tx:
        await tx.execute(
            "INSERT INTO user_workout_session (id, user_id, workout_id, workout_revision) VALUES ($1, $2, $3, $4)",
            session,
            athlete_id,
            UUID(workout_id),
            revision,
        )
        plan = await actions.load_plan(tx, UUID(stored["id"]), 1)
    planned = ok(await athlete.get(f"sessions/{session}"))
    assert [each["exercise_id"] for each in planned["prescriptions"]] == [SQUAT, BENCH]
    await put(athlete, stored, workouts=[workout("A", asks(DEADLIFT, sets=9))], days=days("A"))
    ok(await athlete.delete(f"{PROGRAMS}/{stored['id']}"), 204)
    assert ok(await athlete.get(f"sessions/{session}")) == planned
    async with services.database.act_as_system(athlete_id, uuid7()) as tx:
        again = await actions.load_plan(tx, UUID(stored["id"]), 1)
    assert (again.days, again.day_count, again.program_name) == (plan.days, plan.day_count, plan.program_name)
    assert (again.revision, again.latest_revision, again.is_active) == (1, 2, False)


async def test_a_plan_says_which_workout_stands_where(athlete: Person, services: Services) -> None:
    stored = await made(athlete)
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        plan = await actions.load_plan(tx, UUID(stored["id"]), None)
    pinned = {key: (UUID(id_), revision) for key, (id_, revision) in pins(stored).items()}
    expected = [[(1, *pinned["A"])], [], [(1, *pinned["B"]), (2, *pinned["C"])], [(1, *pinned["A"])]]
    assert [day.day_number for day in plan.days] == [1, 2, 3, 4]
    assert [list(day.workouts) for day in plan.days] == [[DayWorkout(*each) for each in day] for day in expected]
    assert (plan.user_id, plan.is_public, plan.is_active) == (UUID(athlete.user_id), False, True)
    assert (plan.revision, plan.latest_revision, plan.program_name, plan.day_count) == (1, 1, "Strong", 4)


async def test_names_are_stripped_and_days_have_names_and_notes(athlete: Person) -> None:
    told = [{"day_name": " Heavy ", "day_notes": "rest well", "workouts": ["A"]}, {"workouts": []}]
    stored = await made(athlete, program_name=" Own ", workouts=[workout("A", workout_name=" W ")], days=told)
    assert (stored["program_name"], stored["workouts"][0]["workout_name"]) == ("Own", "W")
    assert [(day["day_name"], day["day_notes"]) for day in stored["days"]] == [("Heavy", "rest well"), (None, None)]


async def test_instructions_of_workouts_in_the_catalogue_say_as_much(athlete: Person) -> None:
    targets = [{"kind": "WARMUP", "percent": 50, "reps_min": 5}, {"kind": "AMRAP", "percent": 85.5, "reps_min": 3, "rpe": 9.5}]
    rule = {"rule": "percent", "training_max_percent": 85, "increment": 0, "increment_unit": "lb", "deload_percent": 12.5}
    asked = {"exercise_id": SQUAT, "percent": 80, "set_targets": targets, "progression": rule}
    body = {"id": str(uuid7()), "workout_name": "Wave", "instructions": [asked]}
    stored = ok(await athlete.post(f"{V1}/workouts", body), 201)
    (instruction,) = stored["instructions"]
    assert (instruction["sets"], instruction["percent"], instruction["progression"]) == (2, 80, rule)
    blank = {"kind": "WORKING", "reps_min": None, "reps_max": None, "percent": None, "rpe": None, "duration_seconds": None}
    assert instruction["set_targets"] == [{**blank, **each} for each in targets]
    assert ok(await athlete.post(f"{V1}/workouts", body), 201) == stored
    other = {**asked, "set_targets": [{**targets[0], "percent": 51}, targets[1]]}
    problem(await athlete.post(f"{V1}/workouts", {**body, "instructions": [other]}), 409, "id-taken")
