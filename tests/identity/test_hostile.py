"""What nobody should send, and somebody will: each is refused in the one shape of error, and none is a 500."""

import base64
import json
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import PASSWORD, Person, pointers, problem

# The same in every process: a test's name must not be made by chance.
ANY_ID = "01a2028a-ba52-7cfa-92d7-accd5e36ec36"

JSON = {"Content-Type": "application/json"}
REGISTER, LOGIN, REFRESH = "/api/v1/auth/register", "/api/v1/auth/login", "/api/v1/auth/refresh"
ME, TOKENS = "/api/v1/me", "/api/v1/me/tokens"
GOOD = {"email": "a@example.org", "password": PASSWORD, "display_name": "A"}
WITH_BODY = [("POST", REGISTER), ("POST", LOGIN), ("POST", REFRESH), ("PATCH", ME), ("POST", TOKENS)]

BROKEN = [
    b"",
    b"{",
    b"nonsense",
    b'{"email": "a@b.c"} x',
    b"\xff\xfe{}",
    b'{"email": "\xff"}',
    b'{"email": "\xed\xa0\x80"}',
    b'{"email": "\\ud800"}',
    b'{"email": "\\ud800 and more than that"}',
    b'{"email": 1, "x": "\\ud800"}',
    b'{"email": 1, "x": "\xff"}',
    b'{"email": 1, "x": }',
    b'{"email": NaN}',
    b"[" * 100_000,
    b'{"email": 1, "x": ' + b"[" * 100_000,
    b'{"email": ' + b'{"a":' * 100_000,
]


@pytest.mark.parametrize("body", BROKEN, ids=lambda b: repr(b[:30]))
@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_what_is_not_json(athlete: Person, method: str, path: str, body: bytes) -> None:
    problem(await athlete.call(method, path, content=body, headers=JSON), 400, "malformed-json")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"1", b"true", b'[{"email": "a@b.c"}]'])
@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_json_that_is_no_object(athlete: Person, method: str, path: str, body: bytes) -> None:
    assert pointers(problem(await athlete.call(method, path, content=body, headers=JSON), 422, "invalid")) == {""}


@pytest.mark.parametrize("body", [b'{"email": 1e999}', b'{"email": 1, "x": -1e999}', b'{"x": 1' + b"0" * 5000 + b"}"])
@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_numbers_beyond_measure(athlete: Person, method: str, path: str, body: bytes) -> None:
    response = await athlete.call(method, path, content=body, headers=JSON)
    assert response.status_code in {400, 422}, response.text


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", "\u00ff"],
)
@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_another_content_type(athlete: Person, method: str, path: str, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type.encode("latin-1")}
    response = await athlete.call(method, path, content=json.dumps(GOOD).encode(), headers=headers)
    problem(response, 415, "unsupported-media-type")


