"""Lighthouse on the app's Today and Training screens, signed in: `python bench/lighthouse.py`.

Two athletes: the demonstration athlete, with two years of history, and one who has registered just now. Each screen is loaded `--runs` times in a
Chromium that has the app and the athlete's rows (`again`), and as often on a device that has nothing yet but the login (`new`), where the app and
all rows are fetched while Lighthouse measures. The medians are held to the bound, and printed with Lighthouse's measure of the machine
(benchmarkIndex: below about 1,000 it is busy or weak). Lighthouse multiplies the time that tasks took by four, waiting for a processor that
others use included; `blocking by processor time` is the same sum of what the page itself used, and of the tasks after the browser's own start of
a process. Lighthouse comes by npx and is no dependency of the app.
"""

import argparse
import asyncio
import json
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, Playwright, async_playwright, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "web" / "scripts"))
from screenshots import _server  # the scratch server with the demonstration athlete

LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices")
METRICS = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
    "speed-index": "SI",
}
LEAST = 0.95
QUIET = ("gpu", "quic", "background-networking", "component-update", "sync")
SLOWER = 4
CLOSE = 5  # microseconds
SCREENS = ("today", "training")
STATES = ("again", "new")
FORGET = "indexeddb,cache_storage,service_workers"


async def _demonstration(page: Page, url: str) -> str:
    """Signs in and starts the workout that is due; returns the address of its screen."""
    await page.goto(url)
    await page.get_by_role("button", name="Look around").click()
    await expect(page.locator("a.tile")).to_be_visible(timeout=120_000)
    await expect(page.get_by_role("link", name="Sync: Saved")).to_be_visible(timeout=120_000)
    going_on = page.get_by_role("link", name="Continue")
    start = page.get_by_role("button", name="Start", exact=True).first
    await expect(going_on.or_(start).first).to_be_visible()
    await (going_on if await going_on.count() else start).click()
    await expect(page.get_by_role("button", name="Log set")).to_be_visible(timeout=60_000)
    return await _kept(page)


async def _registered(page: Page, url: str) -> str:
    """Makes an account and starts an empty workout; returns the address of its screen."""
    await page.goto(url)
    await page.get_by_role("button", name="Make an account").click()
    await page.get_by_label("Name").fill("Ann")
    await page.get_by_label("E-mail address").fill(f"{secrets.token_hex(6)}@example.org")
    await page.get_by_label("Password").fill(secrets.token_hex(12))
    await page.get_by_role("button", name="Register").click()
    await expect(page.get_by_role("link", name="Sync: Saved")).to_be_visible(timeout=120_000)
    await page.get_by_role("button", name="Start empty").click()
    await expect(page.get_by_role("button", name="Add exercise").first).to_be_visible(timeout=60_000)
    return await _kept(page)


async def _kept(page: Page) -> str:
    """Waits until the app and the rows are where they belong, and leaves; returns where that was."""
    await expect(page.get_by_role("link", name="Sync: Saved")).to_be_visible(timeout=60_000)
    await page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    address = page.url
    await page.goto("about:blank")
    return address


async def _forget(context: BrowserContext, page: Page, url: str) -> None:
    """Leaves of this device's state the login alone."""
    session = await context.new_cdp_session(page)
    await session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": FORGET})
    await session.send("Network.clearBrowserCache")
    await session.detach()


async def _run(command: list[str], address: str, port: int, report: Path) -> dict[str, Any]:
    options = [f"--port={port}", "--disable-storage-reset", "--output=json", f"--output-path={report}", "--quiet", "--save-assets"]
    categories = f"--only-categories={','.join(CATEGORIES)}"
    process = await asyncio.create_subprocess_exec(*command, address, *options, categories, stderr=subprocess.PIPE)
    _, said = await asyncio.wait_for(process.communicate(), 180)
    if process.returncode:
        raise SystemExit(said.decode()[-2000:])
    return _read(report)


