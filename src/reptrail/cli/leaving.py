"""`reptrail export` and `reptrail erasures`."""

import os
import shutil
from pathlib import Path
from typing import IO, Annotated

import msgspec
import typer

from reptrail import clock
from reptrail.cli.history import find_user
from reptrail.cli.runtime import DatabaseUrl, DataDir, UserEmail, err, refuse, settings_from, with_services
from reptrail.erasure import actions as erasure
from reptrail.erasure.wire import Receipt
from reptrail.export.actions import write_export
from reptrail.http.edge import Services
from reptrail.ids import uuid7

erasures = typer.Typer(no_args_is_help=True, help="Accounts that were deleted.")


@erasures.callback()
def _group() -> None:
    """Accounts that were deleted."""


def _for_its_owner(file: Path) -> IO[bytes]:
    """A new file that nobody else may read from its first byte on. Raises FileExistsError."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb")


def export(
    file: Annotated[Path, typer.Argument(metavar="OUT", dir_okay=False, help="The ZIP to be written.")],
    user: UserEmail,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write everything of an athlete's into a ZIP, which another account can import."""
    if file.exists():
        refuse(f"{file} is there already")

    async def work(services: Services) -> None:
        known = await find_user(services, user)
        async with services.database.act_as_system(known.id, uuid7(), snapshot=True) as tx:
            with await write_export(tx, clock.now()) as made, _for_its_owner(file) as out:
                made.seek(0)
                shutil.copyfileobj(made, out)

    with_services(settings_from(data_dir, database_url), work)
    err.print(f"Wrote {file}, {file.stat().st_size:,} bytes.", markup=False)


@erasures.command("list")
def list_(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Print the receipts of all erasures, a line of JSON each, to be kept with the backups."""

    async def work(services: Services) -> list[Receipt]:
        async with services.database.act_as_system(None, uuid7()) as tx:
            return await erasure.receipts(tx)

    for receipt in with_services(settings_from(data_dir, database_url), work):
        typer.echo(msgspec.json.encode(receipt).decode())


@erasures.command("apply")
def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="As `erasures list` printed it.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Erase again what a restored backup brought back."""
    try:
        kept = [msgspec.json.decode(line, type=Receipt) for line in file.read_bytes().splitlines() if line.strip()]
    except msgspec.MsgspecError as error:
        refuse(f"{file} holds something else than receipts: {error}")

    async def work(services: Services) -> int:
        async with services.database.act_as_system(None, uuid7()) as tx:
            found = await erasure.there_again(tx, kept)
        for user_id, _email in found:
            async with services.database.act_as_system(user_id, uuid7()) as tx:
                await erasure.erase(tx)
        return len(found)

    count = with_services(settings_from(data_dir, database_url), work)
    err.print(f"{count} of {len(kept)} erased accounts were there again, and are gone now.")
