"""The edge: authenticates, opens the one transaction of a request, calls the handler, commits, answers.

A handler says by its parameters what it wants, and gets it ready made:
`tx` the transaction, `body` the decoded body, `query` the decoded query string, `if_match` the version of If-Match,
`services`, `request`, and the path's parameters by name. It returns an `Answer`; a `Problem` it raises rolls back, one it
returns is answered after the commit (a failed login must be counted).
"""

import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from hashlib import sha256
from typing import Any, Generic, TypeVar, Union, get_args, get_type_hints
from uuid import UUID

import asyncpg
from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from prometheus_client import Histogram

from reptrail.db.pool import Credential, Database, Transaction, Via
from reptrail.errors import Problem, invalid
from reptrail.http import idempotency, problems
from reptrail.http.actor import Authenticator
from reptrail.http.bodies import BodyDecoder, decode_query
from reptrail.http.encoding import encode
from reptrail.http.preconditions import etag, parse_if_match
from reptrail.http.streams import SENT_AS_IT_IS, UNCOMPRESSED, Again, Download, Stream, download, response
from reptrail.ids import uuid7
from reptrail.settings import Settings

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
JSON = "application/json"
_INJECTED = {"tx", "body", "query", "if_match", "services", "request"}
_BODY_METHODS = {"POST", "PUT", "PATCH"}
CREATED = 201
NO_CONTENT = 204
NOT_MODIFIED = 304
_TAG_DIGITS = 32

