"""Signing out without a server: it ends the login later, and nobody is taken for somebody else."""

import httpx
from browsing import App
from people import somebody
from playwright.async_api import Route, expect

from helpers import PASSWORD


async def sign_out(app: App) -> None:
    await app.page.goto("/settings")
    await app.page.get_by_role("button", name="Sign out", exact=True).click()
    await app.page.get_by_role("button", name="Sign out and forget").click()
    await expect(app.page.get_by_role("button", name="Sign in")).to_be_visible()


async def cookies(app: App) -> list[str]:
    return [each["value"] for each in await app.page.context.cookies() if each["name"] == "reptrail_login"]


async def is_ended(app: App, cookie: str) -> bool:
    """Whether a login that a browser had is none any more."""
    headers = {"Cookie": f"reptrail_login={cookie}"}
    async with httpx.AsyncClient(base_url=f"{app.site.url}/api/v1", headers=headers, timeout=30) as client:
        return (await client.get("/me")).status_code == 401


async def test_who_signs_out_without_a_server_is_signed_out_there_when_it_is_back(app: App) -> None:
    [cookie] = await cookies(app)
    app.site.kill()
    await sign_out(app)
    assert await cookies(app) == [cookie]
    await app.reload()
    await expect(app.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert await app.page.evaluate("async () => (await indexedDB.databases()).map((each) => each.name)") == []
    app.site.start()
    assert not await is_ended(app, cookie)
    for _ in range(600):
        if not await cookies(app):
            break
        await app.page.wait_for_timeout(100)
    assert await cookies(app) == []
    assert await is_ended(app, cookie)
    assert await app.page.evaluate("Object.keys(localStorage)") == []


async def test_whoever_signs_in_next_is_nobody_else(app: App) -> None:
    bea = await somebody(app, "Bea")
    [cookie] = await cookies(app)
    await app.start_empty()
    await expect(app.page.get_by_role("button", name="Add exercise").first).to_be_visible()
    await app.saved()
    asked: list[str] = []
    app.page.on("request", lambda request: asked.append(f"{request.method} {request.url.partition('/api/v1')[2]}"))

    async def hang(route: Route) -> None:
        await route.abort("connectionreset")

    await app.page.route("**/auth/logout", hang)
    await sign_out(app)
    # The first one is not ended yet: so nobody else is let in.
    asked.clear()
    await app.page.get_by_label("E-mail address").fill(bea.email)
    await app.page.get_by_label("Password").fill(PASSWORD)
    await app.page.get_by_role("button", name="Sign in").click()
    await expect(app.page.get_by_role("alert")).to_be_visible()
    assert not [each for each in asked if "login" in each]
    await app.page.unroute("**/auth/logout")
    asked.clear()
    await app.page.get_by_role("button", name="Sign in").click()
    await app.saved()
    spoken = [each for each in asked if each.startswith(("POST /auth", "GET /", "POST /athletes"))]
    assert spoken[:2] == ["POST /auth/logout", "POST /auth/login"]
    assert await is_ended(app, cookie)
    await expect(app.page.get_by_text("Continue")).to_have_count(0)
    app.email = bea.email
    await app.page.goto("/settings")
    await expect(app.page.get_by_text(bea.email)).to_be_visible()
    assert await app.sessions() == []
    [now] = await cookies(app)
    assert not await is_ended(app, now)
