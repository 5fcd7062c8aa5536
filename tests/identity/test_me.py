import asyncio
import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from helpers import PASSWORD, Person, pointers, problem
from reptrail.http.edge import Services
from reptrail.identity import rules
from reptrail.ids import uuid7

ClientAt = Callable[[str], httpx.AsyncClient]
ME = "/api/v1/me"
NEW_PASSWORD = "another horse, another staple"


async def log_in(person: Person, password: str = PASSWORD) -> httpx.Response:
    return await person.http.post("/api/v1/auth/login", json={"email": person.email, "password": password})


async def another_login(person: Person) -> Person:
    answer = (await log_in(person)).json()
    return Person(person.http, person.user_id, person.email, answer["access_token"], answer["refresh_token"])


async def test_the_profile_has_an_etag(athlete: Person) -> None:
    response = await athlete.get(ME)
    assert response.headers["etag"] == '"1"'
    assert response.headers["cache-control"] == "no-store"
    assert set(response.json()) == {"id", "email", "display_name", "time_zone", "weight_unit", "is_admin", "created_at"}


async def test_the_profile_is_ones_own_alone(http: httpx.AsyncClient) -> None:
    for method in ("GET", "PATCH"):
        problem(await http.request(method, ME), 401, "unauthenticated")


async def test_changing_the_profile(athlete: Person) -> None:
    fields = {"display_name": " Björk ", "time_zone": "Atlantic/Reykjavik", "weight_unit": "lb"}
    response = await athlete.patch(ME, fields)
    assert response.status_code == 200
    assert response.headers["etag"] == '"2"'
    assert {name: response.json()[name] for name in fields} == {**fields, "display_name": "Björk"}
    assert (await athlete.get(ME)).json() == response.json()


async def test_changing_one_field_leaves_the_others(athlete: Person) -> None:
    before = (await athlete.get(ME)).json()
    assert (await athlete.patch(ME, {"weight_unit": "lb"})).json() == {**before, "weight_unit": "lb"}


async def test_changing_nothing_is_no_change(athlete: Person) -> None:
    assert (await athlete.patch(ME, {})).headers["etag"] == '"1"'


async def test_the_ledger_says_who_changed_what_through_what(services: Services, athlete: Person) -> None:
    email = f"{uuid4().hex}@example.org"
    await athlete.patch(ME, {"email": email, "current_password": PASSWORD, "new_password": NEW_PASSWORD})
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        change = await tx.row("SELECT * FROM change WHERE user_id = $1 ORDER BY seq DESC LIMIT 1", tx.athlete)
    assert change is not None
    assert (change["action"], change["via"], str(change["actor_id"])) == ("UPDATE", "WEB", athlete.user_id)
    assert athlete.email in change["before"]
    assert email in change["after"]


async def test_if_match_lets_the_version_it_names_be_changed(athlete: Person) -> None:
    assert (await athlete.patch(ME, {"display_name": "B"}, headers={"If-Match": '"1"'})).status_code == 200
    assert (await athlete.patch(ME, {"display_name": "C"}, headers={"If-Match": "*"})).status_code == 200


async def test_if_match_refuses_a_stale_change_and_carries_the_current_row(athlete: Person) -> None:
    await athlete.patch(ME, {"display_name": "B"})
    response = await athlete.patch(ME, {"display_name": "C"}, headers={"If-Match": '"1"'})
    assert problem(response, 412, "precondition-failed")["current"] == (await athlete.get(ME)).json()
    assert (await athlete.get(ME)).json()["display_name"] == "B"


async def test_of_many_changes_of_one_version_at_once_one_wins(athlete: Person) -> None:
    changes = [athlete.patch(ME, {"display_name": str(n)}, headers={"If-Match": '"1"'}) for n in range(8)]
    statuses = [r.status_code for r in await asyncio.gather(*changes)]
    assert sorted(statuses) == [200] + [412] * 7


