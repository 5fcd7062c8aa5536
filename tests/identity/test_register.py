import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from helpers import PASSWORD, pointers, problem, register
from reptrail.clock import known_time_zones
from reptrail.http.edge import Services
from reptrail.identity.rules import time_zone_error
from reptrail.ids import uuid7

MakeInstance = Callable[..., Awaitable[tuple[httpx.AsyncClient, Services]]]
REGISTER = "/api/v1/auth/register"


def person(**fields: Any) -> dict[str, Any]:
    return {"email": f"{uuid4().hex}@example.org", "password": PASSWORD, "display_name": "Ann", **fields}


async def test_registering_answers_the_user_and_tokens(http: httpx.AsyncClient) -> None:
    body = person(time_zone="America/Argentina/Buenos_Aires", weight_unit="lb")
    response = await http.post(REGISTER, json=body)
    assert response.status_code == 201
    answer = response.json()
    user = answer.pop("user")
    assert set(answer) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 900
    assert abs((datetime.now(UTC) - datetime.fromisoformat(user.pop("created_at"))).total_seconds()) < 60
    assert UUID(user.pop("id")).version == 7
    user.pop("is_admin")
    assert user == {"email": body["email"], "display_name": "Ann", "time_zone": body["time_zone"], "weight_unit": "lb"}


async def test_time_zone_and_unit_have_defaults(http: httpx.AsyncClient) -> None:
    user = (await http.post(REGISTER, json=person())).json()["user"]
    assert (user["time_zone"], user["weight_unit"]) == ("UTC", "kg")


async def test_the_client_may_choose_the_id(http: httpx.AsyncClient) -> None:
    chosen = str(uuid7())
    assert (await http.post(REGISTER, json=person(id=chosen))).json()["user"]["id"] == chosen
    assert pointers(problem(await http.post(REGISTER, json=person(id=chosen)), 409, "id-taken")) == {"/id"}


async def test_an_email_has_one_account_whatever_its_case_and_blanks(http: httpx.AsyncClient) -> None:
    email = f"Ann.{uuid4().hex}@Example.org"
    response = await http.post(REGISTER, json=person(email=f"  {email}\t"))
    assert response.json()["user"]["email"] == email
    for variant in (email, email.upper(), email.lower() + " "):
        assert pointers(problem(await http.post(REGISTER, json=person(email=variant)), 409, "email-taken")) == {"/email"}


async def test_an_email_is_the_same_composed_and_decomposed(http: httpx.AsyncClient) -> None:
    name = uuid4().hex
    assert (await http.post(REGISTER, json=person(email=f"rene\u0301{name}@exa\u0308mple.org"))).status_code == 201
    problem(await http.post(REGISTER, json=person(email=f"ren\u00e9{name}@ex\u00e4mple.org")), 409, "email-taken")


async def test_one_of_many_registering_the_same_email_at_once_wins(http: httpx.AsyncClient) -> None:
    body = person()
    statuses = [r.status_code for r in await asyncio.gather(*(http.post(REGISTER, json=body) for _ in range(6)))]
    assert sorted(statuses) == [201] + [409] * 5


async def test_registering_writes_the_ledger_as_the_new_user(http: httpx.AsyncClient, services: Services) -> None:
    ann = await register(http)
    user_id = UUID(ann.user_id)
    async with services.database.act_as_system(user_id, uuid7()) as tx:
        changes = await tx.rows("SELECT * FROM change WHERE user_id = $1 ORDER BY seq", user_id)
    assert [(c["seq"], c["table_name"], c["action"], c["actor_id"], c["row_id"]) for c in changes] == [
        (1, "app_user", "INSERT", user_id, user_id)
    ]
    assert "argon2" not in changes[0]["after"]


async def test_exactly_one_of_eight_first_registrations_becomes_administrator(make_instance: MakeInstance) -> None:
    http, services = await make_instance()
    answers = await asyncio.gather(*(http.post(REGISTER, json=person()) for _ in range(8)))
    assert [r.status_code for r in answers] == [201] * 8
    users = [r.json()["user"] for r in answers]
    administrators = [u["id"] for u in users if u["is_admin"]]
    assert len(administrators) == 1
    async with services.database.act_as_system(None, uuid7()) as tx:
        assert str(await tx.value("SELECT administrator_id FROM instance")) == administrators[0]
        assert await tx.value("SELECT count(*) FROM app_user WHERE is_admin") == 1


async def test_closed_registration_lets_nobody_in_the_first_least_of_all(make_instance: MakeInstance) -> None:
    http, _ = await make_instance(registration="closed")
    answers = await asyncio.gather(*(http.post(REGISTER, json=person()) for _ in range(4)))
    assert [r.status_code for r in answers] == [403] * 4
    problem(await http.post(REGISTER, json=person()), 403, "registration-closed")
    # What is wrong is told before anything else.
    problem(await http.post(REGISTER, json=person(email="nobody")), 422, "invalid")


