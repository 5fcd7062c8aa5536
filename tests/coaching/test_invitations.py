"""Invitations: by code and by e-mail address, redeemed once, guessed by nobody."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from coaching_world import ALL, READ_AND_ASSIGN, VERSION, accept, consent, invite, new_coach, of, ok, soon

from helpers import Person, pointers, problem, register
from reptrail import clock
from reptrail.db.embedded import DatabaseUrls
from reptrail.ids import uuid7

INVITATIONS = "/api/v1/invitations"


async def test_a_coach_sees_nothing_before_acceptance(athlete: Person, coach: Person) -> None:
    made = await invite(coach, email=athlete.email)
    problem(await coach.get(of(athlete, "sessions")), 404, "not-found")
    assert ok(await coach.get("/api/v1/coach/athletes"))["items"] == []
    ok(await accept(athlete, made["code"]), 201)
    assert ok(await coach.get(of(athlete, "sessions")))["items"] == []


async def test_what_is_asked_is_shown_and_the_athlete_chooses(athlete: Person, coach: Person) -> None:
    made = await invite(coach, ALL, message="Shall we?")
    shown = ok(await athlete.get(f"{INVITATIONS}/{made['code'].lower().replace('-', '')}"))
    assert (shown["coach_name"], shown["scopes"], shown["message"]) == ("coach", ALL, "Shall we?")
    assert shown["consent"]["consent_version"] == VERSION
    assert shown["consent"]["text"].startswith("# Letting a coach in")

    grant = ok(await accept(athlete, made["code"], ["measurements:read"], expires_at=soon(30)), 201)
    assert grant["scopes"] == ["measurements:read"]
    assert (grant["coach_id"], grant["coach_name"], grant["grant_state"]) == (coach.user_id, "coach", "IN_FORCE")
    assert grant["consent_version"] == VERSION
    (mine,) = ok(await coach.get(INVITATIONS))["items"]
    assert (mine["invitation_state"], mine["grant_id"], mine["athlete_id"]) == ("ACCEPTED", grant["id"], athlete.user_id)
    assert "code" not in mine


async def test_a_code_is_redeemed_once(athlete: Person, stranger: Person, coach: Person) -> None:
    code = (await invite(coach))["code"]
    grant = ok(await accept(athlete, code), 201)
    assert ok(await accept(athlete, code), 201)["id"] == grant["id"]
    problem(await accept(stranger, code), 404, "not-found")
    problem(await stranger.get(f"{INVITATIONS}/{code}"), 404, "not-found")
    ok(await athlete.delete(f"grants/{grant['id']}"), 204)
    problem(await accept(athlete, code), 404, "not-found")


async def test_two_who_redeem_at_once_get_one_grant(athlete: Person, coach: Person) -> None:
    for _ in range(5):
        others = [await register(athlete.http, "rival") for _ in range(2)]
        code = (await invite(coach))["code"]
        statuses = sorted([r.status_code for r in await asyncio.gather(*(accept(each, code) for each in others))])
        assert statuses == [201, 404]


async def test_an_invitation_by_address_is_that_accounts_alone(athlete: Person, stranger: Person, coach: Person) -> None:
    made = await invite(coach, email=athlete.email.upper())
    problem(await accept(stranger, made["code"]), 404, "not-found")
    problem(await accept(stranger, made["id"]), 404, "not-found")
    assert ok(await stranger.get("/api/v1/me/invitations"))["items"] == []
    (received,) = ok(await athlete.get("/api/v1/me/invitations"))["items"]
    assert (received["id"], received["coach_name"], received["scopes"]) == (made["id"], "coach", READ_AND_ASSIGN)
    # No code is needed: who they are says enough.
    ok(await accept(athlete, received["id"]), 201)
    assert ok(await athlete.get("/api/v1/me/invitations"))["items"] == []


async def test_an_open_invitation_is_not_accepted_by_its_id(athlete: Person, coach: Person) -> None:
    problem(await accept(athlete, (await invite(coach))["id"]), 404, "not-found")


async def test_revoked_expired_and_unknown_are_the_same(athlete: Person, coach: Person, urls: DatabaseUrls) -> None:
    revoked, expired = await invite(coach), await invite(coach, email=athlete.email)
    ok(await coach.delete(f"{INVITATIONS}/{revoked['id']}"), 204)
    problem(await coach.delete(f"{INVITATIONS}/{revoked['id']}"), 404, "not-found")
    owner = await asyncpg.connect(urls.owner)
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute("UPDATE coach_invitation SET expires_at = now() WHERE id = $1", expired["id"])
    await owner.close()
    answers = [await accept(athlete, code) for code in (revoked["code"], expired["code"], expired["id"], "7K3M-Q2XD-9BTW")]
    assert {(a.status_code, a.json()["type"], a.json().get("detail")) for a in answers} == {
        (404, "urn:reptrail:problem:not-found", None)
    }
    assert ok(await athlete.get("/api/v1/me/invitations"))["items"] == []
    states = {each["id"]: each["invitation_state"] for each in ok(await coach.get(INVITATIONS))["items"]}
    assert states == {revoked["id"]: "REVOKED", expired["id"]: "EXPIRED"}


async def test_ones_own_invitation_is_refused(coach: Person) -> None:
    problem(await accept(coach, (await invite(coach))["code"]), 422, "invalid")


async def test_the_consent_in_force_must_have_been_read(athlete: Person, coach: Person) -> None:
    code = (await invite(coach))["code"]
    document = problem(await accept(athlete, code, consent_version="2020-01-01"), 422, "invalid")
    assert pointers(document) == {"/consent_version"}
    assert VERSION in document["errors"][0]["detail"]


@pytest.mark.parametrize("scopes", [["training:write"], ["program:assign"], ["measurements:write"], ["account:read"], []])
async def test_scopes_need_what_they_need(athlete: Person, coach: Person, scopes: list[str]) -> None:
    document = problem(await coach.post(INVITATIONS, {"scopes": scopes}), 422, "invalid")
    assert {pointer.split("/")[1] for pointer in pointers(document)} == {"scopes"}
    code = (await invite(coach))["code"]
    problem(await accept(athlete, code, scopes), 422, "invalid")
    problem(await athlete.post("grants", consent(scopes, coach_id=coach.user_id)), 422, "invalid")


async def test_codes_cannot_be_tried_out(athlete: Person, coach: Person) -> None:
    code = (await invite(coach))["code"]
    for n in range(10):
        problem(await athlete.get(f"{INVITATIONS}/0000-0000-{n:04}"), 404, "not-found")
    refused = await accept(athlete, code)
    problem(refused, 429, "too-many-attempts")
    assert 0 < int(refused.headers["retry-after"]) <= 900
    # Others are not held up by it, and neither is the athlete's login.
    ok(await accept(await register(athlete.http, "other"), code), 201)
    ok(await athlete.http.post("/api/v1/auth/login", json={"email": athlete.email, "password": "correct horse battery staple"}))


async def test_a_repeated_invitation_has_the_same_code(coach: Person) -> None:
    id_ = str(uuid7())
    made = await invite(coach, id=id_, message="Hello")
    again = await invite(coach, id=id_, message="Hello")
    assert made == again
    document = problem(await coach.post(INVITATIONS, {"id": id_, "scopes": READ_AND_ASSIGN, "message": "Hi"}), 409, "id-taken")
    assert document["current"]["id"] == id_
    other = await new_coach(coach)
    problem(await other.post(INVITATIONS, {"id": id_, "scopes": READ_AND_ASSIGN}), 409, "id-taken")


async def test_no_code_lies_in_the_database(coach: Person, urls: DatabaseUrls) -> None:
    body = {"scopes": READ_AND_ASSIGN}
    made = ok(await coach.post(INVITATIONS, body, headers={"Idempotency-Key": str(uuid7())}), 201)
    plain = made["code"].replace("-", "")
    owner = await asyncpg.connect(urls.owner)
    for table in ("coach_invitation", "change", "idempotency_key"):
        texts = [row[0] for row in await owner.fetch(f"SELECT t::text FROM {table} t")]  # noqa: S608
        assert [t for t in texts if made["code"] in t or plain in t or plain.lower() in t] == []
    hashed = await owner.fetchval("SELECT secret_hash FROM coach_invitation WHERE id = $1", made["id"])
    assert [r for r in await owner.fetch("SELECT after::text FROM change WHERE after IS NOT NULL") if hashed in r[0]] == []
    await owner.close()


@pytest.mark.parametrize("days", [-1, 400])
async def test_an_invitation_ends_within_reason(coach: Person, days: int) -> None:
    expires = (clock.now() + timedelta(days=days)).isoformat()
    document = problem(await coach.post(INVITATIONS, {"scopes": READ_AND_ASSIGN, "expires_at": expires}), 422, "invalid")
    assert pointers(document) == {"/expires_at"}


async def test_accepting_takes_the_place_of_what_was_in_force(athlete: Person, coach: Person) -> None:
    first = ok(await accept(athlete, (await invite(coach))["code"], ALL), 201)
    second = ok(await accept(athlete, (await invite(coach))["code"], ["training:read"]), 201)
    grants = {each["id"]: each["grant_state"] for each in ok(await athlete.get("grants"))["items"]}
    assert grants == {first["id"]: "REVOKED", second["id"]: "IN_FORCE"}
    problem(await coach.get(of(athlete, "measurements")), 403, "forbidden")
