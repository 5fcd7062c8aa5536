"""What could lie where nobody sees or finds it: a message under a dialog, a way to another screen."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from browsing import DESK, PHONE, App
from playwright.async_api import expect

NewApp = Callable[..., Awaitable[App]]
SLOW_MS = 30_000


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
async def test_a_message_stands_over_an_open_dialog(open_app: NewApp, device: dict[str, Any]) -> None:
    app = await open_app(**device)
    await app.register()
    page = app.page
    await page.goto("/programs")
    await page.locator("a.program").first.click()
    await page.get_by_role("button", name="Start this program").click(timeout=SLOW_MS)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Plan my training").click()
    message = page.get_by_text("This needs the server")
    await expect(message).to_be_visible()
    # Nothing lies over it, and it stands there once.
    await message.click(trial=True)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await message.click(trial=True)


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
async def test_sharing_and_coaching_are_found_from_the_menu_and_left_again(open_app: NewApp, device: dict[str, Any]) -> None:
    app = await open_app(**device)
    await app.register()
    page = app.page
    menu = page.get_by_role("navigation", name="Main")
    await menu.get_by_role("link", name="Settings").click()
    await page.get_by_role("link", name="Sharing").click()
    await expect(page.get_by_role("heading", name="Sharing", level=1)).to_be_visible()
    await expect(menu.locator("[aria-current=page]")).to_have_text("Settings")
    await page.get_by_role("link", name="Back to settings").click()
    await page.get_by_role("link", name="Coach").click()
    await expect(page.get_by_role("heading", name="Coach", level=1)).to_be_visible()


async def test_body_weight_on_today_leads_to_its_trend(app: App) -> None:
    await app.page.get_by_role("link", name="Body weight").click()
    await expect(app.page.get_by_role("heading", name="Body Weight", level=1)).to_be_visible()
