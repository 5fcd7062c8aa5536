"""Bad input by hand, for every route that takes a body: never a 500, always a problem, and nothing is written.

What is sent is derived from each route's good request: one field at a time is replaced by each kind of nonsense.
"""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from portal import Portal

from good_requests import GOOD, Sent, name_of
from helpers import Person, register
from reptrail.errors import PROBLEMS
from reptrail.http.edge import Route, Who, signature
from reptrail.http.problems import MEDIA_TYPE, TYPE_PREFIX
from reptrail.routes import ROUTES

WITH_BODY = [r for r in ROUTES if signature(r).body is not None and name_of(r) in GOOD]
BY_ROUTE = pytest.mark.parametrize("route", WITH_BODY, ids=name_of)
MEGABYTE = 1024 * 1024

# Texts of JSON values that no field of any request takes in the place of its good one. NaN and Infinity are not JSON at all.
BAD_VALUES = {
    "NaN": "NaN",
    "Infinity": "Infinity",
    "10^400": "1e400",
    "400 digits": "9" * 400,
    "2^31": "2147483648.5",
    "negative": "-1",
    "NUL": '"a\\u0000b"',
    "lone surrogate": '"\\ud800"',
    "40,000 characters": '"' + "x" * 40_000 + '"',
    "year 0": '"0000-01-01"',
    "year 10000": '"10000-01-01T00:00:00Z"',
    "an object": "{}",
    "a list of a list": "[[[]]]",
    "true": "true",
    "deep": "[" * 2000 + "]" * 2000,
}
RAW_BODIES = {
    "nothing": (b"", {400, 415, 422}),
    "broken": (b'{"a":', {400}),
    "two values": (b"{} {}", {400}),
    "no UTF-8": (b'{"\xff\xfe": "\xc3\x28"}', {400, 422}),
    "UTF-16": ("{}".encode("utf-16"), {400}),
    "a text": (b'"x"', {422}),
    "a number": (b"1", {422}),
    "null": (b"null", {422}),
    "100,000 brackets": (b"[" * 100_000, {400, 422}),
    "100,000 closed brackets": (b"[" * 100_000 + b"]" * 100_000, {400, 422}),
    "100,000 objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, {400, 422}),
    "seven megabytes": (b'{"a": "' + b"x" * (7 * MEGABYTE) + b'"}', {413}),
    "a million unknown fields": (b"{" + b",".join(b'"f%d":1' % n for n in range(100_000)) + b"}", {422}),
}


class Sender:
    """One athlete's good request of a route, and ways to spoil it."""

    def __init__(self, route: Route, portal: Portal) -> None:
        self.route = route
        self.portal = portal
        self.person: Person = portal.run(register(portal.http))
        self.sent: Sent = portal.run(GOOD[name_of(route)](self.person))
        self.seq = portal.head(self.person.user_id)

    def send(self, content: bytes, **headers: str) -> httpx.Response:
        sent = {"Content-Type": "application/json", **headers}
        if self.route.who is not Who.ANYONE:
            sent["Authorization"] = f"Bearer {self.person.access_token}"
        address = self.sent.address(self.route)
        response: httpx.Response = self.portal.run(
            self.portal.elsewhere.request(self.route.method, address, content=content, headers=sent)
        )
        return response

    def refusal_error(self, response: httpx.Response) -> str | None:
        """What is wrong with an answer that should be a refusal, None if it is one problem in full and nothing was written."""
        before, self.seq = self.seq, self.portal.head(self.person.user_id)
        if response.headers.get("content-type") != MEDIA_TYPE:
            return f"{response.status_code} {response.headers.get('content-type')}: {response.text[:200]}"
        problem = response.json()
        slug = problem["type"].removeprefix(TYPE_PREFIX)
        if slug not in PROBLEMS or problem["status"] != response.status_code or slug == "internal-error":
            return f"{response.status_code}: {response.text[:200]}"
        if slug == "invalid" and not all({"pointer", "detail", "code"} <= error.keys() for error in problem.get("errors") or [{}]):
            return f"says no field, or one without a code: {response.text[:200]}"
        return None if before == self.seq else "was refused, and yet something was written"


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a JSON document but its root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def spoiled(document: Any, path: tuple[str | int, ...], text: str) -> bytes:
    """A document with the JSON text `text` in one place."""
    made = copy.deepcopy(document)
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = "\x01"
    return json.dumps(made).replace('"\\u0001"', text, 1).encode()


