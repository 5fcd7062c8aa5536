"""The OpenAPI 3.1 document, built from the route table, the handlers' signatures and the structs on the wire.

Nothing is described twice: paths, who may and scopes come from routes.py, parameters and bodies from the types that decode
them, summaries from docstrings, problems from errors.py and from what each handler says of itself.
"""

import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec

from reptrail import __version__
from reptrail.errors import PROBLEMS
from reptrail.http.edge import JSON, NOT_MODIFIED, Answers, Route, Who, signature
from reptrail.http.idempotency import KEPT_HOURS, MAX_KEY_CHARACTERS
from reptrail.http.problems import MEDIA_TYPE, TYPE_PREFIX

Schema = dict[str, Any]

_REF = "#/components/schemas/"
MULTIPART = "multipart/form-data"
_UUID: Schema = {"type": "string", "format": "uuid"}
_NULL: Schema = {"type": "null"}
_DESCRIPTION = """Reptrail keeps a training history: programs, workout sessions, sets and measurements. Every row belongs to one
athlete, says who wrote it, and is never lost.

Send `Authorization: Bearer TOKEN` with an access token (`POST /api/v1/auth/login`) or a personal access token
(`POST /api/v1/me/tokens`). `{athlete}` is a user's id or `me`; a coach with a grant uses the same routes as the athlete. What
is invisible is 404, what is visible but not allowed 403.

Times are RFC 3339 in UTC, dates ISO 8601, decimals JSON numbers, ids UUIDv7, which a client may choose itself. Unknown fields
are refused. Lists answer `{items, next_cursor}`. Every refusal is an RFC 9457 problem that points at each wrong field."""

_SUCCESSES = {200: "The answer.", 201: "Made.", 202: "Taken.", 204: "Done; there is nothing to say.",
              304: "Still what the ETag in If-None-Match is of."}  # fmt: skip
_HEADERS: dict[str, Schema] = {
    "RequestId": {"description": "The id of this request, also in the server's log and in the ledger.", "schema": _UUID},
    "ETag": {
        "description": "The version of the row; send it back in If-Match.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$', "examples": ['"3"']},
    },
    "ContentsETag": {
        "description": "Changes with the contents; send it back in If-None-Match.",
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
    },
}
_PARAMETERS: dict[str, Schema] = {
    "Athlete": {
        "name": "athlete",
        "in": "path",
        "required": True,
        "description": "The athlete: a user's id, or `me` for who is asking.",
        "schema": {"anyOf": [{"const": "me"}, _UUID]},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": f"Makes a retry safe: the first answer is kept for {KEPT_HOURS} hours and given again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARACTERS, "pattern": "^[ -~]+$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The ETag the change is based on; 412 with the row as it now stands if it has moved on.",
        "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}"|[0-9]{1,9})$', "examples": ['"3"']},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "ETags of what is there already; 304 where one of them still fits.",
        "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'},
    },
}


def document(routes: Sequence[Route]) -> Schema:
    """The OpenAPI 3.1 document of these routes."""
    shapes = _Shapes(routes)
    ids = _operation_ids(routes)
    paths: dict[str, Schema] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, ids[route], shapes)
    features = list(dict.fromkeys(feature(route) for route in routes))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Reptrail",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": _feature_description(name)} for name in features],
        "paths": paths,
        "components": {
            "schemas": {**shapes.components, "Problem": _problem_schema()},
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token of a login, or a personal access token (it begins with `rtp_`).",
                }
            },
        },
    }


@cache
def openapi_bytes() -> bytes:
    """The document of every route, as JSON; computed once."""
    from reptrail.routes import ROUTES  # noqa: PLC0415 - the table imports every feature, and features import this package

    return msgspec.json.format(msgspec.json.encode(document(ROUTES)), indent=1) + b"\n"


def feature(route: Route) -> str:
    """The feature a route belongs to: the package of its handler."""
    return route.handler.__module__.split(".")[-2]


def _feature_description(name: str) -> str:
    package = sys.modules.get(f"reptrail.{name}")
    return inspect.getdoc(package) or "" if package is not None else ""


def _operation_ids(routes: Sequence[Route]) -> dict[Route, str]:
    """The handler's name; where two features use the same one, with the feature's before it."""
    used = Counter(route.handler.__name__ for route in routes)
    ids = {
        route: name if used[name := route.handler.__name__] == 1 else f"{feature(route)}_{name.removesuffix('_')}"
        for route in routes
    }
    twice = [name for name, count in Counter(ids.values()).items() if count > 1]
    if twice:
        raise ValueError(f"operations share the names {', '.join(twice)}: one handler, one route")
    return ids


