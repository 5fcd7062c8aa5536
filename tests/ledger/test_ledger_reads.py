"""Changes and histories over HTTP: who sees what of them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from ledger_world import BENCH, MEASUREMENT, PERFORMANCE, SESSION, SET, changes, ok, record, sets_of, weigh

from helpers import Person, pointers, problem, register
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.http.paging import encode_cursor
from reptrail.ids import uuid7
from reptrail.ledger import actions

GRANT = "INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version) VALUES ($1, $2, $3, $4, 'test')"


async def coach_of(athlete: Person, services: Services, *scopes: str) -> Person:
    coach = await register(athlete.http, "coach")
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        await tx.execute(GRANT, uuid7(), UUID(athlete.user_id), UUID(coach.user_id), list(scopes))
    return coach


async def seen_by(coach: Person, athlete: Person, **params: str) -> Any:
    return ok(await coach.get(f"/api/v1/athletes/{athlete.user_id}/changes", params=params))


@pytest.mark.parametrize(
    ("scopes", "tables"),
    [
        (["training:read"], {SESSION, PERFORMANCE, SET, "workout", "workout_revision", "exercise_instruction"}),
        (["measurements:read"], {MEASUREMENT}),
    ],
)
async def test_a_coach_sees_what_their_scopes_let_them_read(
    scopes: list[str], tables: set[str], athlete: Person, services: Services
) -> None:
    await record(athlete, BENCH)
    await weigh(athlete)
    page = await seen_by(await coach_of(athlete, services, *scopes), athlete, limit="200")
    assert {c["table_name"] for c in page["items"]} == tables
    # Past the last they may see, so that they do not ask for the rest again and again.
    assert page["next_since"] == (await changes(athlete))[-1]["seq"] > page["items"][-1]["seq"]


async def test_a_coach_comes_to_the_end_over_pages_that_hold_nothing_for_them(
    athlete: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "SEQS_A_PAGE", 3)
    for day in range(1, 4):
        await record(athlete, BENCH)
        await weigh(athlete, day=f"2026-03-0{day}")
    coach, seen, since, pages = await coach_of(athlete, services, "measurements:read"), [], "0", 0
    while True:
        page = await seen_by(coach, athlete, since=since)
        seen += [c["table_name"] for c in page["items"]]
        assert page["next_since"] <= int(since) + 3
        since, pages = str(page["next_since"]), pages + 1
        if page["next_cursor"] is None:
            break
    assert seen == [MEASUREMENT] * 3
    assert pages > 5
    monkeypatch.undo()
    assert int(since) == (await changes(athlete))[-1]["seq"]


async def test_a_token_that_may_read_nothing_is_refused(athlete: Person, urls: DatabaseUrls) -> None:
    """None is made any more that assigns without reading; there may be old ones."""
    session = await record(athlete, BENCH)
    refused = await athlete.post("/api/v1/me/tokens", {"name": "assigns", "scopes": ["program:assign"]})
    assert pointers(problem(refused, 422, "invalid")) == {"/scopes"}
    token = ok(await athlete.post("/api/v1/me/tokens", {"name": "old", "scopes": ["account:read"]}), 201)["token"]
    owner = await asyncpg.connect(urls.owner)
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute("UPDATE api_token SET scopes = '{program:assign}' WHERE user_id = $1", UUID(athlete.user_id))
    await owner.close()
    only_assigns = replace(athlete, access_token=token)
    problem(await only_assigns.get("changes"), 403, "forbidden")
    problem(await only_assigns.get(f"history/{SESSION}/{session['id']}"), 404, "not-found")


async def test_a_history_beyond_one_s_scopes_is_not_there(athlete: Person, services: Services) -> None:
    coach, made = await coach_of(athlete, services, "training:read"), await weigh(athlete)
    problem(await coach.get(f"/api/v1/athletes/{athlete.user_id}/history/{MEASUREMENT}/{made['id']}"), 404, "not-found")
    problem(await coach.get(f"/api/v1/athletes/{athlete.user_id}/history/app_user/{athlete.user_id}"), 404, "not-found")


async def test_names_are_told_to_those_who_may_know_them(athlete: Person, services: Services) -> None:
    one = await coach_of(athlete, services, "training:read", "training:write")
    other = await coach_of(athlete, services, "training:read")
    session = await record(athlete, BENCH)
    address = f"/api/v1/athletes/{athlete.user_id}/sessions/{session['id']}"
    ok(await one.patch(address, {"session_notes": "well done"}))
    history = f"/api/v1/athletes/{athlete.user_id}/history/{SESSION}/{session['id']}"
    ok(await one.patch("/api/v1/me", {"display_name": "Carla"}))
    names = {
        viewer.user_id: [(c["actor_id"], c["actor_name"], c["via"]) for c in ok(await viewer.get(history))["items"]]
        for viewer in (athlete, one, other)
    }
    mine = (athlete.user_id, "athlete", "WEB")
    assert names[athlete.user_id] == names[one.user_id] == [mine, (one.user_id, "Carla", "COACH_GRANT")]
    assert names[other.user_id] == [mine, (one.user_id, None, "COACH_GRANT")]


async def test_a_stranger_sees_no_ledger(athlete: Person, stranger: Person) -> None:
    problem(await stranger.get(f"/api/v1/athletes/{athlete.user_id}/changes"), 404, "not-found")


async def test_a_place_after_the_newest_change_is_refused(athlete: Person) -> None:
    (newest,) = await changes(athlete)
    assert ok(await athlete.get("changes", params={"since": str(newest["seq"])}))["items"] == []
    for since in (newest["seq"] + 1, 2**63 - 1):
        assert pointers(problem(await athlete.get("changes", params={"since": str(since)}), 422, "invalid")) == {"query/since"}
    for since in ("-1", "x", str(2**63), "1.5"):
        assert pointers(problem(await athlete.get("changes", params={"since": since}), 422, "invalid")) == {"query/since"}


async def test_a_cursor_goes_on_like_since(athlete: Person) -> None:
    await record(athlete)
    page = ok(await athlete.get("changes", params={"limit": "5"}))
    by_cursor = ok(await athlete.get("changes", params={"limit": "5", "cursor": page["next_cursor"]}))
    by_since = ok(await athlete.get("changes", params={"limit": "5", "since": str(page["next_since"])}))
    assert by_cursor == by_since
    assert [c["seq"] for c in by_since["items"]] == [6, 7, 8, 9, 10]
    for cursor in ("x", encode_cursor("a"), encode_cursor(1, 2), encode_cursor(2**70)):
        problem(await athlete.get("changes", params={"cursor": cursor}), 422, "invalid")


async def test_a_page_that_ends_the_ledger_says_so(athlete: Person) -> None:
    last = (await changes(athlete))[-1]["seq"]
    page = ok(await athlete.get("changes", params={"limit": str(last)}))
    assert (len(page["items"]), page["next_since"], page["next_cursor"]) == (last, last, None)


async def test_only_kept_tables_have_a_history(athlete: Person) -> None:
    for table in ("login", "change", "user_password", "pg_class", "x'"):
        problem(await athlete.get(f"history/{table}/{athlete.user_id}"), 404, "not-found")
    problem(await athlete.get(f"history/{SET}/{uuid7()}"), 404, "not-found")
    (only,) = ok(await athlete.get(f"history/app_user/{athlete.user_id}"))["items"]
    assert (only["action"], only["before"], only["after"]["id"]) == ("INSERT", None, athlete.user_id)


async def test_a_performance_s_history_takes_its_sets_along(athlete: Person) -> None:
    session = await record(athlete, BENCH, sets=2)
    performance = session["performances"][0]["id"]
    alone = ok(await athlete.get(f"history/{PERFORMANCE}/{performance}"))["items"]
    assert {c["row_id"] for c in alone} == {performance}
    whole = ok(await athlete.get(f"history/{PERFORMANCE}/{performance}", params={"with": "parts"}))["items"]
    assert {c["row_id"] for c in whole} == {performance, *(each["id"] for each in sets_of(session))}
    wrong = problem(await athlete.get(f"history/{PERFORMANCE}/{performance}", params={"with": "all"}), 422, "invalid")
    assert pointers(wrong) == {"query/with"}


async def test_times_and_values_are_as_entered(athlete: Person) -> None:
    made = await weigh(athlete, 225, unit="[lb_av]")
    (change,) = ok(await athlete.get(f"history/{MEASUREMENT}/{made['id']}"))["items"]
    assert (change["after"]["measured_value"], change["after"]["unit"]) == (225, "[lb_av]")
    assert change["changed_at"].endswith("+00:00")
    assert set(change) == {
        "seq", "actor_id", "actor_name", "via", "request_id", "changed_at", "table_name", "row_id", "action", "before", "after",
    }  # fmt: skip


async def test_a_request_is_found_again_by_its_id(athlete: Person) -> None:
    response = await athlete.post("measurements", {"metric": "body-weight", "measured_value": 80, "unit": "kg"})
    assert (await changes(athlete))[-1]["request_id"] == response.headers["x-request-id"]


async def test_what_was_deleted_is_listed_for_its_athlete(athlete: Person, services: Services) -> None:
    kept, first, second = [await record(athlete, BENCH) for _ in range(3)]
    ok(await athlete.delete(f"sessions/{first['id']}/sets/{sets_of(first)[0]['id']}"), 204)
    for gone in (first, second):
        ok(await athlete.delete(f"sessions/{gone['id']}"), 204)
    page = ok(await athlete.get("deleted-sessions", params={"limit": "1"}))
    rest = ok(await athlete.get("deleted-sessions", params={"limit": "1", "cursor": page["next_cursor"]}))
    assert [each["id"] for each in page["items"] + rest["items"]] == [second["id"], first["id"]]
    assert rest["next_cursor"] is None
    counts = [each["sets"] for each in page["items"] + rest["items"]]
    assert counts == [len(sets_of(second)), len(sets_of(first)) - 1]
    ok(await athlete.post("restore", {"table": "user_workout_session", "id": first["id"]}))
    assert [each["id"] for each in ok(await athlete.get("deleted-sessions"))["items"]] == [second["id"]]
    assert ok(await athlete.get(f"sessions/{kept['id']}"))
    coach = await coach_of(athlete, services, "training:read", "training:write")
    problem(await coach.get(f"/api/v1/athletes/{athlete.user_id}/deleted-sessions"), 403, "forbidden")
