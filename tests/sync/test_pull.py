"""What a pull brings: everything, once, as it stands."""

import copy
import random
from typing import Any

import asyncpg
import pytest
from phone import Grant, Phone
from server_truth import rows_of

from good_requests.base import BENCH_PRESS
from helpers import Person, problem
from reptrail.ledger.queries import KEPT_TABLES
from reptrail.sync.queries import NOT_PULLED, PULLED_TABLES

ENOUGH = ["training:read", "measurements:read"]


async def train(person: Person, sets: int = 3) -> dict[str, Any]:
    """A session over the routes."""
    made = {"exercise_id": BENCH_PRESS, "sets": [{"reps": 5, "weight": 80 + n, "weight_unit": "kg"} for n in range(sets)]}
    body = {"session_status": "COMPLETED", "started_at": "2026-03-02T17:00:00Z", "actual_duration_seconds": 3600}
    response = await person.post("sessions", {**body, "performances": [made]})
    assert response.status_code == 201, response.text
    session: dict[str, Any] = response.json()
    return session


async def weigh(person: Person, value: float = 81.5) -> str:
    response = await person.post("measurements", {"metric": "body-weight", "measured_value": value, "unit": "kg"})
    row_id: str = response.json()["id"]
    return row_id


def test_every_table_of_the_ledger_is_pulled_or_has_a_reason() -> None:
    assert set(PULLED_TABLES) | NOT_PULLED.keys() == set(KEPT_TABLES)
    assert NOT_PULLED.keys() <= set(KEPT_TABLES)


async def test_nothing_secret_is_pulled(owner: asyncpg.Connection) -> None:
    columns = await owner.fetch(
        "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_name = ANY ($1::text[])",
        list(PULLED_TABLES),
    )
    assert {table for table, _ in columns} == set(PULLED_TABLES)
    assert [f"{t}.{c}" for t, c in columns if any(word in c for word in ("secret", "hash", "password", "token", "code"))] == []


async def test_a_new_client_gets_every_row_there_is(athlete: Person, owner: asyncpg.Connection) -> None:
    await train(athlete)
    await weigh(athlete)
    assert (await athlete.post("/api/v1/exercises", {"exercise_name": "Log Press", "equipment": "BARBELL", "mechanic": "COMPOUND",
                                                     "tracks": "REPS_WEIGHT"})).is_success  # fmt: skip
    phone = Phone(athlete)
    await phone.pull()
    assert phone.store == await rows_of(owner, athlete.user_id)
    assert {table for table, _ in phone.store} >= {
        "app_user", "exercise", "workout", "workout_revision", "exercise_instruction", "user_workout_session",
        "user_exercise_performance", "user_set_performance", "user_measurement",
    }  # fmt: skip


