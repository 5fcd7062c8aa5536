"""Consents: given, narrowed, widened, revoked, laid down; and what they let a coach see from one request to the next."""

import asyncio
from uuid import UUID

import asyncpg
import pytest
from coaching_world import ALL, READ_AND_ASSIGN, VERSION, consent, invite, let_in, new_coach, of, ok, soon, trained

from helpers import Person, pointers, problem
from reptrail.db.embedded import DatabaseUrls
from reptrail.db.pool import Credential
from reptrail.http.edge import Services
from reptrail.ids import uuid7


async def test_a_consent_without_an_invitation(athlete: Person, coach: Person) -> None:
    by_address = ok(await athlete.post("grants", consent(["training:read"], coach_email=coach.email.upper())), 201)
    assert by_address["coach_id"] == coach.user_id
    by_id = await let_in(athlete, coach, READ_AND_ASSIGN)
    assert [each["grant_state"] for each in ok(await athlete.get("grants"))["items"]] == ["IN_FORCE", "REVOKED"]
    assert ok(await athlete.get("grants?limit=1"))["items"] == [by_id]


@pytest.mark.parametrize("field", ["coach_email", "coach_id"])
async def test_a_coach_nobody_is(athlete: Person, field: str) -> None:
    for nobody in ({"coach_email": "nobody@example.org", "coach_id": str(uuid7())}[field],
                   {"coach_email": athlete.email, "coach_id": athlete.user_id}[field]):  # fmt: skip
        document = problem(await athlete.post("grants", consent(["training:read"], **{field: nobody})), 422, "invalid")
        assert pointers(document) == {f"/{field}"}


async def test_addresses_cannot_be_tried_out(athlete: Person, coach: Person) -> None:
    for n in range(10):
        problem(await athlete.post("grants", consent(["training:read"], coach_email=f"{n}@example.org")), 422, "invalid")
    problem(await athlete.post("grants", consent(["training:read"], coach_email=coach.email)), 429, "too-many-attempts")


async def test_a_repeated_consent_is_one(athlete: Person, coach: Person) -> None:
    id_ = str(uuid7())
    assert await let_in(athlete, coach, id=id_) == await let_in(athlete, coach, id=id_)
    problem(await athlete.post("grants", consent(["training:read"], coach_id=coach.user_id, id=id_)), 409, "id-taken")
    ok(await athlete.delete(f"grants/{id_}"), 204)
    problem(await athlete.post("grants", consent(ALL, coach_id=coach.user_id, id=id_)), 409, "id-taken")


async def test_narrowing_needs_nothing_and_widening_the_consent(athlete: Person, coach: Person) -> None:
    grant = await let_in(athlete, coach, READ_AND_ASSIGN)
    path = f"grants/{grant['id']}"
    narrowed = ok(await athlete.patch(path, {"scopes": ["training:read"], "expires_at": soon()}))
    assert narrowed["scopes"] == ["training:read"]
    problem(await coach.post(of(athlete, "sessions"), {}), 403, "forbidden")
    for more in ({"scopes": READ_AND_ASSIGN}, {"expires_at": soon(2)}, {"expires_at": None}):
        document = problem(await athlete.patch(path, more), 422, "invalid")
        assert pointers(document) == {"/consent_version"}
        problem(await athlete.patch(path, {**more, "consent_version": "2020-01-01"}), 422, "invalid")
        ok(await athlete.patch(path, {**more, "consent_version": VERSION}))
    assert ok(await athlete.get("grants"))["items"][0]["expires_at"] is None


async def test_a_change_names_the_version_it_was_based_on(athlete: Person, coach: Person) -> None:
    grant = await let_in(athlete, coach, READ_AND_ASSIGN)
    path = f"grants/{grant['id']}"
    ok(await athlete.patch(path, {"scopes": ["training:read"]}, headers={"If-Match": str(grant["version"])}))
    stale = await athlete.patch(path, {"expires_at": soon()}, headers={"If-Match": str(grant["version"])})
    assert problem(stale, 412, "precondition-failed")["current"]["scopes"] == ["training:read"]
    problem(await athlete.delete(path, headers={"If-Match": str(grant["version"])}), 412, "precondition-failed")


async def test_a_revoked_consent_stays_revoked(athlete: Person, coach: Person) -> None:
    path = f"grants/{(await let_in(athlete, coach))['id']}"
    ok(await athlete.delete(path), 204)
    problem(await athlete.delete(path), 404, "not-found")
    problem(await athlete.patch(path, {"scopes": ["training:read"]}), 409, "verb-not-allowed")


async def test_revoking_acts_from_the_next_request_on(athlete: Person, coach: Person) -> None:
    session = await trained(athlete)
    grant = await let_in(athlete, coach)
    reads = [of(athlete, "sessions"), of(athlete, f"sessions/{session['id']}"), of(athlete, f"sessions/{session['id']}/comments")]
    for path in reads:
        ok(await coach.get(path))
    ok(await athlete.delete(f"grants/{grant['id']}"), 204)
    for path in reads:
        problem(await coach.get(path), 404, "not-found")
    problem(await coach.post(reads[-1], {"comment_text": "too late"}), 404, "not-found")
    assert ok(await coach.get("/api/v1/coach/athletes"))["items"] == []


