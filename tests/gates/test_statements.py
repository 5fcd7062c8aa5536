"""Every statement of every feature: bound to one athlete, portable, and one that the live schema plans as the serving role."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from gate_sources import Source, sources
from schema_rules import IDENTITY_TABLES
from statements import ELSEWHERE, STATEMENT, Statement, athlete_errors, plain, portability_errors, statements

from reptrail.db.embedded import DatabaseUrls

GENERIC_PLAN_SINCE = 16
# SQL outside queries.py, and why. Whole folders end with a slash.
SQL_ELSEWHERE = {
    "db/": "migrations, roles and the transaction itself",
    "catalog/load.py": "loads what is built in, as the owner, before anything is served",
    **dict.fromkeys(ELSEWHERE, "the edge's own table"),
}
# Statements on athletes' tables that are not one athlete's, and why.
SYSTEMS_OWN: dict[str, str] = {
    "reptrail.coaching.queries.RECEIVED_INVITATION": "a coach's invitation, found for whoever has its code or is meant by it",
    "reptrail.coaching.queries.RECEIVED_INVITATIONS": "coaches' invitations to the e-mail address of who asks",
    "reptrail.enrollments.queries.DUE": "who has an enrollment that is to expire; what is done about it is one athlete at a time",
}
ALL = statements()


@pytest.fixture(scope="module")
async def athletes_tables(urls: DatabaseUrls) -> set[str]:
    connection = await asyncpg.connect(urls.owner)
    rows = await connection.fetch(
        """
        SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'user_id' AND a.attnotnull
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        """
    )
    await connection.close()
    return {row[0] for row in rows} - IDENTITY_TABLES


@pytest.fixture(scope="module")
async def server(urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls.server)
    yield connection
    await connection.close()


@pytest.mark.parametrize("statement", ALL, ids=lambda s: s.name)
def test_a_statement_is_portable(statement: Statement) -> None:
    assert list(portability_errors(statement)) == []


@pytest.mark.parametrize("statement", ALL, ids=lambda s: s.name)
def test_a_statement_is_bound_to_the_athlete(statement: Statement, athletes_tables: set[str]) -> None:
    errors = list(athlete_errors(statement, athletes_tables))
    assert bool(errors) == (statement.name in SYSTEMS_OWN), errors


@pytest.mark.parametrize("statement", ALL, ids=lambda s: s.name)
async def test_a_statement_is_planned_for_the_serving_role(statement: Statement, server: asyncpg.Connection) -> None:
    await server.prepare(statement.text)
    if server.get_server_version().major >= GENERIC_PLAN_SINCE:
        await server.execute(f"EXPLAIN (GENERIC_PLAN) {statement.text}")


def sql_elsewhere(source: Source) -> list[str]:
    if source.name.rpartition("/")[2] == "queries.py" or source.name.startswith(tuple(SQL_ELSEWHERE)):
        return []
    return [
        f"{source.name}:{line}: {text.strip()[:60]}"
        for text, line in source.texts()
        if STATEMENT.match(text) and any(word in text for word in (" FROM ", " SET ", "INTO ", "app."))
    ]


def test_statements_stand_in_queries() -> None:
    assert [error for source in sources() for error in sql_elsewhere(source)] == []


def test_a_statement_elsewhere_is_seen() -> None:
    assert sql_elsewhere(Source("training/actions.py", "X = 'SELECT id FROM app_user'"))
    assert not sql_elsewhere(Source("training/actions.py", "'''SELECT id FROM app_user'''\nX = 'SELECT'"))


@pytest.mark.parametrize(
    "sql",
    [
        "WITH x AS (UPDATE import SET counts = '{}' RETURNING id) SELECT * FROM x",
        "MERGE INTO import USING x ON true WHEN MATCHED THEN DO NOTHING",
        "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = now()",
        "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = coalesce(EXCLUDED.a, 1)",
        "UPDATE import SET user_id = $2 WHERE user_id = $1",
        "UPDATE import SET counts = $3, user_id = $2 WHERE user_id = $1",
        "INSERT INTO t (a) VALUES ((SELECT 1))",
        "UPDATE t SET a = 1 RETURNING coalesce(a, 2)",
        "SELECT pg_advisory_xact_lock(1)",
    ],
)
def test_what_is_not_portable_is_seen(sql: str) -> None:
    assert list(portability_errors(Statement("x", plain(sql))))


UNBOUND = [
    "SELECT id FROM user_measurement WHERE id = $2",
    "SELECT m.id FROM user_measurement m WHERE m.user_id = $2",
    "SELECT m.id FROM user_measurement m JOIN user_workout_session s ON s.id = m.id WHERE m.user_id = $1",
    "SELECT m.id FROM user_measurement m, user_workout_session s WHERE m.user_id = $1",
    "SELECT (SELECT count(*) FROM user_measurement m) FROM user_measurement m WHERE m.user_id = $1",
    "UPDATE user_measurement SET unit = 'kg' WHERE id = $1",
    "DELETE FROM user_measurement AS m USING import i WHERE m.user_id = $1",
    "INSERT INTO user_measurement (id, metric_id) VALUES ($1, $2)",
]
BOUND = [
    "SELECT id FROM user_measurement WHERE user_id = $1 AND id = $2",
    "SELECT m.id FROM user_measurement m JOIN user_workout_session AS s ON s.id = m.id WHERE m.user_id = $1 AND s.user_id = $1",
    "SELECT e.id FROM exercise e JOIN app_user u ON u.id = e.user_id",
    "UPDATE user_measurement SET unit = 'kg' WHERE user_id = $1",
    "INSERT INTO user_measurement (id, user_id) VALUES ($2, $1)",
]
TABLES = {"user_measurement", "user_workout_session", "import"}


@pytest.mark.parametrize("sql", UNBOUND)
def test_what_is_not_bound_is_seen(sql: str) -> None:
    assert list(athlete_errors(Statement("x", sql), TABLES))


@pytest.mark.parametrize("sql", BOUND)
def test_what_is_bound_is_left_alone(sql: str) -> None:
    assert not list(athlete_errors(Statement("x", sql), TABLES))