def pointer(path: tuple[str | int, ...]) -> str:
    return "".join(f"/{key}" for key in path)


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def is_taken(name: str, good: Any) -> bool:
    """Whether a kind of nonsense is sense in the place of this value: a flag takes true, a free text any text."""
    if isinstance(good, str) and name.startswith("year"):
        return not re.match(r"\d{4}-", good)
    return isinstance(good, bool) and name == "true"


@pytest.fixture
def sender(route: Route, portal: Portal) -> Sender:
    return Sender(route, portal)


@BY_ROUTE
def test_nonsense_in_a_field_is_refused_and_pointed_at(sender: Sender) -> None:
    bad: list[str] = []
    document = sender.sent.json
    for path in places(document):
        for name, text in BAD_VALUES.items():
            response = sender.send(spoiled(document, path, text))
            if is_taken(name, at(document, path)) and response.is_success:
                sender.seq = sender.portal.head(sender.person.user_id)
                continue
            wrong = sender.refusal_error(response)
            if wrong is None and response.status_code == 422 and not name.startswith("lone"):
                found = [error["pointer"] for error in response.json().get("errors", [])]
                if not any(one.startswith(pointer(path[:1])) for one in found):
                    wrong = f"points at {found}"
            if wrong is not None:
                bad.append(f"{pointer(path)} {name}: {wrong}")
    assert bad == []


def look_alikes(good: Any) -> list[str]:
    """Values of another type that a careless reader would take for this one."""
    if isinstance(good, bool):
        return ["1", '"true"', "null"]
    if isinstance(good, (int, float)):
        return [f'"{good}"', "true", f"[{good}]"]
    if isinstance(good, str):
        return ["5", "false", f'["{good}"]']
    return ["1", '""']


@BY_ROUTE
def test_a_look_alike_of_another_type_is_refused(sender: Sender) -> None:
    document = sender.sent.json
    bad = [
        f"{pointer(path)} {text}: {wrong}"
        for path in places(document)
        for text in look_alikes(at(document, path))
        if (wrong := sender.refusal_error(sender.send(spoiled(document, path, text)))) is not None
    ]
    assert bad == []


@BY_ROUTE
def test_an_unknown_field_is_refused_and_named(sender: Sender) -> None:
    document = sender.sent.json
    for path in [(), *(path for path in places(document) if isinstance(at(document, path), dict))]:
        made = copy.deepcopy(document)
        at(made, path)["a/b~c"] = 1
        response = sender.send(json.dumps(made).encode())
        assert sender.refusal_error(response) is None
        assert f"{pointer(path)}/a~1b~0c" in {error["pointer"] for error in response.json()["errors"]}


@BY_ROUTE
def test_every_wrong_field_is_named_at_once(sender: Sender) -> None:
    document = sender.sent.json
    response = sender.send(json.dumps({key: {"x": 1} for key in document}).encode())
    assert sender.refusal_error(response) is None
    found = {error["pointer"].split("/")[1] for error in response.json()["errors"]}
    assert set(document) <= found


