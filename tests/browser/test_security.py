"""What the browser is told about the app, and that the app speaks to nobody but its own server."""

import re
from urllib.parse import urlsplit

import httpx
import pytest
from browsing import App
from playwright.async_api import Request, expect

from helpers import PASSWORD
from serving import Serving

pytestmark = pytest.mark.usefixtures("chromium")
PAGE = {"accept": "text/html"}


def _get(site: Serving, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{site.url}{path}", headers=headers, timeout=30)


def _policy(answer: httpx.Response) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";")]
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/history", "/train/0190f3c0-0000-7000-8000-000000000000", "/sw.js", "/theme.js"]
)
def test_every_page_and_program_comes_with_its_headers(site: Serving, path: str) -> None:
    answer = _get(site, path, **PAGE)
    assert answer.status_code == 200
    policy = _policy(answer)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    # It would make the browser begin a process for the page (docs/decisions/0025).
    assert "cross-origin-opener-policy" not in answer.headers
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["cache-control"] == "no-cache"


def test_the_page_has_no_inline_program_or_style(site: Serving) -> None:
    page = _get(site, "/", **PAGE).text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count("<script src=") + page.count("<script type=")
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize("path", ["/assets/gone-12345678.js", "/gone.css", "/icon-1024.png", "/gone.map"])
def test_a_missing_file_is_not_answered_with_the_page(site: Serving, path: str) -> None:
    assert _get(site, path, accept="*/*").status_code == 404
    assert _get(site, path, **PAGE).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/nothing"])
def test_an_unknown_address_of_the_api_stays_a_problem(site: Serving, path: str) -> None:
    answer = _get(site, path, **PAGE)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_hashed_files_are_kept_for_ever_and_others_asked_for(site: Serving) -> None:
    asked = re.findall(r'(?:src|href)="(/assets/[^"]+\.js)"', _get(site, "/", **PAGE).text)
    assert asked
    answer = _get(site, asked[0])
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


async def test_the_login_is_a_cookie_that_no_program_reads_and_no_other_site_sends(app: App) -> None:
    (cookie,) = [each for each in await app.page.context.cookies() if each["name"] == "reptrail_login"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert cookie["path"] == "/api/v1"
    assert await app.page.evaluate("document.cookie") == ""
    kept = await app.page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
    assert PASSWORD not in kept
    assert "token" not in kept


async def test_a_write_with_the_cookie_alone_is_refused(app: App) -> None:
    # What another site's form or picture could send: the cookie, but not our header.
    status = await app.page.evaluate(
        """async () => {
            const headers = { 'content-type': 'application/json' };
            return (await fetch('/api/v1/me', { method: 'PATCH', body: '{}', headers })).status;
        }"""
    )
    assert status in {401, 403}


async def test_a_whole_tour_asks_no_other_host(app: App) -> None:
    hosts: set[str] = set()

    def hear(request: Request) -> None:
        if request.url.startswith(("http", "ws")):
            hosts.add(urlsplit(request.url).netloc)

    app.page.context.on("request", hear)
    await app.reload()
    await app.start_empty()
    await app.add_exercise("Bench Press (Barbell)")
    await app.log(5, 60)
    for path in ("/", "/history", "/programs", "/import", "/settings", "/waiting"):
        await app.page.goto(path)
        await expect(app.page.locator("main h1").first).to_be_visible()
    assert hosts == {urlsplit(app.site.url).netloc}


async def test_an_inline_program_does_not_run(app: App) -> None:
    ran = await app.page.evaluate(
        """() => {
            const made = document.createElement('script');
            made.textContent = 'window.ran = true';
            document.body.append(made);
            return window.ran ?? false;
        }"""
    )
    assert ran is False
    app.errors[:] = [error for error in app.errors if "Content Security Policy" not in error]
