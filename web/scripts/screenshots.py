"""Pictures of every screen, of the demonstration athlete on a scratch server: `make screenshots` writes docs/screenshots/.

Each screen on a phone, light and dark, and on a desk. `--url` takes a server that runs already, `--only` screens by their name.
"""

import argparse
import asyncio
import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from coaching_shots import COACHING, SHARING
from playwright.async_api import Browser, Page, async_playwright, expect

ROOT = Path(__file__).parents[2]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {**PHONE, "color_scheme": "light"},
    "phone-dark": {**PHONE, "color_scheme": "dark"},
    "desk": {**DESK, "color_scheme": "light"},
}
READY_WITHIN_SECONDS = 90
SHOT_MS = 30_000
PALETTE = (Path(__file__).parent / "palette.js").read_text(encoding="utf-8")
EXPORT = """Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE
2024-03-04 18:00:00,"Monday",1h,"Bench Press (Barbell)",1,60.0,5,0,0,"","",
2024-03-04 18:00:00,"Monday",1h,"Bench Press (Barbell)",2,62.5,5,0,0,"","",8
2024-03-04 18:00:00,"Monday",1h,"Wobbly Press",1,20.0,ten,0,0,"","",
2024-03-06 18:00:00,"Wednesday",1h,"Wobbly Press",1,20.0,12,0,0,"","",
"""
Step = Callable[[Page], Awaitable[None]]


async def _fold(page: Page, title: str) -> None:
    await page.locator("summary", has_text=title).click()


async def _program(page: Page) -> None:
    await page.goto("/programs")
    await page.locator("a.program", has_text="Five by Five").first.click()
    await expect(page.get_by_role("button", name="Start this program")).to_be_visible()


async def _session(page: Page) -> None:
    await page.goto("/history")
    await page.locator("main a.item").first.click()
    await expect(page.locator("main h2").first).to_be_visible()


async def _training(page: Page) -> None:
    """The planned session, started once and then gone on with."""
    await page.goto("/")
    going_on = page.get_by_role("link", name="Continue")
    start = page.get_by_role("button", name="Start", exact=True).first
    await expect(going_on.or_(start).first).to_be_visible()
    await (going_on if await going_on.count() else start).click()
    await expect(page.get_by_role("button", name="Log set")).to_be_visible()
    if not await page.get_by_role("button", name="Edit set").count():
        await page.get_by_role("button", name="Log set").click()
    await expect(page.get_by_role("button", name="Edit set").first).to_be_visible()


async def _picker(page: Page) -> None:
    await _training(page)
    await page.get_by_role("button", name="Add exercise").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def _finish(page: Page) -> None:
    await _training(page)
    await page.get_by_role("button", name="Finish", exact=True).first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def _equipment(page: Page) -> None:
    await page.goto("/settings")
    await _fold(page, "Plates and dumbbells")
    await expect(page.get_by_role("button", name="Save")).to_be_visible()


async def _enroll(page: Page) -> None:
    await _program(page)
    await page.get_by_role("button", name="Start this program").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def _programs(page: Page) -> None:
    await page.goto("/programs")
    await expect(page.locator("a.program").first).to_be_visible()


async def _editor(page: Page) -> None:
    """The editor with a program of some weeks: once copied, the copy is edited."""
    await page.goto("/programs")
    await expect(page.locator("a.program").first).to_be_visible()
    await page.locator("a.program", has_text="Weekly Wave", has_not_text="Yours").click()
    await page.get_by_role("button", name="Copy and edit").click()
    await expect(page.get_by_role("button", name="Add a workout")).to_be_visible()


async def _workouts(page: Page) -> None:
    await page.goto("/workouts")
    await expect(page.get_by_role("region", name="Built in")).to_be_visible()


async def _workout(page: Page) -> None:
    """The workout of one's own that was done last."""
    await _workouts(page)
    await page.get_by_role("region", name="Your workouts").get_by_role("link").first.click()
    await expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible()


async def _workout_editor(page: Page) -> None:
    """What was trained last, on its way to a workout."""
    await _session(page)
    await page.get_by_role("link", name="Save as a workout").click()
    await expect(page.get_by_text("These are the sets you did")).to_be_visible()


async def _preview(page: Page) -> None:
    await page.goto("/import")
    await page.get_by_label("Weights without a unit are in").select_option("kg")
    await page.get_by_label("Choose a file").set_input_files(
        {"name": "strong.csv", "mimeType": "text/csv", "buffer": EXPORT.encode()}
    )
    await expect(page.get_by_role("button", name="Import it")).to_be_visible()


async def _tokens(page: Page) -> None:
    await page.goto("/settings")
    await _fold(page, "API tokens")
    await expect(page.get_by_role("button", name="Make a token")).to_be_visible()
    await page.get_by_role("heading", name="API tokens").scroll_into_view_if_needed()


async def _today(page: Page) -> None:
    await page.goto("/")
    await expect(page.locator("a.tile")).to_be_visible()


async def _history(page: Page) -> None:
    await page.goto("/history")
    await expect(page.locator("main a.item").first).to_be_visible()


