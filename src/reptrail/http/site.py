"""What is not the API: health, readiness, metrics, the OpenAPI document and its page."""

from typing import Any

import asyncpg
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from reptrail.db.migrate import UnknownSchemaError, require_head
from reptrail.http.edge import Services
from reptrail.http.openapi import openapi_bytes

LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1", "testclient"}
UNAVAILABLE = 503


def handlers(services: Services) -> list[HTTPRouteHandler]:
    """The handlers, in Litestar's form."""

    @get("/healthz", include_in_schema=False)
    async def healthz() -> Response[str]:
        return Response("ok\n", media_type="text/plain")

    @get("/readyz", include_in_schema=False)
    async def readyz() -> Response[str]:
        try:
            async with services.database.connection() as connection:
                await require_head(connection)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, UnknownSchemaError) as error:
            return Response(f"not ready: {type(error).__name__}\n", status_code=UNAVAILABLE, media_type="text/plain")
        return Response("ready\n", media_type="text/plain")

    @get("/metrics", include_in_schema=False)
    async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        if request.client is None or request.client.host not in LOOPBACK:
            return Response(b"", status_code=404)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @get("/api/v1/openapi.json", include_in_schema=False)
    async def openapi() -> Response[bytes]:
        return Response(openapi_bytes(), media_type="application/json", headers={"cache-control": "no-cache"})

    return [healthz, readyz, metrics, openapi]
