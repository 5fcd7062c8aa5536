"""A device that has nothing yet: a frame before any script, nothing that moves, nothing false, all of it in the end."""

from asyncio import Event
from typing import Any

import pytest
from browsing import DESK, PHONE, App, NewApp
from playwright.async_api import Browser, Page, Route, expect

from good_requests.base import BENCH_PRESS
from serving import Serving

SESSIONS, SETS = 30, 20
# A layout shift that nobody sees: a word in a pill that is shorter than the one before.
ROUNDING = 0.002
TABLES = ("user_workout_session", "user_exercise_performance", "user_set_performance")
# Beside the rows: the login stays.
FORGET = "indexeddb,cache_storage,service_workers"
DEVICES = {"phone": PHONE, "desk": DESK}
SHIFTS = """
    globalThis.moved = [];
    new PerformanceObserver((list) => {
        for (const each of list.getEntries()) {
            const what = each.sources.map(({ node, previousRect, currentRect }) =>
                `${node?.nodeName}.${node?.className} ${previousRect.x},${previousRect.y} to ${currentRect.x},${currentRect.y}`);
            if (!each.hadRecentInput) globalThis.moved.push([each.value, ...what]);
        }
    }).observe({ type: 'layout-shift', buffered: true });
"""


async def train(app: App, sessions: int = SESSIONS) -> str:
    """Workouts of the last weeks, done on another device, and one under way; returns the id of that one."""
    row = {"reps": 5, "weight": 80, "weight_unit": "kg"}
    async with app.api() as client:
        for number in range(sessions):
            at = f"2026-{1 + number // 28:02}-{1 + number % 28:02}T17:00:00Z"
            done = {"exercise_id": BENCH_PRESS, "sets": [row] * SETS}
            body = {"session_status": "COMPLETED", "started_at": at, "actual_duration_seconds": 3600, "performances": [done]}
            (await client.post("/athletes/me/sessions", json=body)).raise_for_status()
        started = await client.post("/athletes/me/sessions", json={"session_status": "IN_PROGRESS", "performances": [done]})
        session: str = started.raise_for_status().json()["id"]
        return session


async def forget(app: App) -> None:
    """Leaves of this device's state the login alone."""
    await app.page.goto("about:blank")
    session = await app.page.context.new_cdp_session(app.page)
    await session.send("Storage.clearDataForOrigin", {"origin": app.site.url, "storageTypes": FORGET})
    await session.detach()


async def ids_on_server(app: App) -> dict[str, set[str]]:
    """Every row there is, by a pull of one's own."""
    found: dict[str, set[str]] = {table: set() for table in TABLES}
    async with app.api() as client:
        page: dict[str, Any] = {"has_more": True, "next_since": 0}
        while page["has_more"]:
            page = (await client.get("/athletes/me/sync", params={"since": page["next_since"], "changes": 5000})).json()
            for change in page["changes"]:
                if change["table"] in found and change["row"]:
                    found[change["table"]].add(change["id"])
    return found


async def ids_on_device(app: App) -> dict[str, set[str]]:
    return {table: {row["id"] for row in await app.on_device(table)} for table in TABLES}