REQUEST_SECONDS = Histogram(
    "reptrail_request_seconds",
    "Time to answer, by route and status",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Who(Enum):
    """Who may call a route at all; the scope says the rest."""

    ANYONE = "anyone"
    USER = "a user, for themselves"
    ATHLETE = "the athlete, or a coach with the scope"


@dataclass(frozen=True)
class Route:
    """One route: where, what, who may, and the scope it needs ("self": the athlete alone, not with an API token).

    `form` is for the OpenAPI document: the fields of a multipart form (beside `file`) that the handler reads by itself.
    With `snapshot` everything the handler reads is of one moment.
    """

    method: str
    path: str
    handler: Callable[..., Awaitable["Answer[Any] | Problem | Stream | Download"]]
    who: Who
    scope: str | None = None
    form: type | None = None
    snapshot: bool = False

    @property
    def writes(self) -> bool:
        """Whether the route may change anything."""
        return self.method != "GET"

    @property
    def resource(self) -> str | None:
        """What of an athlete's a coach reads or writes here, as the athlete is told: the word after the athlete in the path."""
        _, found, after = self.path.partition("/{athlete}/")
        return after.partition("/")[0] if found else None


@dataclass(frozen=True)
class Answers:
    """What a handler's signature does not tell of its answers: statuses (none: 200, or 204 for Answer[None]), ETag, refusals.

    With another media type than JSON the answer is a `Contents`, a `Stream` or a `Download`.
    """

    problems: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    etag: bool = False
    media_type: str = JSON


def answers(*problems: str, statuses: tuple[int, ...] = (), etag: bool = False, media_type: str = JSON) -> Callable[[F], F]:
    """Says for the document what a handler can answer, beyond what the edge answers for every route of its kind.

    The contract tests hold it against what is really answered.
    """

    def mark(handler: F) -> F:
        handler.answers = Answers(problems, statuses, etag, media_type)  # type: ignore[attr-defined]
        return handler

    return mark


@dataclass(frozen=True)
class Services:
    """What handlers may need of the process: made once at start-up."""

    settings: Settings
    database: Database
    authenticator: Authenticator


class Answer(Generic[T]):
    """What a handler answers: JSON that PostgreSQL built (bytes), or anything msgspec can encode; `T` documents its shape."""

    __slots__ = ("body", "cookie", "etag", "keep", "media_type", "status")

    def __init__(
        self, body: object = None, *, status: int = 200, version: int | None = None, keep: bool = True, cookie: str | None = None
    ) -> None:
        self.body: bytes = body if isinstance(body, bytes) else b"" if body is None else encode(body)
        self.status = status
        self.etag = None if version is None else etag(version)
        # False for an answer that holds a secret: an Idempotency-Key must not put it into the database.
        self.keep = keep
        # The whole of a Set-Cookie header.
        self.cookie = cookie
        self.media_type = JSON


class Contents(Answer[T]):
    """An answer that is no JSON: bytes of another media type, whose ETag changes with them and with nothing else.

    Where `if_none_match` (the request's header) names that ETag, it is 304 without a body.
    """

    __slots__ = ()

    def __init__(self, contents: bytes, media_type: str, if_none_match: str | None) -> None:
        tag = f'"{sha256(contents).hexdigest()[:_TAG_DIGITS]}"'
        # Compared weakly, as RFC 9110 (13.1.2) wants of If-None-Match: a proxy that compressed the answer says W/.
        known = {part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")}
        fresh = tag in known or "*" in known
        super().__init__(b"" if fresh else contents, status=NOT_MODIFIED if fresh else 200)
        self.etag = tag
        self.media_type = media_type


@dataclass(frozen=True)
class Signature:
    """A handler's parameters, read once."""

    names: frozenset[str]
    path_parameters: dict[str, type]
    body: Any
    body_required: bool
    query: Any
    answer: Any


def signature(route: Route) -> Signature:
    """Reads a handler's signature. The answer's type is that of `Answer[...]`."""
    hints = get_type_hints(route.handler, include_extras=True)
    parameters = inspect.signature(route.handler).parameters
    answer = next(
        (get_args(a)[0] for a in [hints["return"], *get_args(hints["return"])] if getattr(a, "__origin__", None) is Answer), None
    )
    return Signature(
        names=frozenset(parameters),
        path_parameters={n: hints[n] for n in parameters if n not in _INJECTED},
        body=_without_none(hints.get("body")),
        body_required="body" in parameters and parameters["body"].default is inspect.Parameter.empty,
        query=hints.get("query"),
        answer=answer,
    )


def _without_none(hint: Any) -> Any:
    """A body that may be left out is absent then, never `null`."""
    parts = [part for part in get_args(hint) if part is not type(None)]
    return Union[tuple(parts)] if type(None) in get_args(hint) else hint  # noqa: UP007 - made of a list


def litestar_path(route: Route) -> str:
    """The route's path in Litestar's own syntax: `{session_id:uuid}`."""
    path = route.path.replace("{athlete}", "{athlete:str}")
    for name, type_ in signature(route).path_parameters.items():
        path = path.replace(f"{{{name}}}", f"{{{name}:{'uuid' if type_ is UUID else 'str'}}}")
    return path


def build_handler(route: Route, services: Services) -> HTTPRouteHandler:
    """A route as Litestar's handler."""
    endpoint = _Endpoint(route, services)

    async def handle(request: Request[Any, Any, Any]) -> ASGIResponse:
        return await endpoint(request)

    # The response brings its own status; Litestar's default for DELETE, 204, would not let a handler return one.
    told = getattr(route.handler, "answers", Answers())
    made = HTTPRouteHandler(
        litestar_path(route),
        http_method=route.method,  # type: ignore[arg-type]
        status_code=200,
        include_in_schema=False,
        # A form brings a file: an export of ten years is larger than any other request.
        request_max_body_size=services.settings.max_import_bytes if route.form else services.settings.max_body_bytes,
        opt={UNCOMPRESSED: True} if told.media_type in SENT_AS_IT_IS else None,
    )
    return made(handle)


class _Endpoint:
    """Everything that happens to one request of one route, in order."""

    def __init__(self, route: Route, services: Services) -> None:
        self.route = route
        self.resource = route.resource
        self.services = services
        self.signature = signature(route)
        self.decoder: BodyDecoder[Any] | None = BodyDecoder(self.signature.body) if self.signature.body is not None else None
        self.seconds: dict[int, Any] = {}

    async def __call__(self, request: Request[Any, Any, Any]) -> ASGIResponse:
        started = time.perf_counter()
        request_id = uuid7()
        try:
            response = await self._answer(request, request_id)
        except Exception as error:  # noqa: BLE001 - the one place where whatever went wrong becomes an answer
            response = _problem_response(problems.from_exception(error, request_id), request_id)
        self._observe(response.status_code, time.perf_counter() - started)
        return response

    async def _answer(self, request: Request[Any, Any, Any], request_id: UUID) -> ASGIResponse:
        route = self.route
        credential = None if route.who is Who.ANYONE else self.services.authenticator.of(request, writes=route.writes)
        arguments = await self._arguments(request)
        if credential is None:
            async with self.services.database.act_as_system(None, request_id) as tx:
                answer = await self._call(tx, arguments)
        else:
            answer = await self._act(request, credential, arguments, request_id)
        if isinstance(answer, Problem):
            return _problem_response(answer, request_id)
        if isinstance(answer, Stream):
            return response(answer, self._again(request, credential), request_id)
        if isinstance(answer, Download):
            return download(answer, request_id)
        return _response(answer, request_id)

    async def _act(
        self, request: Request[Any, Any, Any], credential: Credential, arguments: dict[str, Any], request_id: UUID
    ) -> "Answer[Any] | Problem | Stream | Download":
        route, athlete = self.route, _athlete(request, credential)
        act_as = partial(
            self.services.database.act_as, credential, athlete, route.scope, what=self.resource, snapshot=route.snapshot
        )
        key = request.headers.get("idempotency-key") if route.writes else None
        try:
            async with act_as(request_id, write=route.writes) as tx:
                if key is None:
                    return await self._call(tx, arguments)
                return await self._call_once(tx, arguments, request, key)
        except asyncpg.PostgresError as error:
            # Told to whoever has a token that we signed, and nobody else: a phone with unsent sets must not ask to log in again.
            ended = error.sqlstate == "RT401" and credential.via is Via.WEB
            if ended and await self.services.database.is_erased(credential.user_id):
                raise Problem("account-erased") from None
            raise
        except Problem as problem:
            if problem.extra and athlete != credential.user_id:
                # It shows something, the row as it stands, and the record that a coach saw it was undone with the write.
                async with act_as(request_id, write=False):
                    pass
            raise

    def _again(self, request: Request[Any, Any, Any], credential: Credential | None) -> Again[Any]:
        """A way to begin the same transaction anew, for a stream."""
        if credential is None:
            raise RuntimeError("a stream is for somebody")
        athlete = _athlete(request, credential)

        async def again(work: Callable[[Transaction], Awaitable[Any]]) -> Any:
            async with self.services.database.act_as(
                credential, athlete, self.route.scope, uuid7(), write=False, what=self.resource
            ) as tx:
                return await work(tx)

        return again

    async def _call(self, tx: Transaction, arguments: dict[str, Any]) -> "Answer[Any] | Problem | Stream | Download":
        if "tx" in self.signature.names:
            arguments["tx"] = tx
        return await self.route.handler(**arguments)

    async def _call_once(
        self, tx: Transaction, arguments: dict[str, Any], request: Request[Any, Any, Any], key: str
    ) -> "Answer[Any] | Problem | Stream | Download":
        idempotency.check_key(key)
        sign = self.services.authenticator.sign
        # Without scheme and host: a phone that comes home retries by the address of the house.
        address = f"{request.url.path}?{request.url.query}"
        body = idempotency.without_boundary(await request.body(), request.headers.get("content-type", ""))
        digest = idempotency.request_hash(sign, request.method, address, body)
        kept = await idempotency.find(tx, key, digest)
        if kept is not None:
            answer: Answer[Any] = Answer(kept[2], status=kept[0])
            answer.etag = kept[1]
            return answer
        fresh = await self._call(tx, arguments)
        if isinstance(fresh, Answer) and fresh.keep:
            await idempotency.keep(tx, key, digest, (fresh.status, fresh.etag, fresh.body))
        return fresh

    async def _arguments(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        wanted = self.signature
        arguments: dict[str, Any] = {name: request.path_params[name] for name in wanted.path_parameters}
        if wanted.query is not None:
            arguments["query"] = decode_query(wanted.query, _flat_query(request))
        elif request.scope["query_string"] and self.route.who is not Who.ANYONE:
            raise invalid("query", "this route takes no parameters")
        if self.decoder is not None:
            body = await request.body()
            if body or wanted.body_required:
                arguments["body"] = self.decoder.decode(_require_json(request, body))
        if "if_match" in wanted.names:
            arguments["if_match"] = parse_if_match(request.headers.get("if-match"))
        if "services" in wanted.names:
            arguments["services"] = self.services
        if "request" in wanted.names:
            await request.body()  # all of it before the transaction begins: a slow upload must not hold the athlete's ledger
            arguments["request"] = request
        return arguments

    def _observe(self, status: int, seconds: float) -> None:
        child = self.seconds.get(status)
        if child is None:
            child = self.seconds[status] = REQUEST_SECONDS.labels(self.route.method, self.route.path, str(status))
        child.observe(seconds)


def _athlete(request: Request[Any, Any, Any], credential: Credential) -> UUID:
    named = request.path_params.get("athlete", "me")
    if named == "me":
        return credential.user_id
    try:
        return UUID(named)
    except ValueError:
        raise Problem("not-found") from None


def _flat_query(request: Request[Any, Any, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in flat:
            raise invalid(f"query/{name}", "is given twice")
        flat[name] = value
    return flat


def _require_json(request: Request[Any, Any, Any], body: bytes) -> bytes:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != JSON:
        raise Problem("unsupported-media-type", f"send {JSON}")
    return body


def _response(answer: "Answer[Any]", request_id: UUID) -> ASGIResponse:
    headers = {"x-request-id": str(request_id), "cache-control": "no-store", "x-content-type-options": "nosniff"}
    if answer.etag is not None:
        headers["etag"] = answer.etag
    if answer.cookie is not None:
        headers["set-cookie"] = answer.cookie
    if isinstance(answer, Contents):
        headers["cache-control"] = "private, no-cache"  # may be kept by whoever asked, and is asked about each time
    return ASGIResponse(body=answer.body, status_code=answer.status, media_type=answer.media_type, headers=headers)


def _problem_response(problem: Problem, request_id: UUID) -> ASGIResponse:
    body, headers = problems.document(problem, request_id)
    return ASGIResponse(body=body, status_code=problem.status, media_type=problems.MEDIA_TYPE, headers=headers)
