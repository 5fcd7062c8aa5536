"""What is not the API: health, readiness, metrics, the OpenAPI document and its page, and the first page."""

from typing import Any

import asyncpg
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from reptrail.db.migrate import UnknownSchemaError, require_head
from reptrail.http import web
from reptrail.http.edge import Services
from reptrail.http.openapi import openapi_bytes
from reptrail.http.reference import CONTENT_SECURITY_POLICY, DEMO_EMAIL, DEMO_PASSWORD, docs_page, home_page, static

LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1", "testclient"}
UNAVAILABLE = 503


# Nothing of it is kept without asking: it changes with the version of the server.
_HEADERS = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
_PAGE_HEADERS = {**_HEADERS, "content-security-policy": CONTENT_SECURITY_POLICY, "referrer-policy": "no-referrer"}
_STATIC_TYPES = {"css": "text/css", "svg": "image/svg+xml"}


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

    @get("/api/instance", include_in_schema=False)
    async def instance() -> Response[dict[str, Any]]:
        """For the app's first page: whether there is room for another account, and somebody to look around as."""
        shown = {"email": DEMO_EMAIL, "password": DEMO_PASSWORD} if services.settings.demo == "shown" else None
        return Response({"registration": services.settings.registration, "demonstration": shown}, headers=_HEADERS)

    return [healthz, readyz, metrics, instance, openapi, docs, about, home, static_file, *web.handlers()]


@get("/api/v1/openapi.json", include_in_schema=False)
async def openapi() -> Response[bytes]:
    """The OpenAPI document."""
    return Response(openapi_bytes(), media_type="application/json", headers=_HEADERS)


@get("/api/docs", include_in_schema=False)
async def docs() -> Response[bytes]:
    """The same as a page to read."""
    return Response(docs_page(), media_type="text/html", headers=_PAGE_HEADERS)


@get("/api", include_in_schema=False)
async def about() -> Response[bytes]:
    """What this server is, to a developer."""
    return Response(home_page(), media_type="text/html", headers=_PAGE_HEADERS)


@get("/", include_in_schema=False)
async def home() -> Response[bytes]:
    """The app; where it was not built, what this server is."""
    return web.page() if web.is_built() else Response(home_page(), media_type="text/html", headers=_PAGE_HEADERS)


@get("/static/{name:str}", include_in_schema=False)
async def static_file(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The style sheet and the icon of these pages."""
    name = request.path_params["name"]
    content = static(name)
    if content is None:
        raise NotFoundException
    return Response(content, media_type=_STATIC_TYPES[name.rpartition(".")[2]], headers=_PAGE_HEADERS)