@pytest.mark.parametrize("page", [1, 2, 7, 5000])
async def test_pages_of_any_size_bring_the_same(athlete: Person, owner: asyncpg.Connection, page: int) -> None:
    session = await train(athlete)
    (set_id, *_) = [s["id"] for s in session["performances"][0]["sets"]]
    for reps in (6, 7):
        await athlete.patch(f"sessions/{session['id']}/sets/{set_id}", {"reps": reps})
    phone = Phone(athlete, page=page)
    pages = await phone.pull()
    assert phone.store == await rows_of(owner, athlete.user_id)
    assert pages == -(-phone.since // page)


async def test_a_row_comes_once_at_the_place_of_its_last_change(athlete: Person) -> None:
    first, second = await weigh(athlete), await weigh(athlete)
    await athlete.patch(f"measurements/{first}", {"measured_value": 82})
    page = (await athlete.get("sync")).json()
    weights = [c for c in page["changes"] if c["table"] == "user_measurement"]
    assert [(c["id"], c["version"], c["row"]["measured_value"]) for c in weights] == [(second, 1, 81.5), (first, 2, 82)]
    assert weights[-1]["seq"] == page["head_seq"] == page["next_since"]
    assert [c["seq"] for c in page["changes"]] == sorted({c["seq"] for c in page["changes"]})
    assert not page["has_more"]


async def test_what_was_deleted_comes_as_nothing_and_what_was_restored_as_itself(
    athlete: Person, owner: asyncpg.Connection
) -> None:
    phone = Phone(athlete)
    session = await train(athlete)
    await phone.pull()
    await athlete.delete(f"sessions/{session['id']}")
    gone = (await athlete.get("sync", params={"since": str(phone.since)})).json()["changes"]
    assert {c["table"] for c in gone if c["row"] is None} == {
        "user_workout_session", "user_exercise_performance", "user_set_performance"
    }  # fmt: skip
    await phone.pull()
    assert ("user_workout_session", session["id"]) not in phone.store
    await athlete.post("restore", {"table": "user_workout_session", "id": session["id"]})
    await phone.pull()
    assert phone.store == await rows_of(owner, athlete.user_id)


@pytest.mark.parametrize("seed", range(3))
async def test_from_any_number_on_a_store_comes_right(athlete: Person, owner: asyncpg.Connection, seed: int) -> None:
    """A store that was right when it was pulled is right again after one pull, whatever happened between."""
    chance = random.Random(seed)  # noqa: S311 - a walk that can be repeated
    copies: list[Phone] = []
    phone = Phone(athlete)
    for _ in range(12):
        session = await train(athlete, chance.randint(1, 3))
        weight = await weigh(athlete, chance.randint(70, 90))
        if chance.random() < 0.5:
            await athlete.patch(f"measurements/{weight}", {"measurement_notes": "x"})
        if chance.random() < 0.3:
            await athlete.delete(f"sessions/{session['id']}")
        if chance.random() < 0.3:
            await athlete.delete(f"measurements/{weight}")
        await phone.pull()
        copies.append(
            Phone(athlete, page=chance.randint(1, 50), store=copy.deepcopy(phone.store), since=phone.since, mark=phone.mark)
        )
    truth = await rows_of(owner, athlete.user_id)
    for each in copies:
        await each.pull()
        assert each.store == truth


# --- Another history -------------------------------------------------------------------------------------------------


async def test_a_number_ahead_of_the_ledger_is_another_history(athlete: Person) -> None:
    head = (await athlete.get("sync")).json()["head_seq"]
    told = problem(await athlete.get("sync", params={"since": str(head + 1)}), 409, "sync-reset")
    assert told["head_seq"] == head
    assert (await athlete.get("sync", params={"since": str(head)})).json()["changes"] == []


async def test_a_mark_of_another_history_is_noticed_and_the_outbox_kept(phone: Phone, owner: asyncpg.Connection) -> None:
    """After a restored backup the numbers are there again, with other changes under them."""
    await weigh(phone.person)
    await phone.pull()
    assert phone.mark is not None
    phone.do("user_measurement", "insert", fields={"metric": "body-weight", "measured_value": 80, "unit": "kg"})
    phone.mark = phone.mark[::-1]
    phone.store["user_measurement", "gone"] = {"id": "gone", "version": 1}
    await phone.sync()
    assert phone.store == await rows_of(owner, phone.person.user_id)
    assert phone.settled.popitem()[1] == "APPLIED"


@pytest.mark.parametrize("query", [{"since": "-1"}, {"since": "x"}, {"changes": "0"}, {"changes": "5001"}, {"until": "3"}])
async def test_a_query_that_is_none_is_refused(athlete: Person, query: dict[str, str]) -> None:
    problem(await athlete.get("sync", params=query), 422, "invalid")


# --- Who may see what ------------------------------------------------------------------------------------------------


async def test_a_coach_pulls_what_the_grant_covers(athlete: Person, grant: Grant, owner: asyncpg.Connection) -> None:
    await train(athlete)
    await weigh(athlete)
    coach = await grant("training:read")
    theirs = Phone(coach, athlete.user_id)
    await theirs.pull()
    truth = await rows_of(owner, athlete.user_id)
    hidden = {"app_user", "user_measurement", "metric"}
    assert theirs.store == {key: row for key, row in truth.items() if key[0] not in hidden}
    # More is allowed: what came before is not missed. Less: what may be seen no more is gone.
    await grant(*ENOUGH, coach=coach)
    await theirs.pull()
    assert theirs.store == {key: row for key, row in truth.items() if key[0] != "app_user"}
    await grant("measurements:read", coach=coach)
    await theirs.pull()
    assert {table for table, _ in theirs.store} == {"user_measurement"}


async def test_without_a_scope_to_read_there_is_nothing(athlete: Person, grant: Grant, token: Grant) -> None:
    blind = await token("account:read")
    assert {c["table"] for c in (await blind.get("sync")).json()["changes"]} == {"app_user"}
    coach = await grant()
    problem(await coach.get(f"/api/v1/athletes/{athlete.user_id}/sync"), 404, "not-found")


# --- The catalogue ---------------------------------------------------------------------------------------------------


async def test_the_catalogue_and_a_pull_hold_whatever_is_referred_to(athlete: Person) -> None:
    workout = (await athlete.get("/api/v1/workouts")).json()["items"][0]
    planned = await athlete.post("sessions", {"workout_id": workout["id"], "scheduled_at": "2026-03-02T17:00:00Z"})
    assert planned.status_code == 201
    await train(athlete)
    phone = Phone(athlete)
    await phone.pull()
    response = await athlete.get("sync/catalog")
    rows = {(r["table"], r["id"]): r["row"] for r in response.json()["rows"]}
    assert rows.keys().isdisjoint(phone.store)
    there = {**rows, **phone.store}
    session = phone.store["user_workout_session", planned.json()["id"]]
    assert ("workout", session["workout_id"]) in rows
    asked = [r for (table, _), r in rows.items() if table == "exercise_instruction"]
    assert workout["id"] in {r["workout_id"] for r in asked}
    wanted = {("exercise", r["exercise_id"]) for r in there.values() if r.get("exercise_id")}
    assert wanted <= there.keys()
    assert len([key for key in rows if key[0] == "exercise"]) > 200
    assert len([key for key in rows if key[0] == "metric"]) >= 19


async def test_the_catalogue_is_asked_for_again_and_not_sent_again(athlete: Person) -> None:
    first = await athlete.get("sync/catalog")
    again = await athlete.get("sync/catalog", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    program = (await athlete.get("/api/v1/programs")).json()["items"][0]
    await athlete.post("enrollments", {"program_id": program["id"]})
    more = await athlete.get("sync/catalog", headers={"If-None-Match": first.headers["etag"]})
    assert more.status_code == 200
    assert len(more.json()["rows"]) > len(first.json()["rows"])