async def test_a_transaction_that_runs_sees_out_what_it_began_and_the_next_sees_nothing(
    athlete: Person, coach: Person, services: Services, urls: DatabaseUrls
) -> None:
    """The check is made as the transaction begins: what is revoked meanwhile is refused from the next one on."""
    await trained(athlete)
    grant = await let_in(athlete, coach)
    connection = await asyncpg.connect(urls.owner)
    login = await connection.fetchval("SELECT id FROM login WHERE user_id = $1", UUID(coach.user_id))
    await connection.close()
    web = next(via for via in type(services.authenticator.credential(f"Bearer {coach.access_token}").via) if via == "WEB")
    who = Credential(UUID(coach.user_id), web, login)
    count = "SELECT count(*) FROM user_workout_session WHERE user_id = $1"

    def acting() -> object:
        return services.database.act_as(who, UUID(athlete.user_id), "training:read", uuid7(), write=False, what="sessions")

    async with acting() as tx:  # type: ignore[attr-defined]
        assert await tx.value(count, tx.athlete) == 1
        ok(await athlete.delete(f"grants/{grant['id']}"), 204)
        assert await tx.value(count, tx.athlete) == 1
        assert await tx.value(count, UUID(coach.user_id)) == 0
    with pytest.raises(asyncpg.PostgresError, match="no such athlete"):
        async with acting():  # type: ignore[attr-defined]
            pass


async def test_expiry_acts_by_itself(athlete: Person, coach: Person, urls: DatabaseUrls) -> None:
    grant = await let_in(athlete, coach, expires_at=soon())
    ok(await coach.get(of(athlete, "sessions")))
    owner = await asyncpg.connect(urls.owner)
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute("UPDATE coach_grant SET expires_at = now() WHERE id = $1", UUID(grant["id"]))
    await owner.close()
    problem(await coach.get(of(athlete, "sessions")), 404, "not-found")
    assert ok(await coach.get("/api/v1/coach/athletes"))["items"] == []
    assert ok(await athlete.get("grants"))["items"][0]["grant_state"] == "EXPIRED"
    # It can be given more time, by consenting to it.
    ok(await athlete.patch(f"grants/{grant['id']}", {"expires_at": soon(), "consent_version": VERSION}))
    ok(await coach.get(of(athlete, "sessions")))


async def test_a_coach_lays_a_grant_down(athlete: Person, coach: Person) -> None:
    await let_in(athlete, coach)
    path = f"/api/v1/coach/athletes/{athlete.user_id}"
    ok(await coach.delete(path, headers={"Idempotency-Key": "once"}), 204)
    problem(await coach.get(of(athlete, "sessions")), 404, "not-found")
    ok(await coach.delete(path, headers={"Idempotency-Key": "once"}), 204)
    problem(await coach.delete(path), 404, "not-found")
    (grant,) = ok(await athlete.get("grants"))["items"]
    assert grant["grant_state"] == "REVOKED"
    last = ok(await athlete.get(f"history/coach_grant/{grant['id']}"))["items"][-1]
    assert (last["actor_id"], last["actor_name"], last["via"]) == (coach.user_id, "coach", "COACH_GRANT")
    # The coach's own ledger is untouched by it, and goes on.
    ok(await coach.post("sessions", {}), 201)


async def test_two_who_coach_each_other_part_ways_at_once(athlete: Person, coach: Person) -> None:
    for _ in range(5):
        await asyncio.gather(let_in(athlete, coach), let_in(coach, athlete))
        answers = await asyncio.gather(
            coach.delete(f"/api/v1/coach/athletes/{athlete.user_id}"), athlete.delete(f"/api/v1/coach/athletes/{coach.user_id}")
        )
        assert {answer.status_code for answer in answers} <= {204, 503}


async def test_a_coach_cannot_change_a_grant_by_sql(athlete: Person, coach: Person, services: Services) -> None:
    """Not even where the server's own code asked for it: the policies let a coach revoke and nothing else."""
    grant = await let_in(athlete, coach, ["training:read"])
    who = services.authenticator.credential(f"Bearer {coach.access_token}")
    for change in ("scopes = '{training:read,training:write}'", "expires_at = NULL", "user_id = coach_id"):
        with pytest.raises(asyncpg.PostgresError):
            async with services.database.act_as(who, UUID(athlete.user_id), None, uuid7(), write=True) as tx:
                await tx.execute(f"UPDATE coach_grant SET {change} WHERE id = $1", UUID(grant["id"]))  # noqa: S608
    (kept,) = ok(await athlete.get("grants"))["items"]
    assert kept == grant


async def test_a_coach_with_two_scopes_sees_no_measurements(athlete: Person, coach: Person) -> None:
    await let_in(athlete, coach, READ_AND_ASSIGN)
    problem(await coach.get(of(athlete, "measurements")), 403, "forbidden")
    for path in ("grants", "accesses", "imports"):
        problem(await coach.get(of(athlete, path)), 403, "forbidden")


async def test_others_grants_are_not_there(athlete: Person, coach: Person, stranger: Person) -> None:
    grant = await let_in(athlete, coach)
    other = await new_coach(athlete)
    await let_in(stranger, other)
    for person in (coach, other, stranger):
        problem(await person.delete(f"grants/{grant['id']}"), 404, "not-found")
        problem(await person.patch(f"grants/{grant['id']}", {"scopes": ["training:read"]}), 404, "not-found")
    problem(await other.delete(f"/api/v1/coach/athletes/{athlete.user_id}"), 404, "not-found")
    invitation = await invite(coach)
    problem(await other.delete(f"/api/v1/invitations/{invitation['id']}"), 404, "not-found")
