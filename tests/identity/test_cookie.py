"""The browser's login: a cookie no script can read, that alone writes nothing."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import httpx
import pytest
from litestar import Litestar

from helpers import PASSWORD, Person, problem
from reptrail.http.actor import LOGIN_COOKIE, WEB_HEADER

WEB = {WEB_HEADER: "1"}
V1 = "/api/v1"


@pytest.fixture
async def browser(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A client that keeps cookies, of its own."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def log_in(browser: httpx.AsyncClient, athlete: Person) -> httpx.Response:
    response = await browser.post(f"{V1}/auth/login", json={"email": athlete.email, "password": PASSWORD}, headers=WEB)
    assert response.status_code == 200, response.text
    return response


def cookie_of(response: httpx.Response) -> dict[str, str]:
    morsel = SimpleCookie(response.headers["set-cookie"])[LOGIN_COOKIE]
    return {name: value for name, value in morsel.items() if value} | {"value": morsel.value}


async def test_a_browser_gets_a_cookie_and_no_tokens(browser: httpx.AsyncClient, athlete: Person) -> None:
    response = await log_in(browser, athlete)
    assert (response.json()["access_token"], response.json()["refresh_token"]) == (None, None)
    cookie = cookie_of(response)
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["max-age"]) == ("Strict", V1, str(60 * 86_400))
    assert "secure" not in cookie
    me = await browser.get(f"{V1}/me")
    assert me.json()["id"] == athlete.user_id


async def test_over_https_the_cookie_never_leaves_it(app: Litestar, athlete: Person) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://test") as browser:
        assert cookie_of(await log_in(browser, athlete))["secure"]


async def test_registering_in_a_browser_gives_the_cookie_too(browser: httpx.AsyncClient, athlete: Person) -> None:
    body = {"email": f"web-{athlete.email}", "password": PASSWORD, "display_name": "Ann"}
    response = await browser.post(f"{V1}/auth/register", json=body, headers=WEB)
    assert response.status_code == 201
    assert (await browser.get(f"{V1}/me")).json()["id"] == response.json()["user"]["id"]


async def test_a_cookie_alone_writes_nothing(browser: httpx.AsyncClient, athlete: Person) -> None:
    await log_in(browser, athlete)
    problem(await browser.patch(f"{V1}/me", json={"display_name": "Eve"}), 401, "unauthenticated")
    assert (await browser.get(f"{V1}/me")).json()["display_name"] == "athlete"
    changed = await browser.patch(f"{V1}/me", json={"display_name": "Ben"}, headers=WEB)
    assert changed.json()["display_name"] == "Ben"


@pytest.mark.parametrize("value", ["", "nonsense", "rtp_AAAA", "a.b.c"])
async def test_a_cookie_that_is_not_good_is_refused(browser: httpx.AsyncClient, value: str) -> None:
    problem(await browser.get(f"{V1}/me", headers={"cookie": f"{LOGIN_COOKIE}={value}"}), 401, "unauthenticated")


async def test_an_api_token_is_no_cookie(browser: httpx.AsyncClient, athlete: Person) -> None:
    made = await athlete.post(f"{V1}/me/tokens", {"name": "phone", "scopes": ["account:read"]})
    cookie = {"cookie": f"{LOGIN_COOKIE}={made.json()['token']}"}
    problem(await browser.get(f"{V1}/me", headers=cookie), 401, "unauthenticated")


async def test_logging_out_ends_the_login_and_the_cookie(browser: httpx.AsyncClient, athlete: Person) -> None:
    kept = cookie_of(await log_in(browser, athlete))["value"]
    response = await browser.post(f"{V1}/auth/logout", headers=WEB)
    assert cookie_of(response)["max-age"] == "0"
    assert LOGIN_COOKIE not in browser.cookies
    problem(await browser.get(f"{V1}/me", headers={"cookie": f"{LOGIN_COOKIE}={kept}"}), 401, "unauthenticated")


async def test_renewing_moves_the_end_of_the_login(browser: httpx.AsyncClient, athlete: Person) -> None:
    await log_in(browser, athlete)
    before = next(each for each in (await browser.get(f"{V1}/me/logins")).json()["items"] if each["is_current"])
    response = await browser.post(f"{V1}/auth/renew", headers=WEB)
    assert cookie_of(response)["max-age"] == str(60 * 86_400)
    after = next(each for each in (await browser.get(f"{V1}/me/logins")).json()["items"] if each["is_current"])
    assert after["expires_at"] > before["expires_at"]
