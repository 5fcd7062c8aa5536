"""The OpenAPI document: whole, valid, and of the routes there are."""

import json
import re
from typing import Any

import httpx
import pytest

from good_requests import name_of
from reptrail.errors import PROBLEMS
from reptrail.http.edge import Route, Who, signature
from reptrail.http.openapi import document, openapi_bytes
from reptrail.routes import ROUTES

DOCUMENT: dict[str, Any] = json.loads(openapi_bytes())
BY_ROUTE = pytest.mark.parametrize("route", ROUTES, ids=name_of)


def operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][route.path][route.method.lower()]
    return found


def test_it_is_openapi_31() -> None:
    from jsonschema_rs import Draft202012Validator, validator_for

    assert DOCUMENT["openapi"] == "3.1.0"
    for schema in DOCUMENT["components"]["schemas"].values():
        # Each with the components beside it, so that a reference to nothing shows.
        whole = {**schema, "components": DOCUMENT["components"]}
        assert validator_for(whole) is not None
        Draft202012Validator(whole)


def test_every_route_is_there_and_nothing_else() -> None:
    there = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert there == {(route.method, route.path) for route in ROUTES}


def test_operation_ids_are_unique_names() -> None:
    ids = [operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []


def test_component_names_are_plain() -> None:
    assert [name for name in DOCUMENT["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []


def test_bodies_refuse_unknown_fields() -> None:
    sent = json.dumps([operation(route).get("requestBody") for route in ROUTES])
    for name in set(re.findall(r"schemas/(\w+)", sent)):
        assert DOCUMENT["components"]["schemas"][name].get("additionalProperties", "enum") in (False, "enum"), name


def test_there_is_one_shape_of_error() -> None:
    problem = DOCUMENT["components"]["schemas"]["Problem"]
    assert {entry.rpartition(":")[2] for entry in problem["properties"]["type"]["enum"]} == set(PROBLEMS)
    for route in ROUTES:
        for status, response in operation(route)["responses"].items():
            if status >= "400":
                assert response["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
                assert {PROBLEMS[slug][0] for slug in response["x-reptrail-problems"]} == {int(status)}


@BY_ROUTE
def test_a_route_says_what_it_is(route: Route) -> None:
    told = operation(route)
    assert told["summary"]
    assert told["tags"] == [route.handler.__module__.split(".")[1]]
    assert told.get("x-reptrail-scope") == route.scope
    assert told["security"] == ([] if route.who is Who.ANYONE else [{"bearer": []}])
    successes = [status for status in told["responses"] if status < "300"]
    assert successes
    assert (successes == ["204"]) == (signature(route).answer is type(None))


@BY_ROUTE
def test_a_route_names_every_parameter(route: Route) -> None:
    told = operation(route)
    parameters = [
        DOCUMENT["components"]["parameters"][p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in told.get("parameters", [])
    ]
    found = {(p["in"], p["name"]) for p in parameters}
    assert {name for where, name in found if where == "path"} == set(re.findall(r"{(\w+)}", route.path))
    assert (("header", "Idempotency-Key") in found) == (route.writes and route.who is not Who.ANYONE)
    assert (("header", "If-Match") in found) == ("if_match" in signature(route).names)
    assert [p["name"] for p in parameters if p["in"] == "query" and {"type": "null"} in p["schema"].get("anyOf", ())] == []


@BY_ROUTE
def test_a_route_tells_the_refusals_of_the_edge(route: Route) -> None:
    statuses = set(operation(route)["responses"])
    wanted = {"500", "503"}
    wanted |= {"400", "413", "415", "422"} if signature(route).body is not None else set()
    wanted |= {"401"} if route.who is not Who.ANYONE else set()
    wanted |= {"403"} if route.scope else set()
    wanted |= {"404"} if "{" in route.path else set()
    wanted |= {"412"} if "if_match" in signature(route).names else set()
    assert wanted <= statuses


def test_decimals_are_numbers() -> None:
    assert '"format":"decimal"' not in json.dumps(DOCUMENT, separators=(",", ":"))


def test_two_features_may_use_one_name() -> None:
    clashing = [route for route in ROUTES if route.handler.__name__ == "end_login"]
    made = document([*clashing, Route("POST", "/x", clashing[0].handler, Who.USER, "self")][:1])
    assert made["paths"][clashing[0].path]["delete"]["operationId"] == "end_login"
    with pytest.raises(ValueError, match="one handler, one route"):
        document([*clashing, Route("POST", "/x", clashing[0].handler, Who.USER, "self")])


async def test_it_is_served(http: httpx.AsyncClient) -> None:
    response = await http.get("/api/v1/openapi.json")
    assert response.headers["content-type"] == "application/json"
    assert response.json() == DOCUMENT