async def test_json_with_a_charset_is_json(athlete: Person) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    response = await athlete.call("PATCH", ME, content=b'{"display_name": "B"}', headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_ten_megabytes(athlete: Person, method: str, path: str) -> None:
    body = json.dumps({**GOOD, "email": "x" * 10_000_000}).encode()
    problem(await athlete.call(method, path, content=body, headers=JSON), 413, "body-too-large")


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_five_megabytes_of_one_string(athlete: Person, method: str, path: str) -> None:
    names = {REFRESH: "refresh_token", ME: "display_name", TOKENS: "name"}
    name = names.get(path, "email")
    response = await athlete.call(method, path, {name: "x" * 5_000_000})
    assert f"/{name}" in pointers(problem(response, 422, "invalid"))
    assert len(response.content) < 10_000


async def test_a_hundred_thousand_wrong_fields_are_told_in_part(http: httpx.AsyncClient) -> None:
    response = await http.post(REGISTER, json={**GOOD, **{str(n): n for n in range(100_000)}})
    assert len(problem(response, 422, "invalid")["errors"]) == 100


async def test_the_last_of_two_equal_fields_counts(http: httpx.AsyncClient) -> None:
    body = f'{{"email": 1, "email": "{uuid4()}@b.c", "password": "{PASSWORD}", "display_name": "A"}}'.encode()
    response = await http.post(REGISTER, content=body, headers=JSON)
    assert response.status_code in {201, 422}, response.text


def cursor(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


BAD_CURSORS = [
    "x",
    "!!!!",
    "\u00e4",
    "\x00",
    "x" * 501,
    cursor([]),
    cursor(None),
    cursor(["2020-01-01T00:00:00Z"]),
    cursor(["2020-01-01T00:00:00Z", "no id"]),
    cursor(["2020-01-01T00:00:00", ANY_ID]),
    cursor(["0001-01-01T00:00:00+14:00", ANY_ID]),
    cursor(["9999-12-31T23:59:59-14:00", ANY_ID]),
    cursor([1e300, ANY_ID]),
]


@pytest.mark.parametrize("value", BAD_CURSORS)
@pytest.mark.parametrize("path", [TOKENS, "/api/v1/me/logins"])
async def test_a_cursor_that_was_never_given(athlete: Person, path: str, value: str) -> None:
    assert pointers(problem(await athlete.get(path, params={"cursor": value}), 422, "invalid")) == {"query/cursor"}


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=1e3", "limit=1.5", "limit=" + "9" * 400]
)
async def test_a_limit_that_is_none(athlete: Person, query: str) -> None:
    assert pointers(problem(await athlete.get(f"{TOKENS}?{query}"), 422, "invalid")) == {"query/limit"}


async def test_parameters_nobody_asked_for(athlete: Person) -> None:
    found = problem(await athlete.get(f"{TOKENS}?limit=0&page=2&a%2fb=%ff"), 422, "invalid")
    assert pointers(found) == {"query/limit", "query/page", "query/a~1b"}
    assert pointers(problem(await athlete.get(f"{TOKENS}?limit=1&limit=2"), 422, "invalid")) == {"query/limit"}
    problem(await athlete.get(f"{ME}?x=1"), 422, "invalid")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_another_method(http: httpx.AsyncClient, method: str) -> None:
    problem(await http.request(method, LOGIN), 405, "method-not-allowed")


@pytest.mark.parametrize("key", ["", "x" * 256, "a\u00e4", "a\tb"])
async def test_an_idempotency_key_that_is_none(athlete: Person, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")}
    response = await athlete.call("PATCH", ME, {"display_name": "B"}, headers=headers)
    assert pointers(problem(response, 422, "invalid")) == {"header/Idempotency-Key"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["email", "password", "display_name", "time_zone", "weight_unit", "id", "refresh_token", "new_password", "current_password"]
NAMES += ["name", "scopes", "expires_at"]
FIELDS = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), VALUES | st.emails() | st.just(PASSWORD), max_size=8)
ANY_JSON = st.one_of(FIELDS, FIELDS.map(lambda more: {**GOOD, **more}), VALUES)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=ANY_JSON)
async def test_any_json_is_answered(at: Callable[[str], httpx.AsyncClient], athlete: Person, body: object) -> None:
    content = json.dumps(body).encode()
    person = Person(at(f"10.77.{uuid4().int & 255}.{uuid4().int & 255}"), "", "", athlete.access_token, "")
    for method, path in WITH_BODY:
        response = await person.call(method, path, content=content, headers=JSON)
        assert response.status_code < 500, response.text
        if response.status_code >= 400:
            assert response.json()["request_id"] == response.headers["x-request-id"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    email=st.text(max_size=40).map(lambda local: f"{local}@example.org"),
    name=st.text(max_size=40),
    password=st.text(min_size=8, max_size=40),
)
async def test_any_text_is_kept_as_it_is_or_refused(
    at: Callable[[str], httpx.AsyncClient], email: str, name: str, password: str
) -> None:
    http = at(f"10.78.{uuid4().int & 255}.{uuid4().int & 255}")
    body = {"email": uuid4().hex + email, "display_name": name, "password": password}
    content = json.dumps(body).encode()
    response = await http.post(REGISTER, content=content, headers=JSON)
    assert response.status_code in {201, 400, 422}, response.text
    if response.status_code == 201:
        assert response.json()["user"]["display_name"] == name.strip()
        login = await http.post(LOGIN, json={"email": body["email"], "password": password})
        assert login.status_code == 200, login.text