def _operation(route: Route, operation_id: str, shapes: "_Shapes") -> Schema:
    summary, rest = _told(route)
    wanted = signature(route)
    operation: Schema = {"operationId": operation_id, "tags": [feature(route)], "summary": summary}
    if rest:
        operation["description"] = rest
    operation["x-reptrail-who"] = route.who.value
    if route.scope is not None:
        operation["x-reptrail-scope"] = route.scope
    operation["security"] = [] if route.who is Who.ANYONE else [{"bearer": []}]
    parameters = _parameters(route, shapes)
    if parameters:
        operation["parameters"] = parameters
    if wanted.body is not None:
        operation["requestBody"] = {"required": wanted.body_required, "content": {JSON: {"schema": shapes.of(wanted.body)}}}
    elif route.form is not None:
        operation["requestBody"] = {"required": True, "content": {MULTIPART: {"schema": _form(shapes.resolved(route.form))}}}
    operation["responses"] = _responses(route, shapes)
    return operation


def _told(route: Route) -> tuple[str, str]:
    """What a handler's docstring says: its first sentence, and the rest."""
    paragraphs = [" ".join(part.split()) for part in (inspect.getdoc(route.handler) or "").split("\n\n")]
    first, _, more = paragraphs[0].partition(". ")
    return first.rstrip("."), "\n\n".join(part for part in (more, *paragraphs[1:]) if part)


def _form(fields: Schema) -> Schema:
    """A multipart form: its fields, none of which can be null, and the file."""
    properties = {name: _without_null(schema) for name, schema in fields["properties"].items()}
    file = {"type": "string", "contentMediaType": "application/octet-stream", "description": "The file itself."}
    return {**fields, "properties": {"file": file, **properties}, "required": ["file", *fields.get("required", ())]}


def _parameters(route: Route, shapes: "_Shapes") -> list[Schema]:
    wanted = signature(route)
    found: list[Schema] = []
    for name in re.findall(r"{(\w+)}", route.path):
        if name == "athlete":
            found.append({"$ref": "#/components/parameters/Athlete"})
        else:
            type_ = wanted.path_parameters.get(name)
            schema = _UUID if type_ is UUID else {"type": "string", "minLength": 1}
            found.append({"name": name, "in": "path", "required": True, "schema": schema})
    if wanted.query is not None:
        found.extend(_query_parameters(shapes.resolved(wanted.query)))
    if route.writes and route.who is not Who.ANYONE:
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if "if_match" in wanted.names:
        found.append({"$ref": "#/components/parameters/IfMatch"})
    if NOT_MODIFIED in getattr(route.handler, "answers", Answers()).statuses:
        found.append({"$ref": "#/components/parameters/IfNoneMatch"})
    return found


def _query_parameters(struct: Schema) -> Iterable[Schema]:
    for name, schema in struct["properties"].items():
        plain = _without_null(schema)
        parameter = {"name": name, "in": "query", "required": name in struct.get("required", ()), "schema": plain}
        description = plain.pop("description", None)
        if description:
            parameter["description"] = description
        yield parameter


def _without_null(schema: Schema) -> Schema:
    """A parameter cannot be null: it is left out instead."""
    plain = {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    parts = [part for part in plain.pop("anyOf", []) if part != _NULL]
    if len(parts) == 1:
        plain = {**parts[0], **plain}
    elif parts:
        plain["anyOf"] = parts
    return plain


def _responses(route: Route, shapes: "_Shapes") -> Schema:
    told = getattr(route.handler, "answers", Answers())
    refused = _at_the_edge(route) | set(told.problems)
    slugs = [slug for slug in PROBLEMS if slug in refused]
    headers: Schema = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    answer = signature(route).answer
    found: Schema = {}
    for status in told.statuses or (204 if answer is type(None) else 200,):
        success = found[str(status)] = {"description": _SUCCESSES[status], "headers": dict(headers)}
        if told.etag:
            tag = "ContentsETag" if NOT_MODIFIED in told.statuses else "ETag"
            success["headers"]["ETag"] = {"$ref": f"#/components/headers/{tag}"}
        if answer is not type(None) and status != NOT_MODIFIED:
            success["content"] = {told.media_type: {"schema": {} if answer in (None, Any) else shapes.of(answer)}}
    for status in sorted({PROBLEMS[slug][0] for slug in slugs}):
        of_status = [slug for slug in slugs if PROBLEMS[slug][0] == status]
        found[str(status)] = {
            "description": "\n".join(f"- `{slug}`: {PROBLEMS[slug][1]}." for slug in of_status),
            "headers": headers,
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_REF}Problem"}}},
            "x-reptrail-problems": of_status,
        }
    return found


def _at_the_edge(route: Route) -> set[str]:
    """The problems that the edge itself answers, by what the route takes."""
    wanted = signature(route)
    found = {"internal-error", "unavailable"}
    if route.who is not Who.ANYONE:
        found |= {"unauthenticated", "account-erased", "invalid"}
        if route.scope is not None:
            found.add("forbidden")
        if route.writes:
            found.add("idempotency-key-reused")
    if "{" in route.path:
        found.add("not-found")
    if route.form is not None:
        found |= {"body-too-large", "unsupported-media-type", "invalid"}
    if wanted.body is not None:
        found |= {"malformed-json", "body-too-large", "unsupported-media-type", "invalid"}
    if wanted.query is not None:
        found.add("invalid")
    if "if_match" in wanted.names:
        found.add("precondition-failed")
    return found


