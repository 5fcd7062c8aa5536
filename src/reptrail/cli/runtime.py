"""What every command needs: the settings, the database, a loop, and refusals as exit codes."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import asyncpg
import typer
from rich.console import Console

from reptrail.db.embedded import DatabaseUnreachableError, DatabaseUrls, find_database
from reptrail.errors import Problem
from reptrail.http.edge import Services
from reptrail.settings import Settings, SettingsError, load

T = TypeVar("T")

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Directory of the embedded database.", show_default=False)]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database-url", help="Your own PostgreSQL 15 or newer instead of the embedded one.", show_default=False),
]
UserEmail = Annotated[str, typer.Option("--user", metavar="EMAIL", help="Whose data.")]

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def refuse(reason: object) -> NoReturn:
    """Says why on stderr and ends with exit code 1."""
    err.print(f"reptrail: {reason}", style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)


def settings_from(data_dir: Path | None, database_url: str | None, **others: object) -> Settings:
    """The settings of a command: its options, then the environment."""
    try:
        return load(data_dir=data_dir, database_url=database_url, **others)
    except SettingsError as error:
        refuse(error)


def urls_from(settings: Settings) -> DatabaseUrls:
    """The database of a command, started if it is the embedded one."""
    try:
        return find_database(settings)
    except DatabaseUnreachableError as error:
        refuse(error)


def run(coroutine: Awaitable[T]) -> T:
    """Runs to the end; what is refused ends the command with exit code 1 and the reason."""
    from reptrail.db.migrate import UnknownSchemaError  # noqa: PLC0415

    async def awaited() -> T:
        return await coroutine

    try:
        return asyncio.run(awaited())
    except (Problem, UnknownSchemaError, DatabaseUnreachableError) as error:
        refuse(error)
    except asyncpg.PostgresError as error:
        from reptrail.http.problems import from_database  # noqa: PLC0415

        refuse(from_database(error) or f"the database refused: {error}")
    except (OSError, asyncpg.InterfaceError) as error:
        refuse(f"the database is not reachable: {error}")


def with_services(settings: Settings, work: Callable[[Services], Awaitable[T]], *, migrated: bool = False) -> T:
    """Runs `work` with an open pool on a migrated database; the embedded one is migrated unless it just was."""
    from reptrail.app import build_services  # noqa: PLC0415
    from reptrail.db.migrate import migrate, require_head  # noqa: PLC0415

    urls = urls_from(settings)

    async def inner() -> T:
        if settings.database_url is None and not migrated:
            await migrate(urls.owner, reload=False)
        services = build_services(settings, urls)
        await services.database.open()
        try:
            async with services.database.connection() as connection:
                await require_head(connection)
            return await work(services)
        finally:
            await services.database.close()

    return run(inner())


def interactive() -> bool:
    """Whether somebody is looking: progress bars are for them."""
    return sys.stderr.isatty()
