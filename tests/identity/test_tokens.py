from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from helpers import Person, pointers, problem
from reptrail.http.actor import compose_api_token
from reptrail.http.edge import Services
from reptrail.identity.rules import Scope
from reptrail.ids import uuid7

TOKENS = "/api/v1/me/tokens"
ALL = [str(scope) for scope in Scope]


async def make(person: Person, scopes: list[str] | None = None, **fields: Any) -> tuple[Person, dict[str, Any]]:
    """Somebody who has only a token of the person, and what was answered when it was made."""
    response = await person.post(TOKENS, {"name": "script", "scopes": scopes or ["account:read"], **fields})
    assert response.status_code == 201, response.text
    made = response.json()
    return Person(person.http, person.user_id, person.email, made["token"], ""), made


async def test_a_token_is_shown_once(services: Services, athlete: Person) -> None:
    _, made = await make(athlete, ["training:read"])
    assert set(made) == {"id", "name", "scopes", "expires_at", "created_at", "token"}
    secret = made.pop("token")
    assert secret.startswith("rtp_")
    listed = await athlete.get(TOKENS)
    assert listed.json() == {"items": [made], "next_cursor": None}
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        kept = await tx.rows("SELECT * FROM api_token WHERE user_id = $1", tx.athlete)
        changes = await tx.rows("SELECT after FROM change WHERE user_id = $1 AND table_name = 'api_token'", tx.athlete)
        answers = await tx.rows("SELECT * FROM idempotency_key WHERE user_id = $1", tx.athlete)
    assert secret[4:] not in repr([kept, changes, answers])
    assert kept[0]["secret_hash"] not in repr(changes)


async def test_an_idempotency_key_does_not_put_the_secret_into_the_database(services: Services, athlete: Person) -> None:
    body = {"name": "script", "scopes": ["account:read"]}
    key = {"Idempotency-Key": uuid4().hex}
    first, again = [await athlete.post(TOKENS, body, headers=key) for _ in range(2)]
    assert [first.status_code, again.status_code] == [201, 201]
    assert first.json()["token"] != again.json()["token"]
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        assert await tx.value("SELECT count(*) FROM idempotency_key WHERE user_id = $1", tx.athlete) == 0


async def test_a_token_reads_the_account_if_its_scope_says_so(athlete: Person) -> None:
    reader, _ = await make(athlete, ["account:read"])
    assert (await reader.get("/api/v1/me")).json()["id"] == athlete.user_id
    other, _ = await make(athlete, ["training:read", "training:write"])
    problem(await other.get("/api/v1/me"), 403, "forbidden")


async def test_no_token_may_manage_the_account(athlete: Person) -> None:
    holder, made = await make(athlete, ALL)
    for method, path, body in (
        ("PATCH", "/api/v1/me", {"display_name": "B"}),
        ("GET", TOKENS, None),
        ("POST", TOKENS, {"name": "x", "scopes": ["account:read"]}),
        ("DELETE", f"{TOKENS}/{made['id']}", None),
        ("GET", "/api/v1/me/logins", None),
        ("DELETE", f"/api/v1/me/logins/{uuid4()}", None),
        ("POST", "/api/v1/auth/logout", None),
    ):
        problem(await holder.call(method, path, body), 403, "forbidden")


async def test_a_revoked_token_stops_at_once(athlete: Person) -> None:
    holder, made = await make(athlete)
    kept, _ = await make(athlete)
    response = await athlete.delete(f"{TOKENS}/{made['id']}")
    assert (response.status_code, response.content) == (204, b"")
    problem(await holder.get("/api/v1/me"), 401, "unauthenticated")
    assert (await kept.get("/api/v1/me")).status_code == 200
    assert made["id"] not in (await athlete.get(TOKENS)).text
    problem(await athlete.delete(f"{TOKENS}/{made['id']}"), 404, "not-found")


async def test_an_expired_token_is_refused(services: Services, athlete: Person) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    holder, made = await make(athlete, expires_at=soon)
    assert datetime.fromisoformat(made["expires_at"]) == datetime.fromisoformat(soon)
    assert (await holder.get("/api/v1/me")).status_code == 200
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        await tx.execute("UPDATE api_token SET expires_at = now() WHERE user_id = $1", tx.athlete)
    problem(await holder.get("/api/v1/me"), 401, "unauthenticated")


