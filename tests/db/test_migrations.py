"""Migrating: once or twice, two at once, from a newer version; and what a server does with a schema it does not know."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import asyncpg
import httpx
import pytest

from helpers import Server, in_thread, register
from reptrail.app import build_services, create_app
from reptrail.catalog import builtin
from reptrail.db.embedded import DatabaseUrls
from reptrail.db.migrate import MIGRATIONS, UnknownSchemaError, head, migrate, revisions
from reptrail.ids import uuid7
from reptrail.programs.builtin import programs
from reptrail.settings import Settings


@pytest.fixture
def empty(postgres: Server) -> DatabaseUrls:
    """A database nobody migrated."""
    name = f"empty_{uuid4().hex[:12]}"
    postgres.sql("postgres", f"CREATE DATABASE {name}")
    return postgres.urls(name)


async def _value(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def test_an_empty_database_is_migrated_and_again_nothing_changes(empty: DatabaseUrls) -> None:
    assert in_thread(lambda: migrate(empty.owner)) == (None, head())
    written = "SELECT max(updated_at) || ' ' || count(*) || ' ' || sum(version) FROM exercise"
    before = in_thread(lambda: _value(empty.owner, written))
    assert in_thread(lambda: migrate(empty.owner)) == (head(), head())
    assert in_thread(lambda: _value(empty.owner, written)) == before


def test_two_servers_that_migrate_at_once_do_not_meet(empty: DatabaseUrls) -> None:
    async def both() -> list[tuple[str | None, str]]:
        return await asyncio.gather(*(migrate(empty.owner) for _ in range(3)))

    results = in_thread(both)
    assert sorted(before or "" for before, _ in results) == ["", head(), head()]


def test_the_built_in_catalogue_is_loaded_whole(empty: DatabaseUrls) -> None:
    in_thread(lambda: migrate(empty.owner))
    counts = """SELECT concat_ws(' ', (SELECT count(*) FROM exercise), (SELECT count(*) FROM metric),
        (SELECT count(*) FROM workout WHERE kind = 'CATALOG'), (SELECT count(*) FROM program),
        (SELECT count(*) FROM workout WHERE kind = 'PROGRAM'))"""
    program_workouts = sum(len(program.body.workouts) for program in programs())
    expected = " ".join(
        map(str, (*map(len, (builtin.exercises(), builtin.metrics(), builtin.workouts(), programs())), program_workouts))
    )
    assert in_thread(lambda: _value(empty.owner, counts)) == expected
    assert len(builtin.exercises()) >= 300


def test_a_changed_built_in_row_is_brought_back(empty: DatabaseUrls, postgres: Server) -> None:
    in_thread(lambda: migrate(empty.owner))
    database = empty.owner.split("/")[3].split("?")[0]
    postgres.sql(database, "SET session_replication_role = replica; UPDATE exercise SET exercise_name = 'x' WHERE rank = 0")
    in_thread(lambda: migrate(empty.owner))
    assert (
        in_thread(lambda: _value(empty.owner, "SELECT exercise_name FROM exercise WHERE rank = 0")) == builtin.exercises()[0].name
    )


def _refusal_to_start(urls: DatabaseUrls, settings: Settings) -> BaseException:
    """Why a server does not start."""

    async def start() -> None:
        async with create_app(build_services(settings, urls)).lifespan():
            pytest.fail("the server started")

    with pytest.raises(BaseExceptionGroup) as raised:
        in_thread(start)
    found = raised.value.exceptions[0]
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


def test_a_newer_schema_is_refused_by_migrate_and_by_the_server(empty: DatabaseUrls, postgres: Server, settings: Settings) -> None:
    in_thread(lambda: migrate(empty.owner))
    database = empty.owner.split("/")[3].split("?")[0]
    postgres.sql(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnknownSchemaError, match="9999"):
        in_thread(lambda: migrate(empty.owner))
    refusal = _refusal_to_start(empty, settings)
    assert isinstance(refusal, UnknownSchemaError)
    assert "9999" in str(refusal)


def test_a_server_refuses_a_database_that_was_never_migrated(
    empty: DatabaseUrls, settings: Settings, make_database: Callable[..., DatabaseUrls]
) -> None:
    make_database()  # so that the serving role is there: the cluster's, not the database's
    assert isinstance(_refusal_to_start(empty, settings), UnknownSchemaError)


async def test_a_server_that_knows_only_the_owners_url_steps_down(
    make_database: Callable[..., DatabaseUrls], settings: Settings
) -> None:
    services = build_services(settings, make_database(step_down=True))
    await services.database.open()
    try:
        async with services.database.act_as_system(None, uuid7()) as tx:
            assert await tx.value("SELECT current_user") == "reptrail_server"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with services.database.act_as_system(None, uuid7()) as tx:
                await tx.execute("DELETE FROM change")
    finally:
        await services.database.close()


def test_the_revisions_are_those_that_alembic_finds() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    found = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in reversed(list(found.walk_revisions()))) == revisions()
    assert found.get_current_head() == head()


def test_a_start_looks_at_the_catalogue_only_where_its_files_changed(empty: DatabaseUrls, postgres: Server) -> None:
    in_thread(lambda: migrate(empty.owner))
    database = empty.owner.split("/")[3].split("?")[0]
    renamed = "SET session_replication_role = replica; UPDATE exercise SET exercise_name = 'x' WHERE rank = 0"
    name = "SELECT exercise_name FROM exercise WHERE rank = 0"
    postgres.sql(database, renamed)
    in_thread(lambda: migrate(empty.owner, reload=False))
    assert in_thread(lambda: _value(empty.owner, name)) == "x"
    postgres.sql(database, "UPDATE instance SET catalog_fingerprint = 'older'")
    in_thread(lambda: migrate(empty.owner, reload=False))
    assert in_thread(lambda: _value(empty.owner, name)) == builtin.exercises()[0].name


async def test_an_owner_that_is_no_superuser_migrates_and_serves(postgres: Server, settings: Settings) -> None:
    name, owner = f"plain_{uuid4().hex[:12]}", f"boss_{uuid4().hex[:8]}"
    # The cluster's serving role was made by somebody else: what a managed PostgreSQL's administrator would grant.
    postgres.sql(
        "postgres",
        f"CREATE ROLE {owner} LOGIN CREATEROLE NOSUPERUSER",
        f"CREATE DATABASE {name} OWNER {owner}",
        "DO $$ BEGIN CREATE ROLE reptrail_server LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "DO $$ BEGIN CREATE ROLE reptrail_overview; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "DO $$ BEGIN CREATE ROLE reptrail_eraser; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f"GRANT reptrail_server, reptrail_overview, reptrail_eraser TO {owner} WITH ADMIN OPTION",
    )
    url = postgres.url(name, owner)
    in_thread(lambda: migrate(url))
    services = build_services(settings, DatabaseUrls(url, url, step_down=True, programs=None))
    await services.database.open()
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(services)), base_url="http://test") as http:
            person = await register(http)
            assert (await person.post("sessions", {"session_status": "IN_PROGRESS"})).status_code == 201
            assert (await person.get("changes")).json()["items"]
    finally:
        await services.database.close()
