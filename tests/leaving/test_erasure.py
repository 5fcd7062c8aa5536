"""An account and everything in it, gone: nothing left anywhere, nobody else touched, and a receipt."""
# ruff: noqa: S608 - names of tables are PostgreSQL's own

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from good_requests import GOOD, name_of
from good_requests.base import BENCH_PRESS
from helpers import PASSWORD, Person, add_program, problem, register
from reptrail.db.embedded import DatabaseUrls
from reptrail.erasure.actions import erase as erase_account
from reptrail.erasure.actions import there_again
from reptrail.erasure.wire import Receipt
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.ledger.actions import verify
from reptrail.routes import ROUTES

FOR_GOOD = {"password": PASSWORD, "confirmation": "DELETE"}
# What only SQL makes; $1 is the athlete.
BY_SQL = [
    """INSERT INTO user_program_enrollment (id, user_id, program_id)
       SELECT gen_random_uuid(), $1, p.id FROM program p WHERE p.user_id = $1 ON CONFLICT DO NOTHING""",
    """INSERT INTO user_prescription (id, user_id, user_workout_session_id, exercise_instruction_id, exercise_id, sets, rule,
           inputs, reason)
       SELECT gen_random_uuid(), $1, p.user_workout_session_id, p.exercise_instruction_id, p.exercise_id, '[]', 'fixed', '{}', 'x'
       FROM user_exercise_performance p WHERE p.user_id = $1 LIMIT 1 ON CONFLICT DO NOTHING""",
    """INSERT INTO user_training_max (id, user_id, exercise_id, weight, weight_unit, reason)
       SELECT gen_random_uuid(), $1, e.id, 100, 'kg', 'x' FROM exercise e WHERE e.user_id IS NULL LIMIT 1""",
    """INSERT INTO calendar_feed (id, user_id, feed_name, secret_hash)
       VALUES (gen_random_uuid(), $1, 'phone', gen_random_uuid())""",
]


@pytest.fixture(scope="module")
async def owner(urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls.owner)
    yield connection
    await connection.close()


async def erase(person: Person, **fields: Any) -> httpx.Response:
    return await person.delete("/api/v1/athletes/me", json={**FOR_GOOD, **fields})


async def live(person: Person, services: Services) -> None:
    """A row in every table that the API fills, and the rest by SQL."""
    for route in ROUTES:
        make = GOOD.get(name_of(route))
        own = "{athlete}" in route.path or "/me/" in route.path or route.path.rpartition("/")[2] in ("programs", "workouts")
        if make is not None and route.method in ("POST", "PUT") and own and "/live" not in route.path:
            sent = await make(person)
            await person.call(route.method, sent.address(route), headers={"Idempotency-Key": str(uuid4())}, **sent.body())
    async with services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
        await add_program(tx, UUID(person.user_id))
        for statement in BY_SQL:
            await tx.execute(statement, UUID(person.user_id))


async def where(owner: asyncpg.Connection, *words: str) -> dict[str, int]:
    """In which columns of the database a text occurs, in any row of any table, and in how many."""
    columns = await owner.fetch("""
        SELECT c.table_schema AS schema, c.table_name AS name, c.column_name AS column FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')""")
    assert len(columns) > 300
    found = {}
    for each in columns:
        text = f"""CASE WHEN pg_typeof(x."{each["column"]}") = 'bytea'::regtype
            THEN encode(substr(x."{each["column"]}"::text::bytea, 1), 'escape') ELSE x."{each["column"]}"::text END"""
        count = await owner.fetchval(
            f'SELECT count(*) FROM "{each["schema"]}"."{each["name"]}" x WHERE EXISTS ('
            f"SELECT FROM unnest($1::text[]) w WHERE strpos(lower({text}), lower(w)) > 0 "
            f"OR strpos(lower({text}), encode(convert_to(w, 'UTF8'), 'hex')) > 0)", list(words))  # fmt: skip
        if count:
            found[f"{each['name']}.{each['column']}"] = count
    return found


async def verified(services: Services, person: Person) -> bool:
    async with services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
        return not (await verify(tx)).findings


async def test_nothing_is_left(http: httpx.AsyncClient, services: Services, owner: asyncpg.Connection, stranger: Person) -> None:
    person = await register(http, "leaving")
    await live(person, services)
    filled = await owner.fetch("SELECT DISTINCT table_name AS name FROM change WHERE user_id = $1", UUID(person.user_id))
    assert len(filled) >= 20, "too little to erase"
    assert await where(owner, person.user_id, person.email)
    before = {row[0]: row[1] for row in await owner.fetch("SELECT user_id, seq FROM change_head")}

    answer = await erase(person)

    assert answer.status_code == 200, answer.text
    receipt = answer.json()
    assert await where(owner, person.user_id, person.email) == {}
    assert receipt["counts"]["app_user"] == 1
    assert receipt["counts"]["change"] == before[UUID(person.user_id)]
    assert {"change", "user_set_performance", "user_measurement", "program", "login", "idempotency_key"} <= set(receipt["counts"])
    kept = await owner.fetchrow("SELECT subject_hash, receipt_hash FROM erasure_receipt WHERE id = $1", UUID(receipt["id"]))
    assert kept is not None
    assert kept["receipt_hash"] == receipt["receipt_hash"]
    # Nobody else's ledger moved.
    after = {row[0]: row[1] for row in await owner.fetch("SELECT user_id, seq FROM change_head")}
    assert after == {user: seq for user, seq in before.items() if user != UUID(person.user_id)}
    assert await verified(services, stranger)


