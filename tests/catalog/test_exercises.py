from typing import Any
from uuid import uuid4

import pytest

from helpers import Person, pointers, problem
from reptrail.catalog import builtin
from reptrail.ids import uuid7

EXERCISES = "/api/v1/exercises"
BENCH = builtin.exercises_by_slug()["bench-press-barbell"]


def exercise(**fields: Any) -> dict[str, Any]:
    return {
        "exercise_name": f"Sled Drag {uuid4().hex[:6]}",
        "equipment": "OTHER",
        "mechanic": "COMPOUND",
        "tracks": "DISTANCE_WEIGHT",
        "primary_muscles": ["QUADS"],
        **fields,
    }


async def made(person: Person, **fields: Any) -> dict[str, Any]:
    response = await person.post(EXERCISES, exercise(**fields))
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    response = await person.get(EXERCISES, params=params)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def test_a_built_in_exercise_is_readable(athlete: Person) -> None:
    response = await athlete.get(f"{EXERCISES}/{BENCH.id}")
    answer = response.json()
    assert answer["exercise_name"] == "Bench Press (Barbell)"
    assert (answer["user_id"], answer["slug"], answer["equipment"]) == (None, "bench-press-barbell", "BARBELL")
    assert answer["primary_muscles"] == list(BENCH.primary)
    assert response.headers["etag"] == f'"{answer["version"]}"'
    assert "rank" not in answer


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("bnech pres", "bench-press-barbell"),
        ("bench", "bench-press-barbell"),
        ("OHP", "overhead-press-barbell"),
        ("kreuzheben", "deadlift-barbell"),
        ("Klimmzüge", "pull-up"),
        ("klimmzuge", "pull-up"),
        ("Bankdrücken", "bench-press-barbell"),
        ("développé couché", "bench-press-barbell"),
        ("developpe couche", "bench-press-barbell"),
        ("incline dumbell press", "incline-bench-press-dumbbell"),
    ],
)
async def test_a_search_forgives(athlete: Person, query: str, first: str) -> None:
    assert (await listed(athlete, q=query))[0]["slug"] == first


async def test_a_search_finds_ones_own_and_its_aliases(athlete: Person, stranger: Person) -> None:
    own = await made(athlete, exercise_name="  Zercher Yoke  ", aliases=["Jochträger ", "ZY"])
    assert (own["exercise_name"], own["aliases"]) == ("Zercher Yoke", ["Jochträger", "ZY"])
    for query in ("zercher yoke", "zercer yok", "jochtrager", "zy"):
        assert (await listed(athlete, q=query))[0]["id"] == own["id"], query
        assert own["id"] not in [each["id"] for each in await listed(stranger, q=query, limit=200)]


@pytest.mark.parametrize("query", ["xyzzy", "🦵", "%", "_", "'; DROP TABLE exercise", "\\"])
async def test_a_search_for_nothing_finds_nothing(athlete: Person, query: str) -> None:
    assert await listed(athlete, q=query) == []


async def test_an_empty_search_lists_everything(athlete: Person) -> None:
    assert await listed(athlete, q="") == await listed(athlete, q="  ") == await listed(athlete)


async def test_without_a_search_the_popular_come_first(athlete: Person) -> None:
    own = await made(athlete)
    found, params = [], {"limit": 200}
    while True:
        page = (await athlete.get(EXERCISES, params=params)).json()
        found += [each["slug"] or each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert found == [*(each.slug for each in builtin.exercises()), own["id"]]


async def test_pages_of_a_search_hold_each_result_once(athlete: Person) -> None:
    whole = [each["id"] for each in await listed(athlete, q="press", limit=200)]
    found: list[str] = []
    params: dict[str, Any] = {"q": "press", "limit": 7}
    while True:
        page = (await athlete.get(EXERCISES, params=params)).json()
        found += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None or len(found) > 200:
            break
        params["cursor"] = page["next_cursor"]
    assert found == whole
    assert len(found) == len(set(found)) > 50


async def test_filters_go_together_with_and_without_a_search(athlete: Person) -> None:
    own = await made(athlete, exercise_name="Band Curl Deluxe", equipment="BAND", tracks="REPS", secondary_muscles=["BICEPS"])

    async def slugs(**params: Any) -> set[str]:
        return {each["slug"] or each["id"] for each in await listed(athlete, limit=200, **params)}

    def expected(muscle: str | None = None, equipment: str | None = None, tracks: str | None = None) -> set[str]:
        return {
            each.slug
            for each in builtin.exercises()
            if muscle in (None, *each.primary, *each.secondary)
            and equipment in (None, each.equipment)
            and tracks in (None, each.tracks)
        }

    assert await slugs(muscle="BICEPS") == expected(muscle="BICEPS") | {own["id"]}
    assert await slugs(equipment="BAND", tracks="REPS") == expected(equipment="BAND", tracks="REPS") | {own["id"]}
    assert await slugs(mine="true") == await slugs(mine="true", q="band curl") == {own["id"]}
    assert await slugs(mine="false", equipment="BAND") == expected(equipment="BAND") | {own["id"]}
    assert await slugs(q="curl", muscle="BICEPS", equipment="CABLE") <= expected(muscle="BICEPS", equipment="CABLE")
    assert await slugs(q="bench press", equipment="CABLE") & {"bench-press-barbell"} == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("muscle", "TORSO"),
        ("equipment", "barbell"),
        ("tracks", "X"),
        ("mine", "perhaps"),
        ("limit", "0"),
        ("cursor", "WzFd"),
        ("cursor", "W10"),
        ("q", "x" * 121),
        ("q", "\x00"),
        ("colour", "red"),
    ],
)
async def test_a_wrong_parameter_is_named(athlete: Person, name: str, value: str) -> None:
    refused = await athlete.get(EXERCISES, params={name: value})
    assert pointers(problem(refused, 422, "invalid")) == {f"query/{name}"}


