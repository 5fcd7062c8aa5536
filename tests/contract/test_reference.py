"""The pages the server renders itself: whole, escaped, and with nothing that a strict policy would refuse."""

import copy
import json
import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from good_requests import name_of
from reptrail.demo import store
from reptrail.errors import PROBLEMS
from reptrail.http import reference
from reptrail.http.bodies import BodyDecoder
from reptrail.http.edge import Route, signature
from reptrail.http.examples import example
from reptrail.http.openapi import openapi_bytes
from reptrail.routes import ROUTES

DOCUMENT: dict[str, Any] = json.loads(openapi_bytes())
VOID = {"meta", "link", "img", "wbr", "br", "hr", "input"}


class Page(HTMLParser):
    """A page's ids, links and elements; complains of what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


PAGES = ["/api", "/api/docs"]


@pytest.mark.parametrize("address", PAGES)
async def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(http: httpx.AsyncClient, address: str) -> None:
    response = await http.get(address)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "'unsafe" not in response.headers["content-security-policy"]
    assert "default-src 'none'" in response.headers["content-security-policy"]
    page = Page(response.text)
    assert page.tags & {"script", "style", "iframe", "form", "object", "embed"} == set()
    assert {name for name in page.attributes if name == "style" or name.startswith("on")} == set()
    assert [link for link in page.links if not link.startswith(("/", "#")) or link.startswith("//")] == []


@pytest.mark.parametrize("address", PAGES)
async def test_every_link_leads_somewhere(http: httpx.AsyncClient, address: str) -> None:
    pages = {other: Page((await http.get(other)).text) for other in PAGES}
    for link in set(pages[address].links):
        path, _, fragment = link.partition("#")
        if fragment:
            assert fragment in pages[path or address].ids, link
        else:
            assert (await http.get(path)).status_code == 200, link
    assert len(set(pages[address].ids)) == len(pages[address].ids)


async def test_the_reference_tells_of_everything(http: httpx.AsyncClient) -> None:
    page = Page((await http.get("/api/docs")).text)
    for methods in DOCUMENT["paths"].values():
        assert {operation["operationId"] for operation in methods.values()} <= set(page.ids)
    assert {f"schema-{name}" for name in DOCUMENT["components"]["schemas"]} <= set(page.ids)
    assert {route.path for route in ROUTES if route.path not in page.text} == set()
    assert {f"problem-{slug}" for slug in PROBLEMS if slug in json.dumps(DOCUMENT["paths"])} <= set(page.ids)


def test_everything_is_escaped() -> None:
    evil = "<script>alert('&\"')</script>"
    document = copy.deepcopy(DOCUMENT)

    def poison(part: Any) -> None:
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            if isinstance(value, (dict, list)):
                poison(value)
            elif isinstance(value, str) and key in ("summary", "description", "title", "version", "x-reptrail-scope", "format"):
                part[key] = value + evil

    poison(document)
    text = reference.Reference(document).page()
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    Page(text)


@pytest.mark.parametrize("name", ["reference.css", "icon.svg"])
async def test_a_static_file_is_served(http: httpx.AsyncClient, name: str) -> None:
    response = await http.get(f"/static/{name}")
    assert response.status_code == 200
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["x.css", "reference.py", "..%2fedge.py", "%2e%2e%2fsite.py", "reference.css%00", ""])
async def test_nothing_else_is(http: httpx.AsyncClient, name: str) -> None:
    assert (await http.get(f"/static/{name}")).status_code == 404


def test_the_style_sheet_asks_nobody_else() -> None:
    css = (reference.static("reference.css") or b"").decode()
    assert re.findall(r"url\(|@import", css) == []


@pytest.mark.parametrize("route", [r for r in ROUTES if signature(r).body is not None], ids=name_of)
def test_an_example_is_a_good_body(route: Route) -> None:
    operation = DOCUMENT["paths"][route.path][route.method.lower()]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    made = example(schema, DOCUMENT["components"]["schemas"])
    assert made, "says nothing: give it fields to show in http/examples.py"
    BodyDecoder(signature(route).body).decode(json.dumps(made).encode())


async def test_the_page_of_the_api_names_the_demonstration_athlete(http: httpx.AsyncClient) -> None:
    assert (reference.DEMO_EMAIL, reference.DEMO_PASSWORD) == (store.EMAIL, store.PASSWORD)
    page = Page((await http.get("/api")).text)
    assert store.EMAIL in page.text
    assert "make run" in page.text