def _read(report: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    events = json.loads(report.with_name(f"{report.stem}-0.trace.json").read_text(encoding="utf-8"))["traceEvents"]
    found["blocking"] = _blocking(events, found["audits"]["metrics"]["details"]["items"][0]["observedNavigationStartTs"])
    return found


def _blocking(events: list[dict[str, Any]], began: float) -> float:
    """Milliseconds beyond 50 of each task of the page's main thread, by its processor time on a processor four times slower."""
    page = next(each for each in events if each["name"] == "navigationStart" and abs(each["ts"] - began) < CLOSE)
    committed = min(
        (each["ts"] for each in events if each["name"] == "CommitLoad" and each["pid"] == page["pid"] and each["ts"] > began),
        default=began,
    )
    tasks = (each for each in events if each["name"] == "RunTask" and (each["pid"], each["tid"]) == (page["pid"], page["tid"]))
    return sum(max(0.0, SLOWER * each.get("tdur", 0) / 1000 - 50) for each in tasks if each["ts"] + each.get("dur", 0) >= committed)


def _say(name: str, reports: list[dict[str, Any]]) -> bool:
    """Prints the medians; whether all categories reach their bound."""
    scores = {each: statistics.median(report["categories"][each]["score"] for report in reports) for each in CATEGORIES}
    print(f"{name:22}", *(f"{each} {score:.2f}" for each, score in scores.items()), sep="  ")
    metrics = {
        short: statistics.median(report["audits"][each]["numericValue"] for report in reports) for each, short in METRICS.items()
    }
    index = statistics.median(report["environment"]["benchmarkIndex"] for report in reports)
    print(f"{'':22}", *(f"{short} {value:.3g}" for short, value in metrics.items()), f"benchmarkIndex {index:.0f}", sep="  ")
    print(f"{'':22}", f"blocking by processor time {statistics.median(report['blocking'] for report in reports):.0f} ms", sep="  ")
    each_run = [report["categories"]["performance"]["score"] for report in reports]
    print(f"{'':22}", "performance of each run", *each_run)
    for audit in {
        key for report in reports for key, each in report["audits"].items() if each["score"] == 0 and _counts(report, key)
    }:
        print(f"{'':22}", "failed:", audit)
    return min(scores.values()) >= LEAST


def _counts(report: dict[str, Any], audit: str) -> bool:
    return any(ref["id"] == audit and ref["weight"] for each in CATEGORIES for ref in report["categories"][each]["auditRefs"])


ATHLETES: dict[str, Callable[[Page, str], Awaitable[str]]] = {"demo": _demonstration, "registered": _registered}


@dataclass(frozen=True)
class Given:
    """What is measured, how often, and where the reports go."""

    url: str
    command: list[str]
    runs: int
    port: int
    only: str
    keep: Path

    def wants(self, name: str) -> bool:
        return self.only in name


async def measure(given: Given) -> bool:
    """Runs all of it; whether every bound holds."""
    good = True
    async with async_playwright() as playwright:
        for athlete in ATHLETES:
            if any(given.wants(f"{athlete} {screen} {state}") for screen in SCREENS for state in STATES):
                good &= await _measure(playwright, given, athlete)
    return good


async def _measure(playwright: Playwright, given: Given, athlete: str) -> bool:
    """An athlete's screens, in a browser of their own."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    arguments = [
        "--no-sandbox",
        "--no-first-run",
        f"--remote-debugging-port={given.port}",
        *(f"--disable-{name}" for name in QUIET),
    ]
    good = True
    with tempfile.TemporaryDirectory(prefix="rtlh", ignore_cleanup_errors=True) as profile:
        context = await playwright.chromium.launch_persistent_context(
            profile, executable_path=program, headless=True, args=arguments
        )
        page = context.pages[0]
        training = await ATHLETES[athlete](page, given.url)
        for state in STATES:
            for screen, address in zip(SCREENS, (f"{given.url}/", training), strict=True):
                if given.wants(name := f"{athlete} {screen} {state}"):
                    good &= _say(name, [await _one(context, page, given, address, f"{name}-{i}") for i in range(given.runs)])
        await context.close()
    return good


async def _one(context: BrowserContext, page: Page, given: Given, address: str, name: str) -> dict[str, Any]:
    if " new-" in name:
        await _forget(context, page, given.url)
    return await _run(given.command, address, given.port, given.keep / f"{name.replace(' ', '-')}.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a server that runs already, started with --demo")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="a part of the name, such as 'today new'")
    parser.add_argument("--port", type=int, default=9333, help="of the browser's own protocol")
    parser.add_argument("--lighthouse", help="the program, where npx is not to fetch it")
    parser.add_argument("--keep", type=Path, help="where the whole reports go")
    given = parser.parse_args()
    command = [given.lighthouse] if given.lighthouse else ["npx", "--yes", LIGHTHOUSE]
    with tempfile.TemporaryDirectory(prefix="rtlh") as scratch:
        keep = given.keep or Path(scratch)
        keep.mkdir(parents=True, exist_ok=True)
        with nullcontext(given.url) if given.url else _server() as url:
            good = asyncio.run(measure(Given(url, command, given.runs, given.port, given.only, keep)))
    raise SystemExit(not good)


if __name__ == "__main__":
    main()