@pytest.mark.parametrize("key", ["[-1]", "[9223372036854775807]", '["a"]', "[99999999999999999999]"])
async def test_a_made_up_cursor_of_a_search_is_refused(athlete: Person, key: str) -> None:
    import base64

    cursor = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    refused = await athlete.get(EXERCISES, params={"q": "press", "cursor": cursor})
    assert pointers(problem(refused, 422, "invalid")) == {"query/cursor"}


async def test_a_made_up_cursor_of_the_list_does_no_harm(athlete: Person) -> None:
    import base64

    cursor = base64.urlsafe_b64encode(f'[9223372036854775807,"x","{uuid4()}"]'.encode()).decode().rstrip("=")
    assert (await athlete.get(EXERCISES, params={"cursor": cursor})).json() == {"items": [], "next_cursor": None}


async def test_making_one_of_ones_own(athlete: Person) -> None:
    body = exercise(id=str(uuid7()), load="ADDED", secondary_muscles=["GLUTES"], aliases=["Drag"])
    response = await athlete.post(EXERCISES, body)
    assert response.status_code == 201
    answer = response.json()
    assert {**body, "slug": None, "user_id": athlete.user_id, "created_by": athlete.user_id, "version": 1}.items() <= answer.items()
    assert (await athlete.get(f"{EXERCISES}/{body['id']}")).json() == answer
    assert (await athlete.post(EXERCISES, body)).json() == answer
    document = problem(await athlete.post(EXERCISES, {**body, "aliases": []}), 409, "id-taken")
    assert (pointers(document), document["current"]) == ({"/id"}, answer)


async def test_the_least_there_is_to_say(athlete: Person) -> None:
    body = {"exercise_name": "Log Roll", "equipment": "OTHER", "mechanic": "COMPOUND", "tracks": "REPS"}
    answer = (await athlete.post(EXERCISES, body)).json()
    assert (answer["load"], answer["primary_muscles"], answer["aliases"]) == ("EXTERNAL", [], [])
    document = problem(await athlete.post(EXERCISES, {}), 422, "invalid")
    assert pointers(document) == {"/exercise_name", "/equipment", "/mechanic", "/tracks"}


async def test_all_wrong_fields_are_named_at_once(athlete: Person) -> None:
    body = exercise(exercise_name=" ", equipment="ROCK", load="HEAVY", primary_muscles=["CHEST", "TORSO"], aliases=["", 3], rank=1)
    assert pointers(problem(await athlete.post(EXERCISES, body), 422, "invalid")) == {
        "/exercise_name",
        "/equipment",
        "/load",
        "/primary_muscles/1",
        "/aliases/0",
        "/aliases/1",
        "/rank",
    }
    body = exercise(primary_muscles=["CHEST", "CHEST"], secondary_muscles=["CHEST"], aliases=["good", " "])
    document = problem(await athlete.post(EXERCISES, body), 422, "invalid")
    assert pointers(document) >= {"/aliases/1"}
    body["aliases"] = []
    document = problem(await athlete.post(EXERCISES, body), 422, "invalid")
    assert pointers(document) == {"/primary_muscles", "/secondary_muscles"}
    body = exercise(aliases=["a\x00b"])
    assert pointers(problem(await athlete.post(EXERCISES, body), 422, "invalid")) == {"/aliases/0"}