def _progress(path: str, heading: str) -> Step:
    async def go(page: Page) -> None:
        await page.goto(f"/progress/{path}".rstrip("/"))
        await expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        await expect(page.get_by_text("As of").first).to_be_visible()

    return go


async def _exercise(page: Page) -> None:
    await page.goto("/progress")
    await page.get_by_role("link", name="Bench Press (Barbell)").first.click()
    await expect(page.get_by_role("heading", name="Records that stand")).to_be_visible()


async def _goals(page: Page) -> None:
    """Two goals, set once."""
    await page.goto("/progress/goals")
    await expect(page.get_by_role("heading", name="Goals", exact=True)).to_be_visible()
    await expect(page.get_by_text("As of").or_(page.get_by_text("No goals yet"))).to_be_visible()
    for kind, target in () if await page.locator("a.goal").count() else (("A measurement", "80.5"), ("A lift", "120")):
        await page.get_by_role("button", name="Set a goal").click()
        await page.get_by_role("radio", name=kind).check()
        await page.get_by_label("Target (kg)", exact=True).fill(target)
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("link", name=f"{target} kg by")).to_contain_text("of the way")


async def _goal(page: Page) -> None:
    await _goals(page)
    await page.get_by_role("link", name="80.5 kg by").click()
    await expect(page.get_by_text("The chance of standing")).to_be_visible()
    # What was measured is a report of its own.
    await expect(page.locator("figure svg circle").nth(20)).to_be_visible()


def _at(path: str) -> Step:
    async def go(page: Page) -> None:
        await page.goto(path)
        await expect(page.locator("main h1").first).to_be_visible()

    return go


# In this order: what comes later may see what was done before.
SCREENS: dict[str, Step] = {
    "today": _today,
    "history": _history,
    "session": _session,
    "progress": _progress("", "Hard sets by week"),
    "exercise": _exercise,
    "records": _progress("records", "Bench Press (Barbell)"),
    "muscles": _progress("muscles", "Balance"),
    "load": _progress("load", "Fitness and fatigue"),
    "year": _progress("year", "Day by day"),
    "body": _progress("body", "Body composition"),
    "metric": _progress("body/body-weight", "All measurements"),
    "goals": _goals,
    "goal": _goal,
    "programs": _programs,
    "program": _program,
    "enroll": _enroll,
    "editor": _editor,
    "workouts": _workouts,
    "workout": _workout,
    "workout-editor": _workout_editor,
    "import": _preview,
    "settings": _at("/settings"),
    "equipment": _equipment,
    "tokens": _tokens,
    "sync": _at("/waiting"),
    **SHARING,
    "training": _training,
    "picker": _picker,
    "finish": _finish,
    **COACHING,
}


async def _shoot(page: Page, out: Path, name: str, look: str, smaller: Page) -> None:
    await page.evaluate("document.fonts.ready")
    await expect(page.get_by_text("Loading …")).to_have_count(0)
    taken = await page.screenshot(animations="disabled", timeout=SHOT_MS)
    packed: str = await smaller.evaluate(PALETTE, base64.b64encode(taken).decode())
    (out / f"{name}-{look}.png").write_bytes(base64.b64decode(packed))


@asynccontextmanager
async def _tab(browser: Browser, url: str, look: str) -> AsyncIterator[Page]:
    context = await browser.new_context(**LOOKS[look], base_url=url, locale="en-GB", timezone_id="Europe/Berlin")
    context.set_default_timeout(SHOT_MS)
    yield await context.new_page()
    await context.close()


async def shoot(url: str, out: Path, only: list[str]) -> None:
    """Takes the pictures."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--headless", "--no-sandbox", "--disable-gpu"])
        smaller = await browser.new_page()
        for look in LOOKS:
            async with _tab(browser, url, look) as page:
                await page.goto("/")
                look_around = page.get_by_role("button", name="Look around")
                await expect(look_around).to_be_visible()
                if not only or "welcome" in only:
                    await _shoot(page, out, "welcome", look, smaller)
                await look_around.click()
                # The last workout stands there once everything has been fetched.
                await expect(page.locator("a.tile")).to_be_visible(timeout=90_000)
                await expect(page.get_by_role("link", name="Sync: Saved")).to_be_visible(timeout=90_000)
                await expect(page.get_by_role("progressbar")).to_have_count(0)
                for name, go in SCREENS.items():
                    if not only or name in only:
                        await go(page)
                        await _shoot(page, out, name, look, smaller)
        await browser.close()


@contextmanager
def _server() -> Iterator[str]:
    """A server with the demonstration athlete, on a data directory that goes with it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="rtshots", ignore_cleanup_errors=True) as directory:
        command = [str(Path(sys.executable).parent / "reptrail"), "serve", "--demo", "--port", str(port), "--data-dir", directory]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("REPTRAIL_")}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/readyz", process)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.url:
        asyncio.run(shoot(given.url, given.out, given.only))
        return
    with _server() as url:
        asyncio.run(shoot(url, given.out, given.only))


if __name__ == "__main__":
    main()
