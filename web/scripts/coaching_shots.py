"""The pictures of coaching and sharing: the demonstration athlete shares with a coach, whose screens come last."""

from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import APIResponse, Page, expect

Step = Callable[[Page], Awaitable[None]]
COACH, PASSWORD = "carla@example.org", "carla's long password"
V1 = "/api/v1"
WEB = {"x-reptrail-web": "1"}

# The ids of the athlete and of the session that was spoken of, once they are there.
_world: dict[str, str] = {}


async def _read(answer: APIResponse) -> Any:
    if not answer.ok:
        raise SystemExit(await answer.text())
    return await answer.json()


async def _call(page: Page, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    answer = await page.request.fetch(f"{V1}{path}", method=method, data=body, headers=headers or WEB)
    return await _read(answer)


async def _coach(page: Page) -> dict[str, str]:
    """The coach's token. Her requests have cookies of their own, so that the athlete stays signed in."""
    if (browser := page.context.browser) is None:
        raise SystemExit("the browser is gone")
    context = await browser.new_context(base_url=await page.evaluate("location.origin"))
    said = {"email": COACH, "password": PASSWORD, "display_name": "Carla Conti", "time_zone": "Europe/Berlin", "weight_unit": "kg"}
    answer = await context.request.post(f"{V1}/auth/register", data=said)
    token = (await _read(answer))["access_token"]
    await context.close()
    return {"Authorization": f"Bearer {token}"}


async def _share(page: Page) -> dict[str, str]:
    """What is to be seen on all of these pictures, made once."""
    if not _world:
        coach = await _coach(page)
        athlete = (await _call(page, "GET", "/me"))["id"]
        version = (await _call(page, "GET", "/consents/current"))["consent_version"]
        scopes = ["training:read", "program:assign", "measurements:read"]
        await _call(page, "POST", "/athletes/me/grants", {"coach_email": COACH, "scopes": scopes, "consent_version": version})
        sessions = f"/athletes/{athlete}/sessions"
        done = (await _call(page, "GET", f"{sessions}?status=COMPLETED&limit=1", headers=coach))["items"][0]["id"]
        said = {"comment_text": "Strong. Keep the elbows under the bar in the last set."}
        await _call(page, "POST", f"{sessions}/{done}/comments", said, coach)
        await _call(page, "POST", f"{sessions}/{done}/comments", {"comment_text": "I will. It felt heavy all the same!"})
        asked = {"email": "robin@example.org", "scopes": ["training:read"], "message": "Shall we begin on Monday?"}
        await _call(page, "POST", "/invitations", asked, coach)
        email = (await _call(page, "GET", "/me"))["email"]
        await _call(page, "POST", "/invitations", {**asked, "email": email, "scopes": [*scopes, "training:write"]}, coach)
        _world.update(athlete=athlete, session=done)
    return _world


async def _sharing(page: Page) -> None:
    await _share(page)
    await page.goto("/sharing")
    await expect(page.get_by_role("heading", name="Carla Conti", exact=True)).to_be_visible()
    await expect(page.get_by_text("workouts and comments")).to_be_visible()


async def _invitation(page: Page) -> None:
    await _sharing(page)
    await page.get_by_role("link", name="asks to be let in").click()
    await expect(page.get_by_role("heading", name="What you consent to")).to_be_visible()


def _of_coach(path: str, shown: str) -> Step:
    async def go(page: Page) -> None:
        if not await page.evaluate("localStorage.getItem('user')?.includes('Carla')"):
            await _share(page)
            await page.context.clear_cookies()
            await page.evaluate("localStorage.removeItem('user')")
            await page.goto("/")
            await page.get_by_label("E-mail address").fill(COACH)
            await page.get_by_label("Password").fill(PASSWORD)
            await page.get_by_role("button", name="Sign in").click()
            await expect(page.get_by_role("link", name="Sync: Saved")).to_be_visible()
        await page.goto(path.format(**_world))
        await expect(page.get_by_text(shown).first).to_be_visible()

    return go


SHARING: dict[str, Step] = {"sharing": _sharing, "invitation": _invitation}
# From here on the coach is signed in.
COACHING: dict[str, Step] = {
    "coach": _of_coach("/coach", "Invitations"),
    "athlete": _of_coach("/coach/{athlete}", "Last four weeks"),
    "athlete-session": _of_coach("/coach/{athlete}/sessions/{session}", "Strong. Keep"),
    "athlete-progress": _of_coach("/coach/{athlete}/progress", "Estimated maxima"),
}
