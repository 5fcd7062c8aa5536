"""Verification over the real database: whatever was done behind the ledger's back is found and named."""

import asyncio
import random
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from ledger_world import (
    BENCH,
    MEASUREMENT,
    PERFORMANCE,
    SET,
    SQUAT,
    changes,
    newest,
    ok,
    record,
    sets_of,
    tampering,
    verified,
    weigh,
)

from helpers import Person, register
from reptrail.db.pool import Transaction
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.ledger import actions
from reptrail.ledger.actions import Verification, athletes, verify
from reptrail.ledger.queries import KEPT_TABLES
from reptrail.ledger.rules import RESTORED_COLUMNS, Kind


@pytest.fixture
async def busy(athlete: Person) -> Person:
    """An athlete with a session, sets, a measurement edited once, and a deleted set."""
    session = await record(athlete, BENCH, SQUAT, sets=2)
    made = await weigh(athlete)
    ok(await athlete.patch(f"measurements/{made['id']}", {"measured_value": 81}))
    ok(await athlete.delete(f"sessions/{session['id']}/sets/{sets_of(session)[0]['id']}"), 204)
    return athlete


def told(found: Verification) -> set[tuple[Kind, int | None]]:
    return {(finding.kind, finding.seq) for finding in found.findings}


async def tamper(owner: asyncpg.Connection, person: Person, *statements: str) -> None:
    async with tampering(owner):
        for statement in statements:
            await owner.execute(statement, UUID(person.user_id))


async def test_what_nobody_touched_has_no_findings(busy: Person, services: Services) -> None:
    found = await verified(services, busy)
    assert found.findings == []
    assert found.changes == found.head_seq == await newest(busy)
    assert len(found.head_hash) == 64


CHANGED = [
    "after = '{\"reps\": 99}'", "after = NULL", "after = '5'", "after = '[1]'", "after = 'null'", "before = '{}'", "via = 'IMPORT'",
    "changed_at = changed_at - interval '1 microsecond'", "changed_at = 'infinity'", "changed_at = '20000-01-01 BC'::timestamp",
    "actor_id = gen_random_uuid()", "row_id = gen_random_uuid()", "request_id = NULL", "domain = 'account'",
    "table_name = 'user_set_performanc'", "action = 'INSERT'", "hash = '\\x00'",
]  # fmt: skip


@pytest.mark.parametrize("assignment", [text.replace("20000-01-01 BC", "0400-01-01 BC") for text in CHANGED])
async def test_a_changed_change_is_named(assignment: str, busy: Person, owner: asyncpg.Connection, services: Services) -> None:
    row = await owner.fetchrow(
        "SELECT seq, row_id FROM change WHERE user_id = $1 AND action = 'UPDATE' ORDER BY seq LIMIT 1", UUID(busy.user_id)
    )
    await owner.execute(f"UPDATE change SET {assignment} WHERE user_id = $1 AND seq = $2", UUID(busy.user_id), row["seq"])  # noqa: S608
    found = await verified(services, busy)
    assert (Kind.ALTERED, row["seq"]) in told(found)
    assert {finding.seq for finding in found.findings if finding.seq} == {row["seq"]}


async def test_removed_changes_are_named(busy: Person, owner: asyncpg.Connection, services: Services) -> None:
    last = await newest(busy)
    for seq in (1, 5, 6, last):
        await owner.execute("DELETE FROM change WHERE user_id = $1 AND seq = $2", UUID(busy.user_id), seq)
    found = await verified(services, busy)
    assert {(Kind.REMOVED, 1), (Kind.REMOVED, 5), (Kind.REMOVED, last)} <= told(found)
    # What the ledger no longer tells of the rows shows as well.
    assert {finding.kind for finding in found.findings} & {Kind.ROW_ALTERED, Kind.ROW_UNKNOWN}


