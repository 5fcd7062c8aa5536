"""Every operation with data made from the document, right and wrong: what comes back is what the document says."""

from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from portal import Portal
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from good_requests import GOOD, Sent, name_of
from helpers import Person, register
from reptrail.http.edge import Route, Who
from reptrail.http.openapi import document
from reptrail.http.problems import TYPE_PREFIX
from reptrail.routes import ROUTES

DOCUMENT = document(ROUTES)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 10
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def send(portal: Portal, case: schemathesis.Case, headers: dict[str, str]) -> httpx.Response:
    """Sends a case as it is, byte for byte."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url="http://test", headers=headers)).prepare()
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    sent: dict[str, str] = {name: value for name, value in prepared.headers.items() if name.lower() != "content-length"}
    response: httpx.Response = portal.run(
        portal.elsewhere.request(prepared.method or "", prepared.url or "", headers=sent, content=body)
    )
    return response


def undocumented(route: Route, response: httpx.Response) -> str | None:
    """The type of a problem that the operation does not say it can answer, with this status."""
    if response.status_code < 400:
        return None
    told = DOCUMENT["paths"][route.path][route.method.lower()]["responses"][str(response.status_code)]["x-reptrail-problems"]
    slug = response.json()["type"].removeprefix(TYPE_PREFIX)
    return None if slug in told else slug


def strategy(route: Route, sent: Sent, mode: schemathesis.GenerationMode) -> st.SearchStrategy[schemathesis.Case]:
    """Cases of an operation; half of them on rows that are there, so that what they send is looked at."""
    operation = SCHEMA[route.path][route.method]
    path = {"athlete": "me", **sent.path} if "{athlete}" in route.path else dict(sent.path)
    made_up = operation.as_strategy(generation_mode=mode)
    return st.one_of(made_up, operation.as_strategy(generation_mode=mode, path_parameters=path)) if path else made_up


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", [r for r in ROUTES if name_of(r) in GOOD], ids=name_of)
def test_an_operation_answers_as_documented(route: Route, mode: schemathesis.GenerationMode, portal: Portal) -> None:
    person: Person = portal.run(register(portal.http))
    sent: Sent = portal.run(GOOD[name_of(route)](person))
    headers = {} if route.who is Who.ANYONE else {"Authorization": f"Bearer {sent.token or person.access_token}"}
    statuses: list[int] = []

    @given(case=strategy(route, sent, mode))
    @SETTINGS
    def run(case: schemathesis.Case) -> None:
        response = send(portal, case, headers)
        statuses.append(response.status_code)
        case.validate_response(response, checks=CHECKS)
        assert undocumented(route, response) is None

    run()
    assert statuses


@pytest.mark.parametrize("route", [r for r in ROUTES if name_of(r) in GOOD], ids=name_of)
def test_success_looks_as_documented(route: Route, portal: Portal) -> None:
    person: Person = portal.run(register(portal.http))
    sent: Sent = portal.run(GOOD[name_of(route)](person))
    person.access_token = sent.token or person.access_token
    response = portal.run(person.call(route.method, sent.address(route), **sent.body()))
    assert response.is_success, response.text
    response.request.read()
    body = {} if sent.json is None else {"body": sent.json}
    case = SCHEMA[route.path][route.method].Case(path_parameters={"athlete": "me", **sent.path}, **body)
    case.validate_response(response, checks=CHECKS)
    told = DOCUMENT["paths"][route.path][route.method.lower()]["responses"][str(response.status_code)]
    assert ("etag" in response.headers) <= ("ETag" in told["headers"])


def test_a_wrong_answer_is_seen(portal: Portal) -> None:
    route = next(r for r in ROUTES if name_of(r) == "GET /me")
    person: Person = portal.run(register(portal.http))
    case = SCHEMA[route.path]["GET"].Case(headers={"Authorization": f"Bearer {person.access_token}"})
    good = send(portal, case, {})
    case.validate_response(good, checks=CHECKS)
    # A status, a shape and a type that are not in the document.
    changes: list[dict[str, Any]] = [
        {"status_code": 500},
        {"status_code": 202},
        {"content": good.content.replace(b'"email"', b'"mail"')},
        {"headers": {**good.headers, "content-type": "text/html"}},
    ]
    for change in changes:
        parts = {"status_code": good.status_code, "content": good.content, "headers": good.headers, **change}
        response = httpx.Response(**parts, request=good.request)
        response.elapsed = good.elapsed
        with pytest.raises(FailureGroup):
            case.validate_response(response, checks=CHECKS)
