"""Brings a database to the schema this version knows, and says what schema a database has.

Alembic orders the revisions and writes their SQL (its offline mode); asyncpg runs it. So no second driver is needed, and
what runs is exactly what a review reads.
"""

import io
from functools import cache
from pathlib import Path

import asyncpg

from reptrail.catalog.load import load_builtin

MIGRATIONS = Path(__file__).parent / "migrations"
# One migration at a time on a database, however many servers start at once. Session-level: it ends with the connection.
MIGRATION_LOCK = 7_261_990_113
LOCK_TIMEOUT_SECONDS = 10
STATEMENT_TIMEOUT_SECONDS = 600


class UnknownSchemaError(Exception):
    """The database holds a schema that this version of Reptrail does not know, or not the one it needs."""


@cache
def revisions() -> tuple[str, ...]:
    """The revisions this version of Reptrail knows, oldest first, by the names of their files (rNNNN_words.py).

    Alembic would tell too, but importing it takes 0.3 s, which a start with nothing to migrate need not wait for; a test
    holds the two together.
    """
    return tuple(sorted(path.name[1:5] for path in (MIGRATIONS / "versions").glob("r*.py")))


def head() -> str:
    """The revision this version of Reptrail serves."""
    return revisions()[-1]


def upgrade_sql(current: str | None) -> str:
    """The SQL that brings a database from revision `current` (None: empty) to the head; it holds its own transaction."""
    from alembic import command  # noqa: PLC0415 - see revisions()
    from alembic.config import Config  # noqa: PLC0415

    output = io.StringIO()
    config = Config(output_buffer=output)
    config.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(config, f"{current or 'base'}:{head()}", sql=True)
    return output.getvalue()


async def current_revision(connection: asyncpg.Connection) -> str | None:
    """The revision a database stands at, None if Reptrail never migrated it."""
    if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
        return None
    found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return found


async def migrate(owner_url: str, *, reload: bool = True) -> tuple[str | None, str]:
    """Migrates to the head and loads the built-in catalogue, under a lock.

    Without `reload` the catalogue is not looked at where the data files are those that were loaded last.

    Returns:
        The revision before and after.

    Raises:
        UnknownSchemaError: the database was migrated by a newer Reptrail.
    """
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await connection.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT_SECONDS}s'")
        before = await current_revision(connection)
        if before is not None and before not in revisions():
            raise UnknownSchemaError(f"the database stands at revision {before}, which this version does not know")
        if before != head():
            await connection.execute(upgrade_sql(before))
        await load_builtin(connection, reload=reload)
    finally:
        await connection.close()
    return before, head()


async def require_head(connection: asyncpg.Connection) -> None:
    """Raises UnknownSchemaError unless the database stands at exactly the revision this version serves."""
    found = await current_revision(connection)
    if found != head():
        state = "was never migrated" if found is None else f"stands at revision {found}"
        raise UnknownSchemaError(f"the database {state}; this version serves {head()}: run `reptrail db migrate`")