async def test_a_name_is_ones_own_once_whatever_others_call_theirs(athlete: Person, stranger: Person) -> None:
    own = await made(athlete, exercise_name="Yoke Walk")
    document = problem(await athlete.post(EXERCISES, exercise(exercise_name="yoke walk ")), 409, "conflict")
    assert pointers(document) == {"/exercise_name"}
    await made(stranger, exercise_name="Yoke Walk")
    await made(athlete, exercise_name="Bench Press (Barbell)")
    other = await made(athlete)
    renamed = await athlete.patch(f"{EXERCISES}/{other['id']}", {"exercise_name": "YOKE WALK"})
    problem(renamed, 409, "conflict")
    assert (await athlete.delete(f"{EXERCISES}/{own['id']}")).status_code == 204
    await made(athlete, exercise_name="Yoke Walk")


async def test_editing_ones_own(athlete: Person) -> None:
    own = await made(athlete, secondary_muscles=["GLUTES"])
    path = f"{EXERCISES}/{own['id']}"
    response = await athlete.patch(path, {"exercise_name": " Sled ", "tracks": "REPS"}, headers={"if-match": '"1"'})
    edited = response.json()
    assert (edited["exercise_name"], edited["tracks"], edited["primary_muscles"]) == ("Sled", "REPS", ["QUADS"])
    assert (edited["version"], response.headers["etag"], edited["updated_by"]) == (2, '"2"', athlete.user_id)
    stale = await athlete.patch(path, {"load": "ADDED"}, headers={"if-match": '"1"'})
    assert problem(stale, 412, "precondition-failed")["current"] == edited
    problem(await athlete.delete(path, headers={"if-match": '"1"'}), 412, "precondition-failed")
    refused = await athlete.patch(path, {"primary_muscles": ["GLUTES"]})
    assert pointers(problem(refused, 422, "invalid")) == {"/secondary_muscles"}
    for field, value in {"is_active": False, "exercise_name": None, "user_id": str(uuid4()), "slug": "x"}.items():
        assert pointers(problem(await athlete.patch(path, {field: value}), 422, "invalid")) == {f"/{field}"}


async def test_a_built_in_exercise_cannot_be_edited(athlete: Person) -> None:
    path = f"{EXERCISES}/{BENCH.id}"
    problem(await athlete.patch(path, {"exercise_name": "Mine"}), 403, "forbidden")
    problem(await athlete.delete(path), 403, "forbidden")
    problem(await athlete.post(EXERCISES, exercise(id=str(BENCH.id))), 409, "id-taken")


async def test_anothers_exercise_is_invisible(athlete: Person, stranger: Person) -> None:
    own = await made(athlete)
    path = f"{EXERCISES}/{own['id']}"
    for refused in (await stranger.get(path), await stranger.patch(path, {"load": "ADDED"}), await stranger.delete(path)):
        problem(refused, 404, "not-found")
    problem(await stranger.post(EXERCISES, exercise(id=own["id"])), 409, "id-taken")
    assert await listed(stranger, mine="true") == []
    assert (await athlete.get(path)).json() == own


async def test_history_keeps_the_name_of_a_deleted_exercise(athlete: Person) -> None:
    own = await made(athlete)
    session = {
        "session_status": "COMPLETED",
        "started_at": "2024-05-01T10:00:00Z",
        "performances": [{"exercise_id": own["id"], "sets": [{"reps": 5, "weight": 40, "weight_unit": "kg"}]}],
    }
    recorded = (await athlete.post("sessions", session)).json()
    assert (await athlete.delete(f"{EXERCISES}/{own['id']}")).status_code == 204
    problem(await athlete.get(f"{EXERCISES}/{own['id']}"), 404, "not-found")
    assert await listed(athlete, mine="true") == []
    read = (await athlete.get(f"sessions/{recorded['id']}")).json()
    assert read["performances"][0]["exercise_name"] == own["exercise_name"]


async def test_a_token_needs_the_scope(athlete: Person) -> None:
    for scopes, read, write in ((["training:read"], 200, 403), (["measurements:read"], 403, 403)):
        token = (await athlete.post("/api/v1/me/tokens", {"name": "t", "scopes": scopes})).json()["token"]
        reader = Person(athlete.http, athlete.user_id, athlete.email, token, "")
        assert (await reader.get(EXERCISES)).status_code == read
        assert (await reader.post(EXERCISES, exercise())).status_code == write
    problem(await athlete.http.get(EXERCISES), 401, "unauthenticated")
