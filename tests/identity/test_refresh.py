import asyncio
import base64
from uuid import UUID, uuid4

import httpx
import jwt
import pytest

from helpers import PASSWORD, Person, pointers, problem
from reptrail.http.actor import Authenticator
from reptrail.http.edge import Services
from reptrail.identity import rules
from reptrail.ids import uuid7
from reptrail.settings import Settings

REFRESH = "/api/v1/auth/refresh"


async def refresh(person: Person, token: str | None = None, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await person.http.post(REFRESH, json={"refresh_token": token or person.refresh_token}, headers=headers)


async def refreshed(person: Person, key: str | None = None) -> Person:
    """The same person with the next pair."""
    response = await refresh(person, key=key)
    assert response.status_code == 200, response.text
    answer = response.json()
    return Person(person.http, person.user_id, person.email, answer["access_token"], answer["refresh_token"])


def login_of(person: Person) -> UUID:
    return UUID(jwt.decode(person.access_token, options={"verify_signature": False})["lid"])


async def wait(services: Services, person: Person, seconds: int) -> None:
    """Lets time pass for a login."""
    async with services.database.act_as_system(None, uuid7()) as tx:
        await tx.execute(
            "UPDATE login SET refreshed_at = refreshed_at - make_interval(secs => $2), "
            "expires_at = expires_at - make_interval(secs => $2) WHERE id = $1",
            login_of(person),
            seconds,
        )


async def end_of(services: Services, person: Person) -> str | None:
    async with services.database.act_as_system(None, uuid7()) as tx:
        reason: str | None = await tx.value("SELECT end_reason FROM login WHERE id = $1", login_of(person))
    return reason


async def test_refreshing_answers_a_new_pair(athlete: Person) -> None:
    response = await refresh(athlete)
    answer = response.json()
    assert set(answer) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
    assert answer["refresh_token"] != athlete.refresh_token
    assert answer["user"]["id"] == athlete.user_id
    later = await refreshed(Person(athlete.http, athlete.user_id, athlete.email, "", answer["refresh_token"]))
    assert (await later.get("/api/v1/me")).status_code == 200
    assert login_of(later) == login_of(athlete)


async def test_the_old_access_token_stays_good_until_it_expires(athlete: Person) -> None:
    await refreshed(athlete)
    assert (await athlete.get("/api/v1/me")).status_code == 200


async def test_reuse_of_an_older_generation_ends_the_whole_family(services: Services, athlete: Person) -> None:
    second = await refreshed(athlete)
    third = await refreshed(second)
    problem(await refresh(athlete), 401, "refresh-token-refused")
    problem(await refresh(third), 401, "refresh-token-refused")
    for person in (athlete, second, third):
        problem(await person.get("/api/v1/me"), 401, "unauthenticated")
    assert await end_of(services, athlete) == "reuse"


@pytest.mark.parametrize(("first", "second_key"), [(None, None), ("k1", None), (None, "k1"), ("k1", "k2")])
async def test_reuse_of_the_previous_generation_ends_the_family(
    services: Services, athlete: Person, first: str | None, second_key: str | None
) -> None:
    second = await refreshed(athlete, first)
    problem(await refresh(athlete, key=second_key), 401, "refresh-token-refused")
    problem(await refresh(second), 401, "refresh-token-refused")
    assert await end_of(services, athlete) == "reuse"


async def test_a_repeated_refresh_after_the_grace_ends_the_family(services: Services, athlete: Person) -> None:
    second = await refreshed(athlete, "k1")
    await wait(services, athlete, rules.REFRESH_GRACE_SECONDS + 1)
    problem(await refresh(athlete, key="k1"), 401, "refresh-token-refused")
    problem(await refresh(second), 401, "refresh-token-refused")
    problem(await second.get("/api/v1/me"), 401, "unauthenticated")


async def test_reuse_ends_only_that_login(athlete: Person) -> None:
    other = await athlete.http.post("/api/v1/auth/login", json={"email": athlete.email, "password": PASSWORD})
    await refreshed(await refreshed(athlete))
    problem(await refresh(athlete), 401, "refresh-token-refused")
    assert (await refresh(athlete, other.json()["refresh_token"])).status_code == 200


async def test_a_lost_answer_is_given_again_within_the_grace(services: Services, athlete: Person) -> None:
    second = await refreshed(athlete, "k1")
    await wait(services, athlete, rules.REFRESH_GRACE_SECONDS - 10)
    again = await refreshed(athlete, "k1")
    assert again.refresh_token == second.refresh_token
    assert (await again.get("/api/v1/me")).status_code == 200
    third = await refreshed(again)
    assert (await refreshed(third)).refresh_token != third.refresh_token


async def test_refreshing_twice_at_once_moves_on_by_one(services: Services, athlete: Person) -> None:
    answers = await asyncio.gather(*(refresh(athlete, key="k1") for _ in range(8)))
    assert [r.status_code for r in answers] == [200] * 8
    assert len({r.json()["refresh_token"] for r in answers}) == 1
    async with services.database.act_as_system(None, uuid7()) as tx:
        assert await tx.value("SELECT generation FROM login WHERE id = $1", login_of(athlete)) == 2


async def test_an_expired_login_is_refused_and_nothing_is_ended(services: Services, athlete: Person) -> None:
    await wait(services, athlete, 61 * 24 * 3600)
    problem(await refresh(athlete), 401, "refresh-token-refused")
    problem(await athlete.get("/api/v1/me"), 401, "unauthenticated")
    assert await end_of(services, athlete) is None


async def test_a_login_that_is_used_does_not_expire(services: Services, athlete: Person) -> None:
    person = athlete
    for _ in range(3):
        await wait(services, athlete, 59 * 24 * 3600)
        person = await refreshed(person)
    assert (await person.get("/api/v1/me")).status_code == 200


async def test_logging_out_ends_the_login_at_once(services: Services, athlete: Person) -> None:
    response = await athlete.post("/api/v1/auth/logout")
    assert (response.status_code, response.content) == (204, b"")
    problem(await athlete.get("/api/v1/me"), 401, "unauthenticated")
    problem(await athlete.post("/api/v1/auth/logout"), 401, "unauthenticated")
    problem(await refresh(athlete), 401, "refresh-token-refused")
    assert await end_of(services, athlete) == "logout"


async def test_logging_out_leaves_the_other_logins(athlete: Person) -> None:
    answer = (await athlete.http.post("/api/v1/auth/login", json={"email": athlete.email, "password": PASSWORD})).json()
    other = Person(athlete.http, athlete.user_id, athlete.email, answer["access_token"], answer["refresh_token"])
    await athlete.post("/api/v1/auth/logout")
    assert (await other.get("/api/v1/me")).status_code == 200


def forged(settings: Settings, athlete: Person) -> list[str]:
    """Tokens this server never gave to this person."""
    assert settings.secret_key is not None
    sign, other = Authenticator(settings.secret_key).sign, Authenticator("another key").sign
    good = athlete.refresh_token
    flipped = "A" if good[-5] != "A" else "B"
    return [
        good[:-5] + flipped + good[-4:],
        good[:-1],
        good + "A",
        good.removeprefix("rtr_") + "====",
        "rtr_",
        "rtr_\u00e4",
        "rtr_\u0000",
        "rtr_" + "A" * 70,
        "rtr_!" + good,
        athlete.access_token[:200],
        rules.compose_refresh_token(other, login_of(athlete), 1),
        rules.compose_refresh_token(sign, uuid4(), 1),
        rules.compose_refresh_token(sign, login_of(athlete), 2),
        rules.compose_refresh_token(sign, login_of(athlete), 2**31 - 1),
        "rtr_" + base64.urlsafe_b64encode(login_of(athlete).bytes + bytes(4) + sign(login_of(athlete).bytes)).decode(),
    ]


@pytest.mark.parametrize("which", range(15))
async def test_a_token_that_is_not_the_servers_ends_nothing(settings: Settings, athlete: Person, which: int) -> None:
    token = forged(settings, athlete)[which]
    response = await refresh(athlete, token)
    if "\x00" in token:
        assert pointers(problem(response, 422, "invalid")) == {"/refresh_token"}
    else:
        problem(response, 401, "refresh-token-refused")
    assert (await refresh(athlete)).status_code == 200


async def test_the_tokens_of_a_device_are_its_own(athlete: Person, stranger: Person) -> None:
    assert (await refresh(stranger, athlete.refresh_token)).json()["user"]["id"] == athlete.user_id


@pytest.mark.parametrize("body", [{}, {"refresh_token": ""}, {"refresh_token": 1}, {"refresh_token": "x" * 201}])
async def test_the_token_is_needed(http: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert pointers(problem(await http.post(REFRESH, json=body), 422, "invalid")) == {"/refresh_token"}
