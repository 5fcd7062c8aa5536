import asyncio
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from argon2 import PasswordHasher, extract_parameters

from helpers import PASSWORD, Person, pointers, problem, register
from reptrail.http.edge import Services
from reptrail.identity import rules
from reptrail.ids import uuid7

ClientAt = Callable[[str], httpx.AsyncClient]
LOGIN = "/api/v1/auth/login"


def new_host() -> str:
    """An address nobody has failed to log in from yet."""
    number = uuid4().int
    return f"10.{number & 255}.{number >> 8 & 255}.{number >> 16 & 255}"


async def log_in(http: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    return await http.post(LOGIN, json={"email": email, "password": password})


async def hash_of(services: Services, person: Person) -> str:
    async with services.database.act_as_system(None, uuid7()) as tx:
        kept: str = await tx.value("SELECT password_hash FROM user_password WHERE user_id = $1", UUID(person.user_id))
    return kept


async def test_logging_in_answers_the_user_and_tokens(athlete: Person) -> None:
    response = await log_in(athlete.http, athlete.email)
    assert response.status_code == 200
    answer = response.json()
    assert set(answer) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
    assert answer["user"] == (await athlete.get("/api/v1/me")).json()
    again = Person(athlete.http, athlete.user_id, athlete.email, answer["access_token"], answer["refresh_token"])
    assert (await again.get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize("change", [str.upper, str.lower, "  {}\n".format])
async def test_the_email_is_taken_in_any_case_and_with_blanks(athlete: Person, change: Callable[[str], str]) -> None:
    assert (await log_in(athlete.http, change(athlete.email))).status_code == 200


async def test_a_wrong_password_and_an_unknown_account_are_told_alike(at: ClientAt, athlete: Person) -> None:
    http = at(new_host())
    documents = []
    for email, password in ((athlete.email, "not the password"), ("nobody@example.org", PASSWORD), ("nonsense", PASSWORD)):
        document = problem(await log_in(http, email, password), 401, "wrong-credentials")
        document.pop("request_id")
        documents.append(document)
    assert documents[0] == documents[1] == documents[2]


async def test_an_unknown_account_takes_as_long(at: ClientAt, athlete: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "ARGON2_MEMORY_KIB", 16_384)
    await log_in(athlete.http, athlete.email)  # keeps the hash at this cost

    # In turn, so that whatever else the machine does slows both; the quickest of each. Without a hash it would be a tenth.
    taken: dict[str, list[float]] = {athlete.email: [], f"{uuid4().hex}@example.org": []}
    http = at(new_host())
    for _ in range(5):
        for email, seconds in taken.items():
            started = time.perf_counter()
            problem(await log_in(http, email, "not the password"), 401, "wrong-credentials")
            seconds.append(time.perf_counter() - started)
    known, unknown = map(min, taken.values())
    assert unknown > known / 2


async def test_passwords_are_kept_as_argon2id_at_the_cost_of_the_day(
    services: Services, athlete: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap = extract_parameters(await hash_of(services, athlete))
    assert (cheap.type.name, cheap.memory_cost, cheap.time_cost) == ("ID", 8, 1)
    monkeypatch.setattr(rules, "ARGON2_MEMORY_KIB", 64)
    monkeypatch.setattr(rules, "ARGON2_ITERATIONS", 2)
    assert (await log_in(athlete.http, athlete.email)).status_code == 200
    dearer = await hash_of(services, athlete)
    assert (extract_parameters(dearer).memory_cost, extract_parameters(dearer).time_cost) == (64, 2)
    assert PasswordHasher().verify(dearer, PASSWORD)
    assert (await log_in(athlete.http, athlete.email)).status_code == 200
    assert await hash_of(services, athlete) == dearer


def test_the_cost_that_tests_lower_is_owasps() -> None:
    import importlib.util

    spec = importlib.util.find_spec("reptrail.identity.rules")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert (fresh.ARGON2_MEMORY_KIB, fresh.ARGON2_ITERATIONS, fresh.ARGON2_LANES) == (19_456, 2, 1)


async def test_ten_failures_lock_an_account_from_every_address(at: ClientAt, athlete: Person) -> None:
    for _ in range(rules.MAX_FAILURES_PER_ACCOUNT):
        problem(await log_in(at(new_host()), athlete.email, "not the password"), 401, "wrong-credentials")
    for email in (athlete.email, athlete.email.upper()):
        for password in ("not the password", PASSWORD):
            response = await log_in(at(new_host()), email, password)
            problem(response, 429, "too-many-attempts")
            assert 14 * 60 < int(response.headers["retry-after"]) <= 15 * 60


async def test_an_account_is_locked_without_looking_at_the_password(
    at: ClientAt, athlete: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(rules.MAX_FAILURES_PER_ACCOUNT):
        await log_in(at(new_host()), athlete.email, "not the password")
    monkeypatch.setattr("reptrail.identity.actions._matches", lambda *_: pytest.fail("a password was hashed"))
    problem(await log_in(at(new_host()), athlete.email), 429, "too-many-attempts")


async def test_an_unknown_account_is_locked_all_the_same(at: ClientAt) -> None:
    email = f"{uuid4().hex}@example.org"
    for _ in range(rules.MAX_FAILURES_PER_ACCOUNT):
        problem(await log_in(at(new_host()), email), 401, "wrong-credentials")
    problem(await log_in(at(new_host()), email), 429, "too-many-attempts")


async def test_the_lock_ends_with_its_window(at: ClientAt, services: Services, athlete: Person) -> None:
    http = at(new_host())
    for _ in range(rules.MAX_FAILURES_PER_ACCOUNT):
        await log_in(http, athlete.email, "not the password")
    problem(await log_in(http, athlete.email), 429, "too-many-attempts")
    async with services.database.act_as_system(None, uuid7()) as tx:
        key = rules.account_key(athlete.email)
        await tx.execute(
            "UPDATE login_attempt SET window_started_at = window_started_at - interval '15 minutes' WHERE attempt_key = $1", key
        )
    problem(await log_in(http, athlete.email, "not the password"), 401, "wrong-credentials")
    assert (await log_in(http, athlete.email)).status_code == 200


async def test_success_clears_the_accounts_failures_and_not_the_addresss(at: ClientAt, services: Services, athlete: Person) -> None:
    host = new_host()
    http = at(host)
    for _ in range(3):
        for _ in range(rules.MAX_FAILURES_PER_ACCOUNT - 1):
            problem(await log_in(http, athlete.email, "not the password"), 401, "wrong-credentials")
        assert (await log_in(http, athlete.email)).status_code == 200
    async with services.database.act_as_system(None, uuid7()) as tx:
        query = "SELECT failures FROM login_attempt WHERE attempt_key = $1"
        assert await tx.value(query, rules.account_key(athlete.email)) is None
        assert await tx.value(query, rules.address_key(host)) == 3 * (rules.MAX_FAILURES_PER_ACCOUNT - 1)


async def test_fifty_failures_lock_an_address_whatever_the_account(at: ClientAt, athlete: Person) -> None:
    http = at(new_host())
    for _ in range(rules.MAX_FAILURES_PER_ADDRESS):
        problem(await log_in(http, f"{uuid4().hex}@example.org"), 401, "wrong-credentials")
    problem(await log_in(http, athlete.email), 429, "too-many-attempts")
    assert (await log_in(at(new_host()), athlete.email)).status_code == 200


async def test_guesses_made_at_once_are_all_counted(at: ClientAt, athlete: Person) -> None:
    guesses = [log_in(at(new_host()), athlete.email, "not the password") for _ in range(40)]
    statuses = [r.status_code for r in await asyncio.gather(*guesses)]
    assert statuses.count(401) == rules.MAX_FAILURES_PER_ACCOUNT
    assert statuses.count(429) == 40 - rules.MAX_FAILURES_PER_ACCOUNT


async def test_the_right_guess_among_many_at_once_is_not_told_after_the_limit(at: ClientAt, athlete: Person) -> None:
    """It may come among the first ten, or be refused as they are; never after ten have been answered."""
    guesses = [log_in(at(new_host()), athlete.email, "not the password") for _ in range(40)]
    guesses.append(log_in(at(new_host()), athlete.email))
    statuses = [r.status_code for r in await asyncio.gather(*guesses)]
    assert statuses.count(401) <= rules.MAX_FAILURES_PER_ACCOUNT * (1 + statuses.count(200))


async def test_what_was_typed_is_not_kept(at: ClientAt, services: Services) -> None:
    typed = f"my secret {uuid4().hex}"
    await log_in(at(new_host()), typed)
    async with services.database.act_as_system(None, uuid7()) as tx:
        keys = [row["attempt_key"] for row in await tx.rows("SELECT attempt_key FROM login_attempt")]
    assert rules.account_key(typed) in keys
    assert all(len(key) == 64 for key in keys)


async def test_old_counters_are_forgotten(at: ClientAt, services: Services) -> None:
    http, old = at(new_host()), f"{uuid4().hex}@example.org"
    await log_in(http, old)
    async with services.database.act_as_system(None, uuid7()) as tx:
        await tx.execute(
            "UPDATE login_attempt SET window_started_at = window_started_at - interval '1 day' WHERE attempt_key = $1",
            rules.account_key(old),
        )
    await log_in(http, f"{uuid4().hex}@example.org")
    async with services.database.act_as_system(None, uuid7()) as tx:
        assert await tx.value("SELECT 1 FROM login_attempt WHERE attempt_key = $1", rules.account_key(old)) is None


async def test_an_inactive_account_cannot_log_in(at: ClientAt, services: Services, athlete: Person) -> None:
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        await tx.execute("UPDATE app_user SET is_active = false WHERE id = $1", tx.athlete)
    problem(await log_in(at(new_host()), athlete.email), 401, "wrong-credentials")
    refused = await athlete.http.post("/api/v1/auth/refresh", json={"refresh_token": athlete.refresh_token})
    problem(refused, 401, "refresh-token-refused")


WRONG: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"/email", "/password"}),
    ({"email": 1, "password": None, "remember": True}, {"/email", "/password", "/remember"}),
    ({"email": "", "password": ""}, {"/email", "/password"}),
    ({"email": "a\u0000", "password": "b\u0000"}, {"/email", "/password"}),
    ({"email": "x" * 255, "password": "x" * 201}, {"/email", "/password"}),
]


@pytest.mark.parametrize(("body", "wrong"), WRONG)
async def test_wrong_fields_are_named(http: httpx.AsyncClient, body: dict[str, Any], wrong: set[str]) -> None:
    assert pointers(problem(await http.post(LOGIN, json=body), 422, "invalid")) == wrong


async def test_everybody_has_their_own_account(athlete: Person, stranger: Person) -> None:
    assert (await athlete.get("/api/v1/me")).json()["id"] != (await stranger.get("/api/v1/me")).json()["id"]
    assert (await register(athlete.http)).user_id not in {athlete.user_id, stranger.user_id}