async def test_a_whole_ledger_removed_is_seen(busy: Person, owner: asyncpg.Connection, services: Services) -> None:
    await tamper(owner, busy, "DELETE FROM change WHERE user_id = $1", "DELETE FROM change_head WHERE user_id = $1")
    found = await verified(services, busy)
    assert Kind.HEAD in {finding.kind for finding in found.findings}
    assert {finding.table_name for finding in found.findings if finding.kind is Kind.ROW_UNKNOWN} >= {"app_user", SET, MEASUREMENT}


async def test_an_inserted_change_is_named(busy: Person, owner: asyncpg.Connection, services: Services) -> None:
    await tamper(
        owner,
        busy,
        "UPDATE change SET seq = seq + 1000 WHERE user_id = $1 AND seq >= 4",
        "UPDATE change SET seq = seq - 999 WHERE user_id = $1 AND seq >= 1000",
        """INSERT INTO change SELECT user_id, 4, actor_id, via, request_id, changed_at, domain, table_name, gen_random_uuid(),
            action, before, after, hash FROM change WHERE user_id = $1 AND seq = 5""",
        "UPDATE change_head SET seq = seq + 1 WHERE user_id = $1",
    )
    assert {(Kind.INSERTED, 4), (Kind.MOVED, 5)} <= told(await verified(services, busy))


async def test_changes_that_changed_places_are_named(busy: Person, owner: asyncpg.Connection, services: Services) -> None:
    await tamper(
        owner,
        busy,
        "UPDATE change SET seq = 1000 WHERE user_id = $1 AND seq = 3",
        "UPDATE change SET seq = 3 WHERE user_id = $1 AND seq = 6",
        "UPDATE change SET seq = 6 WHERE user_id = $1 AND seq = 1000",
    )
    assert told(await verified(services, busy)) == {(Kind.MOVED, 3), (Kind.MOVED, 6)}


async def test_a_head_set_back_is_seen(busy: Person, owner: asyncpg.Connection, services: Services) -> None:
    last = await newest(busy)
    await owner.execute(
        """UPDATE change_head h SET seq = c.seq, hash = c.hash FROM change c
           WHERE h.user_id = $1 AND c.user_id = $1 AND c.seq = $2""",
        UUID(busy.user_id),
        last - 2,
    )
    assert told(await verified(services, busy)) == {(Kind.INSERTED, last - 1)}


async def test_a_row_changed_behind_the_ledger_s_back_is_named(busy: Person, owner: asyncpg.Connection, services: Services) -> None:
    row_id = await owner.fetchval("SELECT id FROM user_set_performance WHERE user_id = $1 LIMIT 1", UUID(busy.user_id))
    async with tampering(owner):
        await owner.execute("UPDATE user_set_performance SET reps = 50, weight = 300 WHERE id = $1", row_id)
    (finding,) = (await verified(services, busy)).findings
    assert (finding.kind, finding.table_name, finding.row_id) == (Kind.ROW_ALTERED, SET, row_id)
    assert finding.detail == "differs from the ledger in reps, weight, weight_kg"


async def test_a_row_put_in_or_taken_out_behind_its_back_is_named(
    busy: Person, owner: asyncpg.Connection, services: Services
) -> None:
    gone, new = await owner.fetchval("SELECT id FROM user_measurement WHERE user_id = $1", UUID(busy.user_id)), uuid7()
    async with tampering(owner):
        await owner.execute(
            """INSERT INTO user_measurement (id, user_id, metric_id, measured_value, unit, measurement_date, created_by)
               SELECT $1, user_id, metric_id, 70, 'kg', '2026-01-01', user_id FROM user_measurement WHERE id = $2""",
            new,
            gone,
        )
        await owner.execute("DELETE FROM user_measurement WHERE id = $1", gone)
    found = {(f.kind, f.table_name, f.row_id) for f in (await verified(services, busy)).findings}
    assert found == {(Kind.ROW_UNKNOWN, MEASUREMENT, new), (Kind.ROW_MISSING, MEASUREMENT, gone)}


