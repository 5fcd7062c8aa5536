"""What a person does in the app, in the words of the app."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from playwright.async_api import ConsoleMessage, Error, Page, expect

from helpers import PASSWORD
from serving import Serving

# No call home of the browser's own may make a test wait.
_QUIET = ("quic", "background-networking", "component-update", "sync")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", *(f"--disable-{name}" for name in _QUIET)]
# In UTC wherever the machine stands: the tests say in UTC what was done when.
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
    "timezone_id": "UTC",
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "is_mobile": False, "has_touch": False}
# A server that is down is what many of these tests are about.
EXPECTED = ("Failed to load resource", "net::ERR_", "ERR_CONNECTION")
# A busy machine is no fault of the app.
PATIENCE_SECONDS = 40


async def eventually(ask: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    """Asks again until the answer is the wanted one: what is told by no word on the screen, and takes a moment."""
    for _ in range(10 * PATIENCE_SECONDS):
        if (found := await ask()) == wanted:
            return
        await asyncio.sleep(0.1)
    assert found == wanted


@dataclass
class App:
    """The app in one tab."""

    page: Page
    site: Serving
    email: str = ""
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in EXPECTED):
            self.errors.append(message.text)

    async def register(self, name: str = "Ann") -> None:
        """A new athlete, signed in, with everything fetched and the app kept for offline."""
        self.email = f"{uuid4().hex[:12]}@example.org"
        await self.page.goto("/")
        await self.page.get_by_role("button", name="Make an account").click()
        await self.page.get_by_label("Name").fill(name)
        await self.page.get_by_label("E-mail address").fill(self.email)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Register").click()
        await self.saved()
        await self.kept_offline()

    async def sign_in(self, email: str) -> None:
        self.email = email
        await self.page.goto("/")
        await self.page.get_by_label("E-mail address").fill(email)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.saved()
        await self.kept_offline()

    async def saved(self) -> None:
        """Waits until the server has everything that is on the screen.

        The word of it is not enough: it is written by a query of its own, a moment after what was just logged is shown.
        """
        await expect(self.page.get_by_role("link", name="Sync: Saved")).to_be_visible(timeout=30_000)
        await eventually(lambda: self.on_device("outbox"), [])
        await expect(self.page.get_by_role("link", name="Sync: Saved")).to_be_visible(timeout=30_000)

    async def kept(self, text: str) -> None:
        """Waits until the device has kept what is being typed: nothing on the screen tells."""

        async def is_kept() -> bool:
            return any(text in str(row["value"]) for row in await self.on_device("meta"))

        await eventually(is_kept, wanted=True)

    async def kept_offline(self) -> None:
        """Waits until the service worker has the app."""
        await self.page.evaluate("async () => { await navigator.serviceWorker.ready; }")

    async def start_empty(self) -> None:
        await self.page.get_by_role("button", name="Start empty").click()

    async def add_exercise(self, name: str) -> None:
        await self.page.get_by_role("button", name="Add exercise").first.click()
        dialog = self.page.get_by_role("dialog", name="Add an exercise")
        await dialog.get_by_label("Name of the exercise").fill(name)
        await dialog.get_by_role("button", name=name).first.click()
        await expect(dialog).to_be_hidden()
        # Until then another one is up, and what is typed would be its.
        await expect(self.page.get_by_role("heading", name=name).first).to_be_visible()

    async def log(self, reps: int, weight: float | None = None) -> None:
        """Logs a set and waits until it is shown."""
        await expect(self.page.get_by_role("button", name="Log set")).to_be_visible()
        done = self.page.get_by_role("button", name="Edit set")
        before = await done.count()
        if weight is not None:
            await self.page.get_by_label("Weight (kg)", exact=True).fill(str(weight))
        await self.page.get_by_label("Reps", exact=True).fill(str(reps))
        await self.page.get_by_role("button", name="Log set").click()
        await expect(done).to_have_count(before + 1)

    async def finish(self) -> None:
        await self.page.get_by_role("button", name="Finish", exact=True).click()
        await self.page.get_by_role("button", name="Save workout").click()
        await expect(self.page.get_by_role("button", name="Save workout")).to_be_hidden()

    async def reload(self) -> None:
        """Loads the page anew, from the device where there is no server."""
        for attempt in range(3):
            try:
                await self.page.reload(wait_until="load")
            except Error:
                if attempt == 2:
                    raise
            else:
                return

    async def on_device(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as this device has them."""
        found: list[dict[str, Any]] = await self.page.evaluate(
            """async (table) => {
                const [{ name }] = (await indexedDB.databases()).filter((each) => each.name.startsWith('reptrail-'));
                const asked = indexedDB.open(name);
                const db = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
                const all = db.transaction(table).objectStore(table).getAll();
                return new Promise((done) => { all.onsuccess = () => { db.close(); done(all.result); }; });
            }""",
            table,
        )
        return found

    @asynccontextmanager
    async def api(self) -> AsyncIterator[httpx.AsyncClient]:
        """The API, as the same athlete on another device."""
        async with httpx.AsyncClient(base_url=f"{self.site.url}/api/v1", timeout=30) as client:
            entered = await client.post("/auth/login", json={"email": self.email, "password": PASSWORD})
            client.headers["Authorization"] = f"Bearer {entered.json()['access_token']}"
            yield client

    async def on_server(self, path: str) -> Any:
        """What the API says to the same athlete."""
        async with self.api() as client:
            return (await client.get(path)).json()

    async def sessions(self) -> list[dict[str, Any]]:
        """The athlete's sessions on the server, in full."""
        listed = (await self.on_server("/athletes/me/sessions?limit=200"))["items"]
        return [await self.on_server(f"/athletes/me/sessions/{each['id']}") for each in listed]


# Opens the app on a device of its own (conftest.py).
NewApp = Callable[..., Awaitable[App]]
