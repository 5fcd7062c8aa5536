"""Access and the ledger as the live schema has them, read from PostgreSQL's own catalogue."""

from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
import schema_rules as rules
from schema_rules import RULES, Rule

from reptrail.db.embedded import DatabaseUrls


@pytest.fixture
async def owner(urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls.owner)
    yield connection
    await connection.close()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
async def test_the_schema_keeps(rule: Rule, owner: asyncpg.Connection) -> None:
    assert await rule(owner) == []


async def test_the_rules_look_at_the_tables_there_are(owner: asyncpg.Connection) -> None:
    found = set(await rules.athletes_tables(owner))
    assert found >= {"user_program_enrollment", "user_workout_session", "user_exercise_performance", "user_set_performance",
                     "user_measurement", "change", "app_user"}  # fmt: skip
    assert set(rules.NOT_KEPT) <= found, "no longer there: take it off the list"


@pytest.fixture(scope="module")
async def scratch(make_database: Callable[..., DatabaseUrls]) -> AsyncIterator[asyncpg.Connection]:
    """A database to break: each test's changes are rolled back."""
    connection = await asyncpg.connect(make_database().owner)
    yield connection
    await connection.close()


BREAKS = [
    (rules.security_is_forced, "ALTER TABLE user_measurement NO FORCE ROW LEVEL SECURITY"),
    (rules.security_is_forced, "ALTER TABLE user_password DISABLE ROW LEVEL SECURITY"),
    (rules.security_is_forced, "DROP POLICY system ON instance"),
    (rules.security_is_forced, "CREATE TABLE note (id uuid, user_id uuid)"),
    (rules.security_is_forced, "CREATE VIEW everything AS SELECT * FROM user_measurement"),
    (rules.identity_tables_exist, "ALTER TABLE login_attempt RENAME TO attempt"),
    (rules.policies_are_plain, "CREATE POLICY x ON login USING (user_id IN (SELECT user_id FROM coach_grant))"),
    (rules.policies_are_plain, "CREATE POLICY x ON login USING (true)"),
    (rules.policies_are_plain, "ALTER FUNCTION app.actor() VOLATILE"),
    (rules.serving_role_is_powerless, "ALTER ROLE reptrail_server BYPASSRLS"),
    (rules.serving_role_is_powerless, "ALTER TABLE login OWNER TO reptrail_server"),
    (rules.serving_role_is_powerless, "GRANT pg_read_all_data TO reptrail_server"),
    (rules.serving_role_is_powerless, "GRANT CREATE ON SCHEMA public TO reptrail_server"),
    (rules.serving_role_deletes_nothing, "GRANT DELETE ON user_measurement TO reptrail_server"),
    (rules.serving_role_deletes_nothing, "GRANT UPDATE (before) ON change TO reptrail_server"),
    (rules.serving_role_deletes_nothing, "GRANT INSERT ON change_head TO reptrail_server"),
    (rules.serving_role_deletes_nothing, "GRANT TRUNCATE ON login TO reptrail_server"),
    (rules.nothing_is_everybodys, "GRANT SELECT ON login TO PUBLIC"),
    (rules.nothing_is_everybodys, "GRANT EXECUTE ON FUNCTION app.record_change() TO PUBLIC"),
    (rules.nothing_is_everybodys, "ALTER FUNCTION app.record_change() RESET search_path"),
    (rules.rows_are_stamped_and_kept, "DROP TRIGGER stamp ON user_measurement"),
    (rules.rows_are_stamped_and_kept, "ALTER TABLE user_measurement DISABLE TRIGGER ledger_update"),
    (rules.rows_are_stamped_and_kept, "CREATE TABLE note (id uuid, user_id uuid)"),
    (rules.nothing_performed_is_cascaded, "ALTER TABLE login ADD FOREIGN KEY (user_id) REFERENCES app_user ON DELETE CASCADE"),
    (rules.nothing_performed_is_cascaded, "ALTER TABLE login ADD FOREIGN KEY (user_id) REFERENCES app_user ON DELETE SET NULL"),
    (rules.nothing_performed_is_cascaded, "ALTER TABLE login ADD CONSTRAINT x UNIQUE (id) DEFERRABLE"),
    (rules.names_are_short, f"CREATE INDEX {'x' * 50} ON login (user_id)"),
    (rules.names_are_short, f"ALTER TABLE login ADD CONSTRAINT {'x' * 50} CHECK (generation > 0)"),
    (rules.references_stay_with_the_athlete, "ALTER TABLE user_workout_session DROP CONSTRAINT user_workout_session_owner_fkey"),
    (rules.references_are_bound, "ALTER TABLE user_measurement ADD COLUMN device_id uuid"),
    (rules.references_are_bound, "ALTER TABLE user_measurement DROP CONSTRAINT user_measurement_updated_by_fkey"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "statement"), BREAKS)
async def test_each_rule_sees_itself_broken(rule: Rule, statement: str, scratch: asyncpg.Connection) -> None:
    transaction = scratch.transaction()
    await transaction.start()
    try:
        await scratch.execute(statement)
        assert await rule(scratch) != []
    finally:
        await transaction.rollback()


def test_every_rule_is_broken_once() -> None:
    assert {rule for rule, _ in BREAKS} == set(RULES)


async def test_what_runs_as_the_owner_looks_at_temporary_tables_last(owner: asyncpg.Connection) -> None:
    """Unlisted, pg_temp comes first: a temporary view of a table's name would run its contents with the owner's rights."""
    functions = await owner.fetch(
        "SELECT p.oid::regprocedure::text AS name, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE p.prosecdef AND n.nspname IN ('app', 'public')"
    )
    assert len(functions) >= 4
    wrong = [
        f["name"] for f in functions if not any(s.endswith(", pg_temp") for s in f["proconfig"] if s.startswith("search_path="))
    ]
    assert wrong == []


async def test_a_temporary_view_named_like_a_table_gives_the_serving_role_nothing(
    make_database: Callable[..., DatabaseUrls],
) -> None:
    urls = make_database()
    connection = await asyncpg.connect(urls.server)
    try:
        await connection.execute(
            "CREATE FUNCTION pg_temp.evil() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'running as %', current_user; END $$; "
            "CREATE TEMP VIEW login AS SELECT gen_random_uuid() AS id, gen_random_uuid() AS user_id, "
            "NULL::timestamptz AS ended_at, now() + interval '1 day' AS expires_at "
            "WHERE pg_temp.evil(); GRANT SELECT ON login TO PUBLIC"
        )
        with pytest.raises(asyncpg.PostgresError, match="this login has ended"):
            await connection.execute(
                "SELECT app.act_as(gen_random_uuid(), gen_random_uuid(), NULL, 'WEB', NULL, false, gen_random_uuid(), '')"
            )
    finally:
        await connection.close()