async def test_a_refused_first_registration_leaves_the_place_free(make_instance: MakeInstance) -> None:
    http, _ = await make_instance()
    problem(await http.post(REGISTER, json=person(time_zone="Mars/Olympus")), 422, "invalid")
    assert (await http.post(REGISTER, json=person())).json()["user"]["is_admin"] is True


WRONG = [
    ({"email": ""}, "/email"),
    ({"email": "ann"}, "/email"),
    ({"email": "ann@"}, "/email"),
    ({"email": "@example.org"}, "/email"),
    ({"email": "a@b@c"}, "/email"),
    ({"email": "a b@example.org"}, "/email"),
    ({"email": "a\u0000b@example.org"}, "/email"),
    ({"email": "a\u200bb@example.org"}, "/email"),
    ({"email": "a\n@example.org"}, "/email"),
    ({"email": "a" * 250 + "@b.org"}, "/email"),
    # Each of these grows to three characters when it is composed: 254 become more.
    ({"email": "\ufb2c" * 120 + "@b.org"}, "/email"),
    ({"email": 7}, "/email"),
    ({"email": None}, "/email"),
    ({"email": ["a@b.org"]}, "/email"),
    ({"password": "short"}, "/password"),
    ({"password": "x" * 9}, "/password"),
    ({"password": "x" * 201}, "/password"),
    ({"password": "1234567\u0000890123"}, "/password"),
    ({"password": 1234567890}, "/password"),
    ({"password": "Ann@Example.Org", "email": "ann@example.org"}, "/password"),
    ({"display_name": ""}, "/display_name"),
    ({"display_name": " \t"}, "/display_name"),
    ({"display_name": "x" * 121}, "/display_name"),
    ({"display_name": "a\u0000"}, "/display_name"),
    ({"time_zone": "Europe/Atlantis"}, "/time_zone"),
    ({"time_zone": "europe/berlin"}, "/time_zone"),
    ({"time_zone": "../../etc/passwd"}, "/time_zone"),
    ({"time_zone": "/etc/localtime"}, "/time_zone"),
    ({"time_zone": "localtime"}, "/time_zone"),
    ({"time_zone": ""}, "/time_zone"),
    ({"time_zone": None}, "/time_zone"),
    ({"time_zone": "+02:00"}, "/time_zone"),
    ({"weight_unit": "stone"}, "/weight_unit"),
    ({"weight_unit": "KG"}, "/weight_unit"),
    ({"weight_unit": 1}, "/weight_unit"),
    ({"id": "1"}, "/id"),
    ({"id": None}, "/id"),
    ({"is_admin": True}, "/is_admin"),
    ({"created_at": "2020-01-01T00:00:00Z"}, "/created_at"),
]


@pytest.mark.parametrize(("fields", "pointer"), WRONG)
async def test_a_wrong_field_is_named(http: httpx.AsyncClient, fields: dict[str, Any], pointer: str) -> None:
    assert pointers(problem(await http.post(REGISTER, json=person(**fields)), 422, "invalid")) == {pointer}


async def test_all_wrong_fields_are_named_at_once(http: httpx.AsyncClient) -> None:
    body = {"email": "nobody", "password": "short", "time_zone": "Mars", "weight_unit": 3, "is_admin": True, "a/b": 1}
    found = problem(await http.post(REGISTER, json=body), 422, "invalid")
    assert pointers(found) == {"/email", "/password", "/display_name", "/time_zone", "/weight_unit", "/is_admin", "/a~1b"}


async def test_unusual_people_are_welcome(http: httpx.AsyncClient) -> None:
    body = person(
        email=f"用户+{uuid4().hex}@例え.テスト",
        display_name="  Ünïcödé 🏋️‍♀️ أحمد  ",
        password="пароль🔑🔑🔑🔑",
        time_zone="Asia/Kathmandu",
    )
    response = await http.post(REGISTER, json=body)
    assert response.status_code == 201, response.text
    assert response.json()["user"]["display_name"] == body["display_name"].strip()
    login = {"email": body["email"], "password": body["password"]}
    assert (await http.post("/api/v1/auth/login", json=login)).status_code == 200


async def test_postgresql_knows_every_time_zone_that_is_taken(services: Services) -> None:
    """A zone that only Python knows would fail later, in a statement that asks for the athlete's day."""
    taken = {name for name in known_time_zones() if time_zone_error(name) is None}
    async with services.database.connection() as connection:
        known = {row["name"] for row in await connection.fetch("SELECT name FROM pg_timezone_names")}
    assert taken - known == set()
