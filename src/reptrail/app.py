"""The application: settings, pool, routes, error handlers."""

import asyncio
import gc
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State

from reptrail import jobs
from reptrail.db.embedded import DatabaseUrls, secret_key
from reptrail.db.migrate import require_head
from reptrail.db.pool import Database
from reptrail.http import site, web
from reptrail.http.actor import Authenticator
from reptrail.http.edge import Services, build_handler
from reptrail.http.streams import UNCOMPRESSED
from reptrail.routes import ROUTES
from reptrail.settings import Settings

# Measured (numbers.md): p99 41-55 ms down to 11-15, since the long-lived objects of start-up are never walked again.
GC_THRESHOLDS = (50_000, 20, 50)
COMPRESS_FROM_BYTES = 1024


def build_services(settings: Settings, urls: DatabaseUrls) -> Services:
    """What handlers and the command line share; the pool is not open yet."""
    database = Database(urls, connections=settings.pool_connections, statement_timeout_ms=settings.statement_timeout_ms)
    return Services(settings, database, Authenticator(secret_key(settings)))


def _when_told_to_end(call: Callable[[], None]) -> None:
    """Calls something at the signal that ends this process, before uvicorn, which waits for open streams, has its turn."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()

    def chained(before: Callable[[int, FrameType | None], object]) -> Callable[[int, FrameType | None], None]:
        def handle(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(call)
            before(number, frame)

        return handle

    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, chained(before))


def create_app(services: Services) -> Litestar:
    """The ASGI application. It refuses to start on a schema it does not know (UnknownSchemaError)."""

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await services.database.open()
        _when_told_to_end(services.database.heads.close)
        embedded = services.database.urls.embedded
        chores = [asyncio.create_task(jobs.run_for_ever(services))]
        if embedded is not None:
            chores.append(asyncio.create_task(embedded.keep_running()))
        try:
            async with services.database.connection() as connection:
                await require_head(connection)
            gc.collect()
            gc.freeze()
            gc.set_threshold(*GC_THRESHOLDS)
            yield
        finally:
            for chore in chores:
                chore.cancel()
            await services.database.close()
            if embedded is not None:
                await asyncio.to_thread(embedded.leave)

    return Litestar(
        route_handlers=[*(build_handler(route, services) for route in ROUTES), *site.handlers(services)],
        lifespan=[lifespan],
        state=State({"services": services}),
        openapi_config=None,
        logging_config=None,  # reptrail.logs has it
        exception_handlers={Exception: web.handle},
        request_max_body_size=services.settings.max_body_bytes,
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=COMPRESS_FROM_BYTES, gzip_compress_level=1, exclude_opt_key=UNCOMPRESSED
        ),
    )