@pytest.mark.parametrize("header", ["1.5", "abc", '"1", "2"', 'W/"1"', "", "-1", '"' + "9" * 30 + '"', '"4294967296"'])
async def test_an_if_match_that_is_no_etag_of_ours(athlete: Person, header: str) -> None:
    response = await athlete.patch(ME, {"display_name": "B"}, headers={"If-Match": header})
    assert pointers(problem(response, 422, "invalid")) == {"header/If-Match"}


async def test_a_repeated_change_is_made_once(athlete: Person) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    first = await athlete.patch(ME, {"display_name": "B"}, headers=key)
    again = await athlete.patch(ME, {"display_name": "B"}, headers=key)
    assert (again.status_code, again.headers["etag"], again.json()) == (200, '"2"', first.json())
    assert (await athlete.get(ME)).headers["etag"] == '"2"'
    problem(await athlete.patch(ME, {"display_name": "C"}, headers=key), 422, "idempotency-key-reused")


async def test_a_new_email_needs_the_current_password(athlete: Person) -> None:
    email = f"{uuid4().hex}@example.org"
    assert pointers(problem(await athlete.patch(ME, {"email": email}), 422, "invalid")) == {"/current_password"}
    response = await athlete.patch(ME, {"email": email, "current_password": "not the password"})
    assert pointers(problem(response, 422, "invalid")) == {"/current_password"}
    assert (await athlete.get(ME)).json()["email"] == athlete.email
    response = await athlete.patch(ME, {"email": f" {email} ", "current_password": PASSWORD})
    assert response.json()["email"] == email
    athlete.email = email
    assert (await log_in(athlete)).status_code == 200


async def test_a_new_email_must_be_free(athlete: Person, stranger: Person) -> None:
    response = await athlete.patch(ME, {"email": stranger.email.upper(), "current_password": PASSWORD})
    assert pointers(problem(response, 409, "email-taken")) == {"/email"}
    assert (await athlete.patch(ME, {"email": athlete.email.upper(), "current_password": PASSWORD})).status_code == 200


async def test_a_new_password_ends_all_other_logins(athlete: Person) -> None:
    other = await another_login(athlete)
    response = await athlete.patch(ME, {"current_password": PASSWORD, "new_password": NEW_PASSWORD})
    assert response.status_code == 200
    assert (await athlete.get(ME)).status_code == 200
    problem(await other.get(ME), 401, "unauthenticated")
    refused = await other.http.post("/api/v1/auth/refresh", json={"refresh_token": other.refresh_token})
    problem(refused, 401, "refresh-token-refused")
    problem(await log_in(athlete), 401, "wrong-credentials")
    assert (await log_in(athlete, NEW_PASSWORD)).status_code == 200


async def test_a_refused_change_changes_nothing_of_it(athlete: Person) -> None:
    wrong = {"display_name": "B", "current_password": "not the password", "new_password": NEW_PASSWORD}
    problem(await athlete.patch(ME, wrong), 422, "invalid")
    assert (await athlete.get(ME)).headers["etag"] == '"1"'
    own = {"display_name": "B", "current_password": PASSWORD, "new_password": athlete.email.upper()}
    assert pointers(problem(await athlete.patch(ME, own), 422, "invalid")) == {"/new_password"}
    assert (await athlete.get(ME)).headers["etag"] == '"1"'
    assert (await log_in(athlete)).status_code == 200


async def test_guessing_the_current_password_is_limited(at: ClientAt, athlete: Person) -> None:
    guesser = Person(at("10.9.9.9"), athlete.user_id, athlete.email, athlete.access_token, "")
    guess = {"email": "x@example.org", "current_password": "not the password"}
    for _ in range(rules.MAX_FAILURES_PER_ACCOUNT):
        problem(await guesser.patch(ME, guess), 422, "invalid")
    response = await guesser.patch(ME, {**guess, "current_password": PASSWORD})
    problem(response, 429, "too-many-attempts")
    assert int(response.headers["retry-after"]) > 0
    problem(await log_in(athlete), 429, "too-many-attempts")