async def test_the_receipt_is_proof(http: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    """It can be shown again what it was made of, and it tells nobody's name."""
    person = await register(http, "leaving")
    receipt = (await erase(person)).json()
    assert receipt["subject_hash"] == await owner.fetchval("SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex')", person.user_id)
    again = await owner.fetchval(
        """SELECT encode(sha256(convert_to(concat_ws(chr(31), r.id, r.subject_hash,
               extract(epoch FROM r.erased_at), r.counts::text), 'UTF8')), 'hex') FROM erasure_receipt r WHERE r.id = $1""",
        UUID(receipt["id"]),
    )
    assert again == receipt["receipt_hash"]


async def test_who_is_gone_is_told_so_and_the_address_is_free(http: httpx.AsyncClient) -> None:
    person = await register(http, "leaving")
    token = (await person.post("/api/v1/me/tokens", {"name": "x", "scopes": ["training:read"]})).json()["token"]
    answer = await erase(person)
    assert "reptrail_login=; Path=/api/v1; Max-Age=0" in answer.headers["set-cookie"]
    for method, path in (("GET", "sync"), ("DELETE", "/api/v1/athletes/me"), ("POST", "/api/v1/auth/renew")):
        body = FOR_GOOD if method == "DELETE" else None
        problem(await person.call(method, path, body), 410, "account-erased")
    problem(await http.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}), 401, "unauthenticated")
    problem(await http.post("/api/v1/auth/refresh", json={"refresh_token": person.refresh_token}), 401, "refresh-token-refused")
    credentials = {"email": person.email, "password": PASSWORD}
    problem(await http.post("/api/v1/auth/login", json=credentials), 401, "wrong-credentials")
    again = await http.post("/api/v1/auth/register", json={**credentials, "display_name": "again"})
    assert again.status_code == 201
    assert again.json()["user"]["id"] != person.user_id


async def test_it_takes_the_password_and_the_word(athlete: Person) -> None:
    for wrong, pointer in (({"password": "something else"}, "/password"), ({"confirmation": "delete"}, "/confirmation")):
        document = problem(await erase(athlete, **wrong), 422, "invalid")
        assert [error["pointer"] for error in document["errors"]] == [pointer]
    assert (await athlete.get("/api/v1/me")).is_success
    for _ in range(20):
        answer = await erase(athlete, password="guessed")
        if answer.status_code == 429:
            break
    problem(await erase(athlete), 429, "too-many-attempts")
    assert (await athlete.get("/api/v1/me")).is_success


@dataclass
class Coaching:
    """A coach who has written in an athlete's history, and whose program the athlete is in."""

    coach: Person
    athlete: Person
    session: str
    program: UUID


@pytest.fixture
async def coaching(http: httpx.AsyncClient, services: Services) -> Coaching:
    coach, athlete = await register(http, "coach"), await register(http, "coached")
    current = (await athlete.get("/api/v1/consents/current")).json()["consent_version"]
    grant = {"coach_email": coach.email, "scopes": ["training:read", "training:write"], "consent_version": current}
    made = await athlete.post("grants", grant)
    assert made.status_code == 201, made.text
    started = await athlete.post("sessions", {"session_status": "IN_PROGRESS"})
    session = started.json()["id"]
    theirs = f"/api/v1/athletes/{athlete.user_id}/sessions/{session}"
    one = {"exercise_id": BENCH_PRESS, "reps": 5, "weight": 100, "weight_unit": "kg"}
    assert (await coach.post(f"{theirs}/sets", one)).is_success
    assert (await coach.post(f"{theirs}/comments", {"comment_text": "Well done"})).is_success
    async with services.database.act_as_system(UUID(coach.user_id), uuid7()) as tx:
        program = await add_program(tx, UUID(coach.user_id), "The coach's own")
        await add_program(tx, UUID(coach.user_id), "Nobody's")
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        await tx.execute(
            "INSERT INTO user_program_enrollment (id, user_id, program_id) VALUES ($2, $1, $3)",
            UUID(athlete.user_id), uuid7(), program)  # fmt: skip
    return Coaching(coach, athlete, session, program)


