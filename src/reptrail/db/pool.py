"""The pool of connections, and the one place that opens a transaction for an actor."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg

from reptrail.db.embedded import SERVER_ROLE, DatabaseUrls
from reptrail.db.heads import Heads
from reptrail.ids import uuid7

# Every statement of such a transaction sees what its first one saw.
SNAPSHOT = " ISOLATION LEVEL REPEATABLE READ"
_ROWS_AT_A_TIME = 1000
_ERASED = "SELECT true FROM erasure_receipt r WHERE r.subject_hash = app.subject_hash($1) LIMIT 1"


class Via(StrEnum):
    """Through what an actor acts. The last three are never a client's to choose."""

    WEB = "WEB"
    API_TOKEN = "API_TOKEN"  # noqa: S105 - a name, not a password
    COACH_GRANT = "COACH_GRANT"
    IMPORT = "IMPORT"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True)
class Credential:
    """Who says they are asking, and by what; the database checks it as the transaction begins."""

    user_id: UUID
    via: Via
    credential_id: UUID
    secret_hash: str = ""


class _Connection(asyncpg.Connection):
    """All our state is transaction-local, so there is nothing to reset when a connection goes back (69 microseconds)."""

    __slots__ = ()

    def get_reset_query(self) -> str:
        return ""


class Transaction:
    """A transaction of one actor on one athlete's rows. Only `Database` opens and ends it.

    Every statement a feature runs goes through here; rows come back as asyncpg records, `json` as bytes that PostgreSQL
    built and nobody parses again.
    """

    __slots__ = ("_connection", "actor_id", "athlete_id", "request_id")

    def __init__(self, connection: Any, actor_id: UUID | None, athlete_id: UUID | None, request_id: UUID) -> None:
        self._connection = connection
        self.actor_id = actor_id
        self.athlete_id = athlete_id
        self.request_id = request_id

    @property
    def athlete(self) -> UUID:
        """The athlete whose rows this transaction sees: the `user_id` of every statement."""
        if self.athlete_id is None:
            raise RuntimeError("this transaction has no athlete")
        return self.athlete_id

    async def rows(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        """All rows of a statement."""
        found: list[asyncpg.Record] = await self._connection.fetch(sql, *args)
        return found

    async def row(self, sql: str, *args: Any) -> asyncpg.Record | None:
        """The first row of a statement, None if there is none."""
        found: asyncpg.Record | None = await self._connection.fetchrow(sql, *args)
        return found

    def each(self, sql: str, *args: Any) -> AsyncIterable[asyncpg.Record]:
        """The rows of a statement one after the other, a thousand of them in memory at a time."""
        rows: AsyncIterable[asyncpg.Record] = self._connection.cursor(sql, *args, prefetch=_ROWS_AT_A_TIME)
        return rows

    async def value(self, sql: str, *args: Any) -> Any:
        """The first column of the first row, None if there is none."""
        return await self._connection.fetchval(sql, *args)

    async def json(self, sql: str, *args: Any) -> bytes | None:
        """A JSON document that PostgreSQL built, as UTF-8, None if there is no row or it is null."""
        text: str | None = await self._connection.fetchval(sql, *args)
        return None if text is None else text.encode()

    async def execute(self, sql: str, *args: Any) -> int:
        """Runs a statement; returns how many rows it touched."""
        tag: str = await self._connection.execute(sql, *args)
        count = tag.rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0

    async def become(self, user_id: UUID) -> None:
        """From here on the transaction acts for a user that it has just made: they are its actor and its athlete."""
        await self._connection.execute(f"SELECT app.act_as_system('{user_id}', '{Via.SYSTEM}', '{self.request_id}')")
        self.actor_id = self.athlete_id = user_id

    async def read_as_feed(self, secret_hash: str) -> None:
        """From here on the transaction reads the training, and nothing else, of whoever a calendar feed's secret is of.

        Raises:
            asyncpg.PostgresError: with SQLSTATE RT404 where it is nobody's.
        """
        self.actor_id = self.athlete_id = await self._connection.fetchval("SELECT app.read_as_feed($1)", secret_hash)

    @asynccontextmanager
    async def as_system(self) -> AsyncIterator[None]:
        """Within the block the system's own rows (passwords, counters) are seen too; actor, athlete and via stay.

        An error inside must end the transaction.
        """
        await self._connection.execute("SET LOCAL app.system = 'on'")
        yield
        await self._connection.execute("SET LOCAL app.system = 'off'")

    @asynccontextmanager
    async def savepoint(self, request_id: UUID) -> AsyncIterator[None]:
        """What the block writes is written together or not at all, and the ledger names it by `request_id` from here on.

        Any error inside undoes the block alone and is raised; the transaction can go on. For sync, whose operations must
        not lose each other; everywhere else a request is one piece.
        """
        await self._connection.execute(f"SAVEPOINT one; SET LOCAL app.request_id = '{request_id}'")
        try:
            yield
        except Exception:
            await self._connection.execute("ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one")
            raise
        await self._connection.execute("RELEASE SAVEPOINT one")


class Database:
    """The pool of the serving role's connections."""

    def __init__(self, urls: DatabaseUrls, *, connections: int, statement_timeout_ms: int) -> None:
        self.urls = urls
        self._connections = connections
        self._statement_timeout_ms = statement_timeout_ms
        self._opened: asyncpg.Pool | None = None
        # A quarter of the pool is the most that one actor's writes may have, exports among them: writes wait for each other in
        # PostgreSQL, and sixteen that wait for a big push of one phone would leave nobody else a connection.
        self._turns: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()
        self._at_once = max(1, connections // 4)
        self.heads = Heads(self)

    @property
    def _pool(self) -> asyncpg.Pool:
        if self._opened is None:
            raise RuntimeError("the pool is not open")
        return self._opened

    async def open(self) -> None:
        """Opens the pool. Raises OSError or asyncpg.PostgresError when the database cannot be reached."""
        settings = {
            "application_name": "reptrail",
            "timezone": "UTC",  # so that times in JSON built by PostgreSQL are in UTC
            "statement_timeout": str(self._statement_timeout_ms),
            "lock_timeout": str(self._statement_timeout_ms),
            # A dead client's transaction must not hold an athlete's ledger for ever.
            "idle_in_transaction_session_timeout": str(4 * self._statement_timeout_ms),
            # JIT compilation costs more than any statement of ours takes.
            "jit": "off",
            # Each statement names its athlete and has one good plan; planning it anew for each athlete cost more than
            # running it (a page: 24 ms planned each time, 18 ms not).
            "plan_cache_mode": "force_generic_plan",
        }
        if self.urls.step_down:
            settings["role"] = SERVER_ROLE
        self._opened = await asyncpg.create_pool(
            self.urls.server,
            min_size=min(2, self._connections),
            max_size=self._connections,
            connection_class=_Connection,
            server_settings=settings,
            max_inactive_connection_lifetime=0,
        )

    async def close(self) -> None:
        """Ends all listening, and closes every connection once its transaction has ended."""
        self.heads.close()
        await self._pool.close()

    async def ping(self) -> None:
        """Raises unless the database answers."""
        await self._pool.fetchval("SELECT 1")

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A bare connection, with no actor: it sees no athlete's row. For checks of the schema."""
        async with self._pool.acquire() as connection:
            yield connection

    def act_as(
        self,
        who: Credential,
        athlete: UUID,
        scope: str | None,
        request_id: UUID,
        *,
        write: bool,
        what: str | None = None,
        snapshot: bool = False,
    ) -> Any:
        """A transaction of an actor on an athlete's rows. Commits when the block ends well, else rolls back.

        `what` is the resource: what the athlete reads of a coach's access. With `snapshot` all of its statements see the
        rows of one moment.

        Raises:
            asyncpg.PostgresError: with SQLSTATE RT401, RT403 or RT404 where the actor may not.
            TimeoutError: where the actor's other writes and snapshots leave this one no turn.
        """
        # One simple query, one round trip. Nothing in it comes from a client as text: ids are UUID objects, scope, via and
        # what are ours, and the hash is hexadecimal digits.
        begin = (
            f"BEGIN{SNAPSHOT if snapshot else ''}; "
            f"SELECT app.act_as('{who.user_id}', '{athlete}', {_literal(scope)}, '{who.via}', '{request_id}', {write}, "
            f" '{who.credential_id}', '{who.secret_hash}', {_literal(what)})"
        )
        transaction = self._transaction(begin, who.user_id, athlete, request_id)
        # A snapshot is of everything somebody has (an export): it takes seconds.
        return self._in_turn(who.user_id, transaction) if write or snapshot else transaction

    @asynccontextmanager
    async def _in_turn(self, actor: UUID, transaction: Any) -> AsyncIterator[Transaction]:
        turns = self._turns.setdefault(actor, asyncio.Semaphore(self._at_once))
        async with asyncio.timeout(self._statement_timeout_ms / 1000):
            await turns.acquire()
        try:
            async with transaction as tx:
                yield tx
        finally:
            turns.release()

    async def is_erased(self, user_id: UUID) -> bool:
        """Whether the account of an id that we gave out has been erased."""
        async with self.act_as_system(None, uuid7()) as tx:
            return await tx.value(_ERASED, user_id) is True

    def act_as_system(self, athlete: UUID | None, request_id: UUID, via: Via = Via.SYSTEM, *, snapshot: bool = False) -> Any:
        """A transaction of the system's own on one athlete's rows, or, with None, before anybody is identified."""
        begin = f"BEGIN{SNAPSHOT if snapshot else ''}; SELECT app.act_as_system({_literal(athlete)}, '{via}', '{request_id}')"
        return self._transaction(begin, athlete, athlete, request_id)

    @asynccontextmanager
    async def _transaction(
        self, begin: str, actor: UUID | None, athlete: UUID | None, request_id: UUID
    ) -> AsyncIterator[Transaction]:
        async with self._pool.acquire() as connection:
            try:
                await connection.execute(begin)
                yield Transaction(connection, actor, athlete, request_id)
                tag = await connection.execute("COMMIT")
            except asyncpg.InternalClientError as error:
                # PostgreSQL ended between two of our messages, and the driver lost count of them.
                _throw_away(connection)
                raise ConnectionError(f"the connection broke: {error}") from error
            except BaseException:
                await _roll_back(connection)
                raise
            if tag != "COMMIT":
                # A swallowed error had ended the transaction: PostgreSQL answers COMMIT with ROLLBACK.
                raise RuntimeError("the transaction was rolled back: an error inside it was swallowed")


async def _roll_back(connection: Any) -> None:
    try:
        if not connection.is_closed():
            await connection.execute("ROLLBACK")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        # In an unknown state: PostgreSQL rolls back by itself.
        _throw_away(connection)


def _throw_away(connection: Any) -> None:
    with suppress(asyncpg.InterfaceError):  # the pool has noticed that it broke, and has done so already
        connection.terminate()


def _literal(value: object) -> str:
    return "NULL" if value is None else f"'{value}'"