WRONG: list[tuple[dict[str, Any], set[str]]] = [
    ({"display_name": "", "time_zone": "Mars", "weight_unit": "st"}, {"/display_name", "/time_zone", "/weight_unit"}),
    ({"display_name": None}, {"/display_name"}),
    ({"id": str(uuid4()), "is_admin": True, "created_at": None}, {"/id", "/is_admin", "/created_at"}),
    ({"password": NEW_PASSWORD}, {"/password"}),
    ({"new_password": NEW_PASSWORD}, {"/current_password"}),
    ({"new_password": "short", "current_password": PASSWORD}, {"/new_password"}),
    ({"email": "nobody", "current_password": PASSWORD}, {"/email"}),
    ({"email": "somebody@b.org", "new_password": "Somebody@B.org", "current_password": PASSWORD}, {"/new_password"}),
    ({"email": "somebody@b.org", "new_password": "Somebody@B.org"}, {"/new_password", "/current_password"}),
]


@pytest.mark.parametrize(("body", "wrong"), WRONG)
async def test_wrong_fields_are_named(athlete: Person, body: dict[str, Any], wrong: set[str]) -> None:
    assert pointers(problem(await athlete.patch(ME, body), 422, "invalid")) == wrong


async def test_logins_are_listed_with_this_one_marked(athlete: Person) -> None:
    other = await another_login(athlete)
    await athlete.get(ME)
    items = (await other.get("/api/v1/me/logins")).json()["items"]
    assert [item["is_current"] for item in items] == [True, False]
    assert set(items[0]) == {"id", "user_agent", "address", "created_at", "refreshed_at", "expires_at", "is_current"}
    assert items[0]["address"] == "127.0.0.1"
    assert items[0]["user_agent"].startswith("python-httpx")


async def test_a_login_can_be_ended_from_another(athlete: Person) -> None:
    lost = await another_login(athlete)
    items = (await athlete.get("/api/v1/me/logins")).json()["items"]
    lost_id = next(item["id"] for item in items if not item["is_current"])
    assert (await athlete.delete(f"/api/v1/me/logins/{lost_id}")).status_code == 204
    problem(await lost.get(ME), 401, "unauthenticated")
    problem(await athlete.delete(f"/api/v1/me/logins/{lost_id}"), 404, "not-found")
    assert len((await athlete.get("/api/v1/me/logins")).json()["items"]) == 1


async def test_a_strangers_login_cannot_be_seen_or_ended(athlete: Person, stranger: Person) -> None:
    theirs = (await athlete.get("/api/v1/me/logins")).json()["items"][0]["id"]
    problem(await stranger.delete(f"/api/v1/me/logins/{theirs}"), 404, "not-found")
    assert theirs not in (await stranger.get("/api/v1/me/logins")).text
    assert (await athlete.get(ME)).status_code == 200


async def test_logins_page(athlete: Person) -> None:
    for _ in range(4):
        await another_login(athlete)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await athlete.get("/api/v1/me/logins", params=params)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5


async def test_a_long_user_agent_is_cut(athlete: Person) -> None:
    body = {"email": athlete.email, "password": PASSWORD}
    await athlete.http.post("/api/v1/auth/login", json=body, headers={"User-Agent": b"\xe4" * 5000})
    assert len((await athlete.get("/api/v1/me/logins")).json()["items"][0]["user_agent"]) == 300


async def test_an_idempotency_key_keeps_no_plain_hash_of_a_password(services: Services, athlete: Person) -> None:
    body = b'{"current_password": "%b", "new_password": "%b"}' % (PASSWORD.encode(), NEW_PASSWORD.encode())
    headers = {"Idempotency-Key": "once", "Content-Type": "application/json"}
    for _ in range(2):
        assert (await athlete.call("PATCH", ME, content=body, headers=headers)).status_code == 200
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        kept = await tx.value("SELECT request_hash FROM idempotency_key WHERE user_id = $1", tx.athlete)
    plain = hashlib.sha256(b"\0".join((b"PATCH", b"http://test" + ME.encode(), body))).digest()
    assert len(kept) == len(plain)
    assert kept != plain
