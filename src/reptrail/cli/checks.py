"""`reptrail audit verify`, `reptrail doctor` and `reptrail openapi`."""

import shutil
import sys
from typing import Annotated

import asyncpg
import typer

from reptrail import __version__
from reptrail.cli.history import find_user
from reptrail.cli.runtime import DatabaseUrl, DataDir, err, out, refuse, run, settings_from, urls_from, with_services
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.ledger.actions import Verification, athletes
from reptrail.ledger.actions import verify as verify_athlete

audit = typer.Typer(no_args_is_help=True, help="The ledger.")

MIN_POSTGRES_VERSION = 150_000
LOW_DISK_BYTES = 1_000_000_000


@audit.callback()
def _group() -> None:
    """The ledger."""


@audit.command("verify")
def verify(
    user: Annotated[str | None, typer.Option("--user", metavar="EMAIL", help="One athlete only.", show_default=False)] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Prove that no change was altered, removed, inserted or reordered, and that every row is as the ledger left it."""

    async def work(services: Services) -> list[Verification]:
        if user is None:
            async with services.database.act_as_system(None, uuid7()) as tx:
                ids = await athletes(tx)
        else:
            ids = [(await find_user(services, user)).id]
        found = []
        for athlete in ids:
            async with services.database.act_as_system(athlete, uuid7()) as tx:
                found.append(await verify_athlete(tx))
        return found

    found = with_services(settings_from(data_dir, database_url), work)
    wrong = [(v, finding) for v in found for finding in v.findings]
    changes = sum(v.changes for v in found)
    for verification, finding in wrong:
        err.print(f"athlete {verification.athlete_id}: {finding}", style="red", markup=False, soft_wrap=True)
    if wrong:
        refuse(f"{len(wrong)} findings in {changes} changes of {len(found)} athletes")
    out.print(f"{changes} changes of {len(found)} athletes verified: nothing was altered.")


def openapi() -> None:
    """Print the OpenAPI document."""
    from reptrail.http.openapi import openapi_bytes  # noqa: PLC0415

    sys.stdout.write(openapi_bytes().decode())


def doctor(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Look at everything an instance needs, and say what is wrong. Exit code 1 if anything is."""
    settings = settings_from(data_dir, database_url)
    out.print(f"Reptrail {__version__}, Python {sys.version.split()[0]}")
    place = "embedded in " + str(settings.data_dir) if settings.database_url is None else "your own PostgreSQL"
    urls = urls_from(settings)
    problems = run(_database_problems(urls.owner))
    if settings.database_url is None:
        free = shutil.disk_usage(settings.data_dir).free
        if free < LOW_DISK_BYTES:
            problems.append(f"only {free // 1_000_000} MB are free in {settings.data_dir}")
    if urls.step_down:
        err.print(
            "note: the server logs in as the owner and steps down; REPTRAIL_SERVER_DATABASE_URL lets it log in as reptrail_server."
        )
    out.print(f"Database: {place}")
    for problem in problems:
        err.print(f"wrong: {problem}", style="red", markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    out.print("All is well.")


async def _database_problems(owner_url: str) -> list[str]:
    from reptrail.db.migrate import UnknownSchemaError, require_head  # noqa: PLC0415

    connection = await asyncpg.connect(owner_url)
    try:
        problems = []
        if int(await connection.fetchval("SHOW server_version_num")) < MIN_POSTGRES_VERSION:
            problems.append("PostgreSQL is older than 15")
        for name, wanted in (("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", "on")):
            if await connection.fetchval(f"SHOW {name}") != wanted:
                problems.append(f"{name} is off: acknowledged sets can be lost in a crash")
        if await connection.fetchval("SHOW server_encoding") != "UTF8":
            problems.append("the database's encoding is not UTF8")
        try:
            await require_head(connection)
        except UnknownSchemaError as error:
            problems.append(str(error))
        return problems
    finally:
        await connection.close()