class Held:
    """The pages of the pull from the second on wait until they are let go, or never come."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.reached = Event()
        self.free = Event()

    async def begin(self) -> None:
        await self.page.route("**/sync?since=*", self._hold)

    async def _hold(self, route: Route) -> None:
        if "since=0&" not in route.request.url:
            self.reached.set()
            await self.free.wait()
        await route.fallback()

    async def end(self) -> None:
        self.free.set()
        await self.page.unroute("**/sync?since=*", self._hold)


@pytest.mark.parametrize("device", DEVICES)
async def test_the_frame_stands_without_a_script(browser: Browser, site: Serving, device: str) -> None:
    context = await browser.new_context(**DEVICES[device], base_url=site.url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/")
    await expect(page.locator(".shell-tabs")).to_be_visible()
    await expect(page.locator(".shell-tabs svg")).to_have_count(5)
    await expect(page.locator(".shell-main .card.hero")).to_be_visible()
    await expect(page.locator(".shell-train")).to_be_hidden()
    await context.close()


async def test_the_frame_is_of_whoever_is_signed_in_and_goes_when_the_screen_stands(app: App) -> None:
    await expect(app.page.locator("#shell")).to_have_count(0)
    await forget(app)
    await app.page.route("**/assets/*.js", lambda route: route.abort())
    await app.page.goto("/")
    await expect(app.page.locator(".shell-main")).to_be_visible()
    await app.page.goto("/train/01a20274-5c00-7000-8000-000000000001")
    await expect(app.page.locator(".shell-train")).to_be_visible()
    await expect(app.page.locator(".shell-main")).to_be_hidden()
    await app.page.evaluate("localStorage.removeItem('user')")
    await app.page.goto("/")
    await expect(app.page.locator("#shell")).to_be_hidden()


@pytest.mark.parametrize("device", DEVICES)
async def test_nothing_moves_on_a_new_device(open_app: NewApp, device: str) -> None:
    app = await open_app(**DEVICES[device])
    await app.register()
    session = await train(app, 12)
    await app.page.add_init_script(SHIFTS)
    for path, here in (("/", "Continue"), (f"/train/{session}", "Log set"), ("/history", "List")):
        await forget(app)
        await app.page.goto(path)
        await expect(app.page.get_by_text(here, exact=True).first).to_be_visible()
        await app.saved()
        await app.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
        moved: list[list[Any]] = await app.page.evaluate("globalThis.moved")
        assert sum(each[0] for each in moved) <= ROUNDING, (path, moved)


async def test_while_the_years_come_one_trains_and_nothing_false_is_said(app: App) -> None:
    session = await train(app)
    await forget(app)
    held = Held(app.page)
    await held.begin()
    await app.page.goto("/")
    await expect(app.page.get_by_role("link", name="Continue")).to_be_visible()
    await held.reached.wait()
    coming = app.page.get_by_text("Your training is being fetched")
    await expect(coming).to_be_visible()
    await expect(app.page.locator(".tile .big")).to_have_text("\N{EN DASH}")
    await expect(app.page.get_by_text("No workout yet")).to_have_count(0)
    await app.page.get_by_role("link", name="History").click()
    await expect(app.page.locator("main a.item")).to_have_count(8)
    await expect(coming).to_be_visible()
    await app.page.goto("/history/01a20274-5c00-7000-8000-000000000001")
    await expect(app.page.get_by_role("heading", name="Still coming")).to_be_visible()
    await app.page.goto("/history?day=2026-01-15")
    await expect(app.page.get_by_role("heading", name="Thursday")).to_be_visible()
    await expect(coming).to_be_visible()
    await expect(app.page.get_by_text("No workout on this day")).to_have_count(0)
    await app.page.goto("/workouts")
    await expect(app.page.locator(".choice").first).to_be_visible()
    await expect(coming).to_be_visible()
    for false in ("No workout of your own yet", "not done yet"):
        await expect(app.page.get_by_text(false)).to_have_count(0)
    await app.page.goto(f"/train/{session}")
    await app.log(6, 500)
    await expect(app.page.get_by_text("record", exact=False)).to_have_count(0)
    await held.end()
    await app.saved()
    await app.page.goto("/history")
    await expect(app.page.locator("main a.item")).to_have_count(SESSIONS)
    await expect(coming).to_have_count(0)
    assert await ids_on_device(app) == await ids_on_server(app)


async def test_a_first_time_that_is_broken_off_ends_with_all_of_it(app: App) -> None:
    await train(app)
    await forget(app)
    held = Held(app.page)
    await held.begin()
    await app.page.goto("/")
    await held.reached.wait()
    app.site.kill()
    await held.end()
    await expect(app.page.get_by_text("The server cannot be reached")).to_be_visible()
    await expect(app.page.get_by_role("link", name="Continue")).to_be_visible()
    app.site.start()
    again = Held(app.page)
    await again.begin()
    await app.page.goto("/")
    await again.reached.wait()
    await expect(app.page.get_by_role("link", name="Continue")).to_be_visible()
    await again.end()
    await app.page.reload()
    await app.saved()
    assert await ids_on_device(app) == await ids_on_server(app)
    await expect(app.page.get_by_text("Your training is being fetched")).to_have_count(0)


async def test_the_app_comes_in_few_files_compressed_and_kept_for_ever(app: App) -> None:
    await forget(app)
    answers: list[Any] = []
    app.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks what it calls
    await app.page.goto("/")
    await app.saved()
    programs = [each for each in answers if "/assets/" in each.url and each.url.endswith(".js") and not each.from_service_worker]
    first = await programs[0].all_headers()
    assert first["content-encoding"] in {"br", "gzip"}
    assert "immutable" in first["cache-control"]
    assert "accept-encoding" in first["vary"].lower()
    before = [each for each in programs if each.request.timing["startTime"] < programs[0].request.timing["startTime"] + 1]
    assert len(before) <= 2
