"""`reptrail serve` and `reptrail demo`."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from litestar import Litestar

from reptrail import clock, logs
from reptrail.cli.runtime import DatabaseUrl, DataDir, err, refuse, run, settings_from, urls_from, with_services
from reptrail.http.edge import Services
from reptrail.settings import PREFIX, Settings, load

DEMO_SIGN_IN = "demo@reptrail.example with the password reptrail-demo"


def application() -> Litestar:
    """The application of a server process, by the environment alone: uvicorn calls it once in each."""
    from reptrail.app import build_services, create_app  # noqa: PLC0415

    settings = load()
    logs.configure(settings)
    return create_app(build_services(settings, urls_from(settings)))


def serve(
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.  [default: 8000]", show_default=False)] = None,
    workers: Annotated[int | None, typer.Option(help="Server processes; one a core.  [default: 1]", show_default=False)] = None,
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Bring the demonstration athlete along.")] = False,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Migrate your own PostgreSQL first (the embedded one always is).")
    ] = False,
    tls_cert: Annotated[
        Path | None, typer.Option(help="Certificate chain, for phones in your network.", show_default=False)
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key.", show_default=False)] = None,
) -> None:
    """Serve the app and the API."""
    settings = settings_from(data_dir, database_url, host=host, port=port, workers=workers)
    logs.configure(settings)
    if (tls_cert is None) != (tls_key is None):
        refuse("--tls-cert and --tls-key come together")
    urls = urls_from(settings)
    prepare(settings, urls.owner, migrate=migrate)
    if demo:
        with_services(settings, _create_demo, migrated=True)
        os.environ[PREFIX + "DEMO"] = "shown"  # for the server processes: the app's first page offers it
        err.print(f"Demonstration athlete: {DEMO_SIGN_IN}")
    _export(settings)
    scheme = "http" if tls_cert is None else "https"
    err.print(f"Reptrail on {scheme}://{settings.host}:{settings.port}  (API reference: /api/docs)", style="bold")
    _run_uvicorn(settings, ssl_certfile=tls_cert, ssl_keyfile=tls_key)


def prepare(settings: Settings, owner_url: str, *, migrate: bool) -> None:
    """Migrates the embedded database always, another only when asked; refuses a schema this version does not know."""
    import asyncpg  # noqa: PLC0415

    from reptrail.db.migrate import migrate as migrate_database  # noqa: PLC0415
    from reptrail.db.migrate import require_head  # noqa: PLC0415

    async def check() -> None:
        connection = await asyncpg.connect(owner_url)
        try:
            await require_head(connection)
        finally:
            await connection.close()

    if settings.database_url is None or migrate:
        run(migrate_database(owner_url, reload=False))
    else:
        run(check())


def _export(settings: Settings) -> None:
    """Hands the settings of the command line on to the server processes, which read the environment."""
    for name in ("data_dir", "database_url", "host", "port", "workers"):
        value = getattr(settings, name)
        if value is not None:
            os.environ[PREFIX + name.upper()] = str(value)


def _run_uvicorn(settings: Settings, **tls: Any) -> None:
    import uvicorn  # noqa: PLC0415

    uvicorn.run(
        "reptrail.cli.serve:application",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
        **tls,
    )


async def _create_demo(services: Services) -> None:
    from reptrail.demo.history import TIME_ZONE  # noqa: PLC0415
    from reptrail.demo.store import create_demo  # noqa: PLC0415

    await create_demo(services.database, today=clock.today(TIME_ZONE))


def demo(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Make the demonstration athlete: two years of plausible training and measurements."""
    with_services(settings_from(data_dir, database_url), _create_demo)
    err.print(f"Sign in as {DEMO_SIGN_IN}.")
