"""The app for those who do not see it well or touch it well.

What is looked for on every screen is in faults.py, the screens are in screens.py.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from browsing import DESK, PHONE, App
from faults import AXE, find_faults, find_narrow_faults
from playwright.async_api import Browser, expect
from screens import SCREENS, train_once

from serving import Serving

FOCUSED = """() => {
    const at = document.activeElement;
    const name = at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.textContent;
    return name.trim().replace(/\\s+/g, ' ');
}"""


@pytest.fixture(autouse=True)
def _needs_axe() -> None:
    if not AXE.is_file():
        pytest.skip("no node_modules: make web")


@pytest.fixture(scope="module")
async def visitor(browser: Browser, site: Serving) -> AsyncIterator[App]:
    """The athlete who goes to every screen, on one device: to register anew for each would take most of the time."""
    if site.process is None or site.process.poll() is not None:
        site.start()
    context = await browser.new_context(**PHONE, base_url=site.url)
    app = App(await context.new_page(), site)
    await app.register()
    await train_once(app)
    yield app
    await context.close()
    assert app.errors == []


async def test_the_way_in(open_app: Callable[..., Awaitable[App]]) -> None:
    app = await open_app()
    await app.page.goto("/")
    await expect(app.page.get_by_role("button", name="Sign in")).to_be_visible()
    faults = await find_faults(app, "sign in")
    await app.page.get_by_role("button", name="Make an account").click()
    assert faults + await find_faults(app, "register") + await find_narrow_faults(app, "register") == []


async def test_the_first_screen_of_a_new_athlete(app: App) -> None:
    await expect(app.page.get_by_role("link", name="Choose a program")).to_be_visible()
    assert await find_faults(app, "first") == []


@pytest.mark.parametrize("screen", SCREENS)
async def test_a_screen(visitor: App, screen: str) -> None:
    """A new screen is one entry in screens.py."""
    await SCREENS[screen](visitor)
    faults = await find_faults(visitor, screen)
    if not (await visitor.page.title()).endswith(" · Reptrail"):
        faults.append(f"{screen}: the window has no title of its own")
    faults += await find_narrow_faults(visitor, screen)
    assert not faults, "\n".join(faults)


async def _tab_to(app: App, name: str, *, within: int = 60) -> None:
    """Presses Tab until something of this name has the focus, and it is seen to have it."""
    for _ in range(within):
        await app.page.keyboard.press("Tab")
        if (await app.page.evaluate(FOCUSED)).startswith(name):
            outline = await app.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{name}: nobody sees that it has the focus"
            return
    pytest.fail(f"no Tab leads to {name}")


async def test_a_workout_is_logged_by_keyboard_alone(open_app: Callable[..., Awaitable[App]]) -> None:
    app = await open_app(**DESK)
    await app.register()
    keyboard = app.page.keyboard
    await _tab_to(app, "Start empty")
    await keyboard.press("Enter")
    await expect(app.page.get_by_role("heading", name="No exercise yet")).to_be_visible()
    await _tab_to(app, "Add exercise")
    await keyboard.press("Enter")
    await expect(app.page.get_by_label("Name of the exercise")).to_be_focused()
    await keyboard.type("bench press barbell")
    await expect(app.page.get_by_role("dialog").get_by_role("button", name="Bench Press (Barbell)").first).to_be_visible()
    await _tab_to(app, "Bench Press (Barbell)")
    await keyboard.press("Enter")
    await expect(app.page.get_by_role("dialog")).to_be_hidden()
    await _tab_to(app, "Weight (kg)")
    await keyboard.type("60")
    await _tab_to(app, "Reps")
    await keyboard.type("5")
    await keyboard.press("ArrowUp")
    await _tab_to(app, "Log set")
    await keyboard.press("Enter")
    await expect(app.page.get_by_role("button", name="Edit set")).to_have_count(1)
    await _tab_to(app, "Undo")
    await keyboard.press("Enter")
    await expect(app.page.get_by_role("button", name="Edit set")).to_have_count(0)
    await _tab_to(app, "Log set")
    await keyboard.press("Enter")
    await expect(app.page.get_by_role("button", name="Edit set")).to_have_count(1)
    await _tab_to(app, "Finish")
    await keyboard.press("Enter")
    await expect(app.page.get_by_role("dialog")).to_be_visible()
    await _tab_to(app, "Save workout")
    await keyboard.press("Enter")
    await app.page.wait_for_url("**/done")
    await app.saved()
    (session,) = await app.sessions()
    assert [(each["reps"], each["weight"]) for each in session["performances"][0]["sets"]] == [(6, 60)]


async def test_the_focus_follows_to_the_heading_of_a_screen(open_app: Callable[..., Awaitable[App]]) -> None:
    app = await open_app(**DESK)
    await app.register()
    for name, heading in (("History", "History"), ("Programs", "Programs"), ("Settings", "Settings")):
        await app.page.get_by_role("link", name=name, exact=True).click()
        await expect(app.page.get_by_role("heading", name=heading, level=1)).to_be_focused()
        await expect(app.page).to_have_title(f"{heading} · Reptrail")


async def test_the_first_tab_skips_to_the_page(open_app: Callable[..., Awaitable[App]]) -> None:
    app = await open_app(**DESK)
    await app.register()
    await app.page.goto("/history")
    await expect(app.page.get_by_role("heading", name="History", level=1)).to_be_visible()
    await app.page.keyboard.press("Tab")
    assert await app.page.evaluate(FOCUSED) == "Skip to the page"
    await app.page.keyboard.press("Enter")
    await expect(app.page.locator("main")).to_be_focused()


async def test_a_dialog_keeps_the_focus_and_gives_it_back(open_app: Callable[..., Awaitable[App]]) -> None:
    app = await open_app(**DESK)
    await app.register()
    await app.page.goto("/settings")
    opener = app.page.get_by_role("button", name="Sign out", exact=True)
    await opener.click()
    dialog = app.page.get_by_role("dialog", name="Sign out")
    await expect(dialog).to_be_visible()
    for _ in range(8):
        await app.page.keyboard.press("Tab")
        # The browser's own controls come in between; what is behind the dialog never does.
        assert await app.page.evaluate("!document.activeElement.closest('main') || !!document.activeElement.closest('dialog')")
    await app.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(opener).to_be_focused()