_SAID: Final[Schema] = {
    "code": {"type": "string", "description": "The `detail` as data, for who says it in another language: see docs/errors.md."},
    "values": {"type": "object", "description": "What stands in `detail`, by name."},
}


def _problem_schema() -> Schema:
    field_error = {
        "type": "object",
        "required": ["pointer", "detail"],
        "properties": {
            "pointer": {
                "type": "string",
                "description": "A JSON pointer into the body (RFC 6901), or `query/NAME` or `header/NAME`.",
            },
            "detail": {"type": "string"},
            **_SAID,
        },
    }
    return {
        "title": "Problem",
        "description": "Why a request was refused (RFC 9457). Some types bring members of their own, such as `current` or `verbs`.",
        "type": "object",
        "required": ["type", "title", "status", "request_id"],
        "properties": {
            "type": {"type": "string", "enum": [TYPE_PREFIX + slug for slug in PROBLEMS]},
            "title": {"type": "string"},
            "status": {"type": "integer", "enum": sorted({status for status, _ in PROBLEMS.values()})},
            "detail": {"type": "string"},
            **_SAID,
            "errors": {"type": "array", "items": field_error, "description": "Every wrong field, all at once."},
            "request_id": _UUID,
        },
        "additionalProperties": True,
    }


class _Shapes:
    """The schemas of every type on the wire, as msgspec tells them, mended where it tells less than the code does."""

    def __init__(self, routes: Sequence[Route]) -> None:
        wanted: dict[Any, Any] = {}
        for route in routes:
            read = signature(route)
            for hint in (read.body, read.query, read.answer, route.form):
                if hint not in (None, type(None), Any):
                    wanted.setdefault(repr(hint), hint)
        schemas, components = msgspec.json.schema_components(list(wanted.values()), ref_template=f"{_REF}{{name}}")
        names = _short_names(components)
        # What is only ever a query string or a form is spread over parameters, and no schema of its own.
        spread = {repr(hint) for route in routes for hint in (signature(route).query, route.form) if hint is not None}
        self._by_hint: dict[str, Schema] = {key: _mended(schema, names) for key, schema in zip(wanted, schemas, strict=True)}
        self._all: dict[str, Schema] = {names[name]: _mended(schema, names) for name, schema in components.items()}
        used = _refs([schema for key, schema in self._by_hint.items() if key not in spread], self._all)
        used |= _refs([self._target(self._by_hint[key]) for key in spread], self._all)
        self.components = {name: schema for name, schema in self._all.items() if name in used}

    def of(self, hint: Any) -> Schema:
        """The schema of a type, a reference for one with a name."""
        return self._by_hint[repr(hint)]

    def resolved(self, hint: Any) -> Schema:
        """The schema of a named type itself."""
        return self._target(self.of(hint))

    def _target(self, schema: Schema) -> Schema:
        return self._all[schema["$ref"].removeprefix(_REF)]


def _short_names(components: dict[str, Schema]) -> dict[str, str]:
    """Names without their module, where what shares a name is the same; else with the feature's name before it."""
    same: dict[str, list[Schema]] = {}
    for name, schema in components.items():
        same.setdefault(name.rpartition(".")[2], []).append({k: v for k, v in schema.items() if k != "description"})
    names: dict[str, str] = {}
    for name in components:
        module, _, short = name.rpartition(".")
        alike = all(schema == same[short][0] for schema in same[short])
        names[name] = short if alike else (module.split(".")[-2] if module else "").capitalize() + short
    return names


def _mended(schema: Any, names: dict[str, str]) -> Any:
    if isinstance(schema, list):
        return [_mended(part, names) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _mended(value, names) for key, value in schema.items()}
    if isinstance(found.get("$ref"), str):
        found["$ref"] = _REF + names[found["$ref"].removeprefix(_REF)]
    if found.get("format") == "decimal" and found.get("type") == "string":
        # msgspec documents decimals as strings; on this wire they are numbers, both ways (encoding.py, bodies.py).
        found["type"] = "number"
        del found["format"]
    if found.get("required") == []:
        del found["required"]
    return found


def _refs(schemas: Any, components: dict[str, Schema]) -> set[str]:
    """The names of all components that schemas lead to."""
    found: set[str] = set()
    waiting = [schemas]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend(part.values())
            name = part["$ref"].removeprefix(_REF) if isinstance(part.get("$ref"), str) else None
            if name is not None and name not in found:
                found.add(name)
                waiting.append(components[name])
    return found