async def test_a_token_outlives_the_login_that_made_it(athlete: Person) -> None:
    holder, _ = await make(athlete)
    await athlete.post("/api/v1/auth/logout")
    assert (await holder.get("/api/v1/me")).status_code == 200


async def test_a_token_names_its_user_and_row_and_neither_can_be_exchanged(athlete: Person, stranger: Person) -> None:
    _, made = await make(athlete)
    mine, token_id, secret = UUID(athlete.user_id), UUID(made["id"]), bytes(32)
    for token in (
        compose_api_token(mine, token_id, secret),
        compose_api_token(UUID(stranger.user_id), token_id, secret),
        compose_api_token(mine, uuid4(), secret),
        made["token"][:-1],
        made["token"] + "A",
        "rtp_",
        "rtp_!!!!",
        "rtp_\u00ff",
    ):
        headers = {"Authorization": f"Bearer {token}".encode("latin-1")}
        problem(await athlete.http.get("/api/v1/me", headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer x.y.z", "Bearer \u00ff", "bearer  x", "x" * 9000]
)
async def test_an_authorization_that_is_none(http: httpx.AsyncClient, header: str) -> None:
    response = await http.get("/api/v1/me", headers={"Authorization": header.encode("latin-1")})
    problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_strangers_token_cannot_be_seen_or_revoked(athlete: Person, stranger: Person) -> None:
    holder, made = await make(athlete)
    assert (await stranger.get(TOKENS)).json()["items"] == []
    problem(await stranger.delete(f"{TOKENS}/{made['id']}"), 404, "not-found")
    assert (await holder.get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize("path", ["1", "nonsense", "%00", "01a2028a-ba52-7cfa-92d7-accd5e36ec36x"])
async def test_an_id_that_is_none_is_not_found(athlete: Person, path: str) -> None:
    problem(await athlete.delete(f"{TOKENS}/{path}"), 404, "not-found")


WRONG: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"/name", "/scopes"}),
    ({"name": " ", "scopes": []}, {"/name", "/scopes"}),
    ({"name": "x" * 121, "scopes": "training:read"}, {"/name", "/scopes"}),
    ({"name": "a\u0000", "scopes": ["training:fly", 1, "account:read"]}, {"/name", "/scopes/0", "/scopes/1"}),
    ({"name": "x", "scopes": ["account:read", "account:read"]}, {"/scopes"}),
    ({"name": "x", "scopes": ["training:write"]}, {"/scopes"}),
    ({"name": "x", "scopes": ["measurements:write", "training:read"]}, {"/scopes"}),
    ({"name": "x", "scopes": ["self"]}, {"/scopes/0"}),
    ({"name": "x", "scopes": ["account:read"], "expires_at": "2020-01-01T00:00:00Z"}, {"/expires_at"}),
    ({"name": "x", "scopes": ["account:read"], "expires_at": "2099-01-01T00:00:00"}, {"/expires_at"}),
    ({"name": "x", "scopes": ["account:read"], "expires_at": "9999-12-31T23:59:59-14:00"}, {"/expires_at"}),
    ({"name": "x", "scopes": ["account:read"], "expires_at": "tomorrow"}, {"/expires_at"}),
    ({"name": "x", "scopes": ["training:write"], "expires_at": "2020-01-01T00:00:00Z"}, {"/scopes", "/expires_at"}),
    ({"name": "x", "scopes": ["account:read"], "secret_hash": "0", "user_id": "me"}, {"/secret_hash", "/user_id"}),
]


@pytest.mark.parametrize(("body", "wrong"), WRONG)
async def test_wrong_fields_are_named(athlete: Person, body: dict[str, Any], wrong: set[str]) -> None:
    assert pointers(problem(await athlete.post(TOKENS, body), 422, "invalid")) == wrong


@pytest.mark.parametrize("scope", ALL)
async def test_each_scope_is_one_the_database_knows(athlete: Person, scope: str) -> None:
    needed = [scope.replace(":write", ":read")] if scope.endswith(":write") else []
    needed = ["training:read"] if scope == "program:assign" else needed
    _, made = await make(athlete, [scope, *needed])
    assert made["scopes"] == [scope, *needed]


async def test_tokens_page(athlete: Person) -> None:
    made = [(await make(athlete, name=str(n)))[1]["id"] for n in range(5)]
    first = (await athlete.get(TOKENS, params={"limit": "3"})).json()
    second = (await athlete.get(TOKENS, params={"limit": "3", "cursor": first["next_cursor"]})).json()
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None