async def test_a_row_given_to_another_athlete_is_seen_on_both_sides(
    busy: Person, stranger: Person, owner: asyncpg.Connection, services: Services
) -> None:
    row_id = await owner.fetchval("SELECT id FROM user_measurement WHERE user_id = $1", UUID(busy.user_id))
    async with tampering(owner):
        await owner.execute("UPDATE user_measurement SET user_id = $1 WHERE id = $2", UUID(stranger.user_id), row_id)
    assert [(f.kind, f.row_id) for f in (await verified(services, busy)).findings] == [(Kind.ROW_MISSING, row_id)]
    assert [(f.kind, f.row_id) for f in (await verified(services, stranger)).findings] == [(Kind.ROW_UNKNOWN, row_id)]


async def test_a_column_the_ledger_never_saw_is_not_compared(busy: Person, owner: asyncpg.Connection) -> None:
    """As after a migration: then the images lack the new column, and only what both know counts."""
    user_id = UUID(busy.user_id)
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute("ALTER TABLE user_measurement ADD COLUMN added_later text NOT NULL DEFAULT 'x'")
    await owner.execute("SELECT app.act_as_system($1, 'SYSTEM', $2)", user_id, uuid7())
    found = await verify(Transaction(owner, user_id, user_id, uuid7()))
    await transaction.rollback()
    assert found.findings == []


async def test_pages_do_not_matter(busy: Person, owner: asyncpg.Connection, services: Services, monkeypatch: Any) -> None:
    await tamper(
        owner,
        busy,
        "UPDATE user_set_performance SET reps = 50 WHERE user_id = $1",
        "DELETE FROM change WHERE user_id = $1 AND seq = 7",
    )
    whole = await verified(services, busy)
    monkeypatch.setattr(actions, "ROWS_AT_A_TIME", 2)
    assert set((await verified(services, busy)).findings) == set(whole.findings)
    assert len({f.row_id for f in whole.findings if f.table_name == SET}) == 4


async def test_every_account_is_listed_for_verification(busy: Person, services: Services, owner: asyncpg.Connection) -> None:
    async with services.database.act_as_system(None, uuid7()) as tx:
        found = await athletes(tx)
    assert UUID(busy.user_id) in found
    assert len(found) == await owner.fetchval("SELECT count(*) FROM app_user")


async def test_verifying_changes_nothing(busy: Person, services: Services) -> None:
    before = await changes(busy)
    await verified(services, busy)
    assert await changes(busy) == before


