"""`reptrail db migrate | status | psql`."""

import os
import shutil
import subprocess
from typing import Annotated

import asyncpg
import typer

from reptrail.cli.runtime import DatabaseUrl, DataDir, err, out, refuse, run, settings_from, urls_from

app = typer.Typer(no_args_is_help=True, help="The database.")


@app.command("migrate")
def migrate(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Bring the database to the schema of this version, and load the built-in catalogue."""
    from reptrail.db.migrate import migrate as migrate_database  # noqa: PLC0415

    before, after = run(migrate_database(urls_from(settings_from(data_dir, database_url)).owner))
    err.print(f"Already at {after}." if before == after else f"Migrated from {before or 'nothing'} to {after}.")


@app.command("status")
def status(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Say which PostgreSQL and which schema there is; exit code 1 unless this version can serve it."""
    from reptrail.db.migrate import current_revision, head  # noqa: PLC0415

    async def look() -> tuple[str, str | None]:
        connection = await asyncpg.connect(urls_from_settings)
        try:
            return await connection.fetchval("SHOW server_version"), await current_revision(connection)
        finally:
            await connection.close()

    urls_from_settings = urls_from(settings_from(data_dir, database_url)).owner
    version, revision = run(look())
    out.print(f"PostgreSQL {version}, schema {revision or 'none'}, this version serves {head()}")
    if revision != head():
        refuse("run `reptrail db migrate`")


@app.command("psql", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(
    context: typer.Context,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    *,
    as_server: Annotated[bool, typer.Option("--as-server", help="As the role the server serves with.")] = False,
) -> None:
    """Open psql on the database; arguments are passed on."""
    urls = urls_from(settings_from(data_dir, database_url))
    program = shutil.which("psql", path=str(urls.programs)) if urls.programs else shutil.which("psql")
    if program is None:
        refuse("there is no psql on this machine's PATH")
    url = urls.server if as_server else urls.owner
    environment = dict(os.environ)
    if as_server and urls.step_down:
        environment["PGOPTIONS"] = "-c role=reptrail_server"
    # Waited for, not replaced by: leaving stops the embedded server if nobody else uses it.
    raise typer.Exit(subprocess.run([program, url, *context.args], check=False, env=environment).returncode)  # noqa: S603
