"""The one shape of error: application/problem+json (RFC 9457), for whatever went wrong."""

from typing import Any
from uuid import UUID

import asyncpg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from reptrail.errors import CONSTRAINTS, PROBLEMS, FieldError, Problem
from reptrail.http.encoding import encode
from reptrail.ids import uuid7
from reptrail.refusals import REFUSALS

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:reptrail:problem:"
# SQLSTATEs that app.act_as raises.
_ACTOR_REFUSED = {"RT401": "unauthenticated", "RT403": "forbidden", "RT404": "not-found"}
# Lock timeouts, deadlocks, cancelled statements, shutdowns, exhausted connections: nothing was written, so trying again is safe.
_TRANSIENT = ("40", "53", "55P03", "57", "08")
_OUT_OF_RANGE = "22003"
_HTTP_STATUS = {
    400: "malformed-json",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
}


def from_database(error: asyncpg.PostgresError) -> Problem | None:
    """What an error of the database means to the client, None if it is a bug of ours."""
    state = getattr(error, "sqlstate", None) or ""
    if state in _ACTOR_REFUSED:
        return Problem(_ACTOR_REFUSED[state], str(error) if state != "RT404" else "")
    constraint = getattr(error, "constraint_name", None)
    if constraint in CONSTRAINTS:
        slug, pointer, detail = CONSTRAINTS[constraint]
        return Problem(slug, errors=[FieldError(pointer, detail)])
    if state == _OUT_OF_RANGE:
        return Problem("summary-out-of-range")
    if state.startswith(_TRANSIENT):
        return Problem("unavailable", headers={"Retry-After": "1"})
    return None


def from_exception(error: Exception, request_id: UUID) -> Problem:
    """Any exception as a problem. What is not foreseen becomes a 500 that says nothing but its id, and is logged whole."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException) and error.status_code in _HTTP_STATUS:
        return Problem(_HTTP_STATUS[error.status_code])
    if isinstance(error, asyncpg.PostgresError):
        found = from_database(error)
        if found is not None:
            return found
    # A value that the driver cannot encode is an InterfaceError and a ValueError, and our bug: trying again is no use.
    unreachable = isinstance(error, (asyncpg.InterfaceError, ConnectionError, TimeoutError, OSError))
    if unreachable and not isinstance(error, ValueError):
        log.warning("database_unreachable", request_id=str(request_id), error=str(error))
        return Problem("unavailable", headers={"Retry-After": "1"})
    log.error("unexpected_error", request_id=str(request_id), exc_info=error)
    return Problem("internal-error")


def members(problem: Problem, request_id: UUID) -> dict[str, Any]:
    """A problem as the members of its JSON object."""
    status, title = PROBLEMS[problem.slug]
    found: dict[str, Any] = {"type": TYPE_PREFIX + problem.slug, "title": title, "status": status}
    if problem.detail:
        found |= {"detail": problem.detail, **_coded(problem.detail)}
    if problem.errors:
        found["errors"] = [{"pointer": e.pointer, "detail": e.detail, **_coded(e.detail)} for e in problem.errors]
    found["request_id"] = request_id
    found.update(problem.extra)
    return found


def _coded(detail: str) -> dict[str, Any]:
    """The code and the values of a sentence, for who says it in a language of their own; nothing for one of no table."""
    said = REFUSALS.find(detail)
    return {} if said is None else {"code": said.code, "values": said.values}


def document(problem: Problem, request_id: UUID) -> tuple[bytes, dict[str, str]]:
    """A problem as its JSON and the headers to send with it."""
    headers = {**problem.headers, "x-request-id": str(request_id), "cache-control": "no-store", "x-content-type-options": "nosniff"}
    if problem.status == PROBLEMS["unauthenticated"][0]:
        headers["www-authenticate"] = "Bearer"
    return encode(members(problem, request_id)), headers


def handle(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar's door to the above, for what never reached a route of ours."""
    request_id = uuid7()
    problem = from_exception(error, request_id)
    body, headers = document(problem, request_id)
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)