@pytest.mark.parametrize("kind", RAW_BODIES)
@BY_ROUTE
def test_a_body_that_is_none_is_refused(sender: Sender, route: Route, kind: str) -> None:
    content, statuses = RAW_BODIES[kind]
    response = sender.send(content)
    if kind == "nothing" and not signature(route).body_required:
        return
    assert response.status_code in statuses, response.text[:300]
    assert sender.refusal_error(response) is None


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml", "*/*", "json"])
@BY_ROUTE
def test_another_content_type_is_refused(sender: Sender, content_type: str) -> None:
    response = sender.send(json.dumps(sender.sent.json).encode(), **{"Content-Type": content_type})
    assert response.status_code == 415
    assert sender.refusal_error(response) is None


@BY_ROUTE
def test_a_key_given_twice_is_no_error_of_ours(sender: Sender) -> None:
    text = json.dumps(sender.sent.json)
    assert sender.send(f"{text[:-1]}, {text[1:]}".encode()).status_code < 500


HEADERS = {
    "If-Match": ["x", '"1', '"a"', 'W/"1"', '"1", "2"', '"99999999999"', "-1", '""'],
    "Idempotency-Key": ["", "x" * 256, "caf\u00e9"],
    "Authorization": ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer rtp_", "Bearer rtp_!!!!", "Bearer a.b.c", "Bearer \u00e9"],
}


@pytest.mark.parametrize(("header", "value"), [(header, value) for header, values in HEADERS.items() for value in values])
@pytest.mark.parametrize("route", [r for r in WITH_BODY if r.who is not Who.ANYONE], ids=name_of)
def test_a_bad_header_is_refused(sender: Sender, route: Route, header: str, value: str) -> None:
    content = json.dumps(sender.sent.json).encode()
    headers = {"Content-Type": b"application/json", "Authorization": f"Bearer {sender.person.access_token}".encode()}
    headers[header] = value.encode("latin-1")
    response = sender.portal.run(
        sender.portal.elsewhere.request(route.method, sender.sent.address(route), content=content, headers=headers)
    )
    if header == "If-Match" and "if_match" not in signature(route).names:
        assert response.status_code < 500
    else:
        assert response.status_code == (401 if header == "Authorization" else 422), response.text
        assert sender.refusal_error(response) is None


QUERIES = ["limit=0", "limit=201", "limit=x", "limit=1e3", "limit=1&limit=2", "limit=%ff", "limit=\u0661", "cursor=", "cursor=x",
           "cursor=%00", "cursor=W10", "cursor=WyJhIiwiYiJd", "cursor=" + "a" * 5000, "x=1", "%00=1", "q=%00", "metric=%00",
           "muscle=TAIL", "status=planned", "from=0000-01-01", "from=10000-01-01", "to=yesterday",
           "revision=99999999999999999999"]  # fmt: skip


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "GET" and name_of(r) in GOOD], ids=name_of)
def test_a_bad_query_is_no_error_of_ours(sender: Sender, route: Route) -> None:
    known = {} if signature(route).query is None else {f.encode_name for f in msgspec.structs.fields(signature(route).query)}
    for query in QUERIES:
        address = f"{sender.sent.address(route)}?{query}"
        response = sender.portal.run(sender.person.call("GET", address))
        name = query.partition("=")[0]
        taken = name in known and response.status_code == 200 and name in ("q", "metric")
        assert taken or (response.status_code == 422 and sender.refusal_error(response) is None), f"{query}: {response.text[:300]}"


ADDRESSES = ["/api/v1/athletes/me/sessions/x", "/api/v1/athletes/%00/sessions", "/api/v1/athletes/x/sessions", "/api/v1/me/",
             "/api/v1/athletes/me/sessions/00000000-0000-0000-0000-000000000000", "/api/v1//me", "/api/v1/nothing", "/%ff",
             "/api/v1/athletes/" + "a" * 10_000 + "/sessions", "/api/v1/athletes/me/sessions/%2e%2e", "/.env"]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_bad_address_is_a_problem(athlete: Person, address: str) -> None:
    response = await athlete.get(address)
    assert response.status_code in (200, 404)
    assert response.headers["content-type"] in (MEDIA_TYPE, "application/json")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
async def test_another_method_is_a_problem(athlete: Person, method: str) -> None:
    response = await athlete.call(method, "/api/v1/me/tokens")
    assert response.status_code in (204, 405)
    assert response.status_code == 204 or response.headers["content-type"] == MEDIA_TYPE