async def test_kept_tables_are_those_with_the_trigger(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'app.record_change'::regproc")
    assert {row[0] for row in rows} == set(KEPT_TABLES)


async def test_restored_columns_are_all_that_can_change(owner: asyncpg.Connection) -> None:
    stamped = {"id", "user_id", "created_by", "updated_by", "created_at", "updated_at", "version"}
    # What never changes once it is written, and what is a revision's or an instruction's text, which is never edited.
    fixed = {
        "exercise": {"slug"},
        "metric": {"slug"},
        "workout": {"slug", "kind", "is_public", "revision", "import_id"},
        "program": {"slug", "is_public", "revision", "copied_from_id", "copied_from_revision"},
        "workout_revision": {"workout_id", "revision", "is_public", "workout_name", "description", "import_id"},
        "exercise_instruction": {
            "workout_id", "revision", "is_public", "position", "exercise_id", "group_number", "sets", "reps_min", "reps_max",
            "weight", "weight_unit", "rpe", "rest_seconds", "duration_seconds", "distance_m", "instruction_notes", "import_id",
            "percent", "set_targets", "progression",
        },
        "import": {"import_format", "file_name", "file_sha256", "time_zone", "counts", "exercises", "issues"},
        PERFORMANCE: {"user_workout_session_id", "exercise_instruction_id", "exercise_id"},
        SET: {"user_exercise_performance_id", "exercise_id"},
        "user_prescription": {"user_workout_session_id", "exercise_instruction_id", "exercise_id"},
    }  # fmt: skip
    for table, columns in RESTORED_COLUMNS.items():
        rows = await owner.fetch(
            """SELECT attname::text FROM pg_attribute
               WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""",
            table,
        )
        assert {row[0] for row in rows} == {*columns, *stamped, *fixed.get(table, set())}, table


ROW_TAMPERINGS = {
    SET: ("reps = reps + 1", "notes = 'x'", "is_active = NOT is_active", "created_at = created_at - interval '1 s'", "version = 9"),
    PERFORMANCE: ("sets_completed = 77", "performance_notes = 'x'", "updated_at = updated_at + interval '1 s'"),
    MEASUREMENT: ("measured_value = 1", "unit = '[lb_av]'", "measurement_date = measurement_date - 1"),
    "app_user": ("email = 'a@b.c'", "is_admin = NOT is_admin", "time_zone = 'Asia/Tokyo'"),
}
CHANGE_TAMPERINGS = {
    "altered": "UPDATE change SET after = after || '{\"x\": 1}' WHERE user_id = $1 AND seq = $2 AND $3::bigint > 0",
    "removed": "DELETE FROM change WHERE user_id = $1 AND seq BETWEEN least($2, $3::bigint) AND greatest($2, $3)",
    "rehashed": "UPDATE change SET hash = sha256(hash) WHERE user_id = $1 AND seq = $2 AND $3::bigint > 0",
    "copied": """INSERT INTO change SELECT user_id, 1000 + $3::bigint, actor_id, via, request_id, changed_at, domain, table_name,
        row_id, action, before, after, hash FROM change WHERE user_id = $1 AND seq = $2""",
    "merged": """UPDATE change c SET after = o.after, table_name = o.table_name, row_id = gen_random_uuid() FROM change o
        WHERE c.user_id = $1 AND c.seq = $2 AND o.user_id = $1 AND o.seq = $3::bigint""",
}


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_tampered_with_at_random_is_found(seed: int, busy: Person, owner: asyncpg.Connection) -> None:
    """Twenty tamperings a seed, of rows or of changes, each rolled back."""
    chance, user_id = random.Random(seed), UUID(busy.user_id)  # noqa: S311
    last = await newest(busy)
    for _ in range(20):
        transaction = owner.transaction()
        await transaction.start()
        await owner.execute("SET LOCAL session_replication_role = replica")
        if chance.random() < 0.5:
            table = chance.choice(list(ROW_TAMPERINGS))
            ids = [row["id"] for row in await owner.fetch(f"SELECT id FROM {table} WHERE user_id = $1 ORDER BY id", user_id)]  # noqa: S608
            what = f"UPDATE {table} SET {chance.choice(ROW_TAMPERINGS[table])} WHERE id = $1"  # noqa: S608
            await owner.execute(what, chance.choice(ids))
        else:
            what = chance.choice(list(CHANGE_TAMPERINGS))
            await owner.execute(CHANGE_TAMPERINGS[what], user_id, chance.randint(1, last), chance.randint(1, last))
        await owner.execute("SELECT app.act_as_system($1, 'SYSTEM', $2)", user_id, uuid7())
        found = await verify(Transaction(owner, user_id, user_id, uuid7()))
        await transaction.rollback()
        assert found.findings, what


async def test_a_verification_waits_for_the_writer_before_it(athlete: Person, services: Services) -> None:
    found, *_ = await asyncio.gather(verified(services, athlete), *(weigh(athlete, 80, f"2026-06-{n + 1:02}") for n in range(5)))
    assert found.findings == []


async def test_somebody_new_verifies(http: Any, services: Services) -> None:
    assert (await verified(services, await register(http, "new"))).changes == 1
