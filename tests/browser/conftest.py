"""A real Chromium on a real server: the app as people use it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from browsing import ARGUMENTS, PHONE, App, NewApp
from playwright.async_api import Browser, async_playwright, expect

from reptrail.http import web
from serving import Serving, free_port

# How long something may take to be on the screen is judged by tests of speed alone: a busy machine is no fault of the app.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker(pytest.mark.embedded)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program. Where it must not be missing, REPTRAIL_TEST_BROWSER says "required"."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    missing = "no chromium on PATH" if program is None else None if web.is_built() else "the app is not built: make web"
    if missing and os.environ.get("REPTRAIL_TEST_BROWSER") == "required":
        pytest.fail(missing)
    if program is None or missing:
        pytest.skip(missing or "")
    return program


@pytest.fixture(scope="session")
def site() -> Iterator[Serving]:
    """A server that the tests of a worker share; each registers people of its own."""
    with tempfile.TemporaryDirectory(prefix="rtb", ignore_cleanup_errors=True) as directory:
        made = Serving(Path(directory), free_port())
        try:
            made.start()
            yield made
        finally:
            made.clean_up()


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield made
        await made.close()


@pytest.fixture
async def open_app(browser: Browser, site: Serving) -> AsyncIterator[NewApp]:
    """Opens the app on a device of its own (a phone, unless said otherwise); at the end no device may have seen an error."""
    if site.process is None or site.process.poll() is not None:
        site.start()
    opened: list[App] = []

    async def open_(**device: object) -> App:
        context = await browser.new_context(**{**PHONE, **device}, base_url=site.url)  # type: ignore[arg-type]
        app = App(await context.new_page(), site)
        opened.append(app)
        return app

    yield open_
    for app in opened:
        await app.page.context.close()
    assert [error for app in opened for error in app.errors] == []


@pytest.fixture
async def app(open_app: NewApp) -> App:
    """A phone with a new athlete signed in and everything fetched."""
    made = await open_app()
    await made.register()
    return made