async def test_what_a_coach_wrote_stays_without_a_name(coaching: Coaching, services: Services, owner: asyncpg.Connection) -> None:
    coach, athlete = coaching.coach, coaching.athlete

    receipt = (await erase(coach)).json()

    assert "app_user" not in receipt["counts"], "what others keep points at the empty row"
    comments = (await athlete.get(f"sessions/{coaching.session}/comments")).json()["items"]
    assert [each["comment_text"] for each in comments] == ["Well done"]
    changes = (await athlete.get("changes", params={"limit": "200"})).json()["items"]
    assert {each["actor_name"] for each in changes if each["actor_id"] == coach.user_id} == {"a deleted user"}
    grants = (await athlete.get("grants")).json()["items"]
    assert all(each["revoked_at"] for each in grants)
    assert await verified(services, athlete)
    # The program that the athlete is in is still what it was; the other one is gone.
    programs = await owner.fetch("SELECT id, is_active FROM program WHERE user_id = $1", UUID(coach.user_id))
    assert [(row["id"], row["is_active"]) for row in programs] == [(coaching.program, False)]
    assert await where(owner, coach.email) == {}
    row = await owner.fetchrow("SELECT email, display_name, is_active FROM app_user WHERE id = $1", UUID(coach.user_id))
    assert row is not None
    assert tuple(row) == (f"{coach.user_id}@deleted.invalid", "a deleted user", False)
    # Of the coach there is nothing but the number, and that only in what is somebody else's.
    left = await where(owner, coach.user_id)
    mine = {"app_user", "program", "program_revision"}
    for place in left:
        table = place.partition(".")[0]
        if table not in mine:
            others = await owner.fetchval(f"SELECT count(*) FROM {table} WHERE user_id = $1", UUID(coach.user_id))
            assert others == 0, place
    assert not await owner.fetchval("SELECT count(*) FROM change WHERE user_id = $1", UUID(coach.user_id))


async def test_verifying_tells_an_erased_account_from_a_lost_ledger(
    coaching: Coaching, services: Services, owner: asyncpg.Connection
) -> None:
    receipt = (await erase(coaching.coach)).json()
    assert await verified(services, coaching.coach)
    await owner.execute("UPDATE erasure_receipt SET subject_hash = repeat('0', 64) WHERE id = $1", UUID(receipt["id"]))
    try:
        assert not await verified(services, coaching.coach)
    finally:
        await owner.execute(
            "UPDATE erasure_receipt SET subject_hash = $2 WHERE id = $1", UUID(receipt["id"]), receipt["subject_hash"]
        )


async def test_what_a_backup_brings_back_is_erased_again(http: httpx.AsyncClient, services: Services) -> None:
    """The receipt finds the account; here one that is still there stands for one that is there again."""
    person, other = await register(http, "back"), await register(http, "other")
    subject = hashlib.sha256(person.user_id.encode()).hexdigest()
    kept = [Receipt(uuid4(), subject, datetime(2026, 1, 1, tzinfo=UTC), {}, "0" * 64)]
    async with services.database.act_as_system(None, uuid7()) as tx:
        assert await there_again(tx, kept) == [(UUID(person.user_id), person.email)]
    async with services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
        receipt = await erase_account(tx)
    assert receipt.subject_hash == subject
    async with services.database.act_as_system(None, uuid7()) as tx:
        assert await there_again(tx, kept) == []
    problem(await person.get("/api/v1/me"), 410, "account-erased")
    assert (await other.get("/api/v1/me")).is_success


async def test_of_an_athlete_their_coach_keeps_nothing(coaching: Coaching, owner: asyncpg.Connection, services: Services) -> None:
    assert (await erase(coaching.athlete)).status_code == 200
    assert await where(owner, coaching.athlete.user_id, coaching.athlete.email) == {}
    assert await verified(services, coaching.coach)
    theirs = await coaching.coach.get(f"/api/v1/athletes/{coaching.athlete.user_id}/sessions")
    problem(theirs, 404, "not-found")


async def test_the_function_erases_nobody_but_its_actor(urls: DatabaseUrls, coaching: Coaching, owner: asyncpg.Connection) -> None:
    """Whatever the serving role sets by hand: a coach's transaction is refused, and nothing may be deleted around it."""
    connection = await asyncpg.connect(urls.server)
    login = await owner.fetchval("SELECT id FROM login WHERE user_id = $1 LIMIT 1", UUID(coaching.coach.user_id))
    coach, athlete = coaching.coach.user_id, coaching.athlete.user_id
    try:
        for begin in ("SELECT 1", f"SELECT app.act_as('{coach}', '{athlete}', NULL, 'WEB', NULL, false, '{login}', '')"):
            transaction = connection.transaction()
            await transaction.start()
            await connection.execute(begin)
            with pytest.raises(asyncpg.PostgresError, match="only the athlete may do this"):
                await connection.execute("SELECT app.erase(gen_random_uuid())")
            await transaction.rollback()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SET ROLE reptrail_eraser")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM erasure_receipt")
    finally:
        await connection.close()


async def test_every_table_of_athletes_is_emptied(owner: asyncpg.Connection) -> None:
    """A table that is made later is in the function too."""
    tables = {row[0] for row in await owner.fetch(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'user_id' "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'")}  # fmt: skip
    source = await owner.fetchval("SELECT prosrc FROM pg_proc WHERE proname = 'erase'")
    assert {table for table in tables if f"['{table}'," not in source} == {"app_user"}
