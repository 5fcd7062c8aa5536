"""More of what must hold without signal: what can be said, what other devices see of it, and what goes wrong."""

import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from browsing import DESK, PHONE, App, NewApp, eventually
from playwright.async_api import Browser, expect
from test_offline import BENCH, SOON, counted, settled

from serving import Serving, free_port, wait_until

X = "\N{MULTIPLICATION SIGN}"
LONG = "Einarmiges Kurzhantelschulterdrücken auf der Schrägbank, Griff eng"
NO_ROOM = "This device could not keep that"
WRONG_CLOCK = """
    const Right = Date;
    const now = () => Right.now() + DAYS * 86400000;
    globalThis.Date = class extends Right {
        constructor(...of) { if (of.length) super(...of); else super(now()); }
        static now() { return now(); }
    };
"""


async def sync_now(app: App) -> None:
    """Waits until nothing waits any more, asking at once."""
    await app.page.goto("/waiting")
    await expect(app.page.get_by_text("Everything is saved")).to_be_visible(timeout=60_000)


async def trained(app: App, *weights: float) -> dict[str, Any]:
    await app.start_empty()
    await app.add_exercise(BENCH)
    for weight in weights:
        await app.log(5, weight)
    await app.finish()
    await app.saved()
    found: dict[str, Any] = (await app.sessions())[0]
    return found


async def logged(app: App) -> int:
    return await app.page.get_by_role("button", name="Edit set").count()


# --- What can be said without signal ---------------------------------------------------------------------------------


async def test_equipment_is_said_without_signal_and_kept_apart_by_what_differs(app: App, open_app: NewApp) -> None:
    other = await open_app(**DESK)
    await other.sign_in(app.email)
    for device in (app, other):
        await device.page.goto("/settings")
        await device.page.get_by_text("Plates and dumbbells").click()
        await expect(device.page.get_by_text("You have not said yet")).to_be_visible()
    await app.page.get_by_label("Bar (kg)", exact=True).fill("15")
    await app.page.get_by_role("button", name="Save", exact=True).click()
    await app.saved()
    await expect(other.page.get_by_text("You have not said yet")).to_be_hidden(timeout=SOON)
    app.site.kill()
    await app.page.get_by_label("Bar (kg)", exact=True).fill("10")
    await app.page.get_by_role("button", name="Save", exact=True).click()
    await other.page.get_by_label("Machines go up in steps of (kg)", exact=True).fill("5")
    await other.page.get_by_role("button", name="Save", exact=True).click()
    for device in (app, other):
        await expect(device.page.get_by_role("link", name="Sync: 1 ")).to_be_visible()
    await app.reload()
    await app.page.get_by_text("Plates and dumbbells").click()
    await expect(app.page.get_by_label("Bar (kg)", exact=True)).to_have_value("10")
    app.site.start()
    for device in (app, other):
        await sync_now(device)
    stands = await app.on_server("/athletes/me/equipment")
    assert (stands["bar_weight"], stands["machine_step"], stands["is_usual"]) == (10, 5, False)


@pytest.mark.parametrize("device", [{}, DESK], ids=["phone", "desk"])
async def test_an_exercise_is_made_and_used_where_it_was_not_found(open_app: NewApp, device: dict[str, Any]) -> None:
    app = await open_app(**device)
    await app.register()
    app.site.kill()
    await app.start_empty()
    await app.page.get_by_role("button", name="Add exercise").first.click()
    dialog = app.page.get_by_role("dialog", name="Add an exercise")
    await dialog.get_by_label("Name of the exercise").fill(LONG)
    await dialog.get_by_role("button", name="Make").click()
    making = app.page.get_by_role("dialog", name="Make an exercise")
    await making.get_by_label("Done with").select_option("DUMBBELL")
    await making.get_by_role("button", name="Make it").click()
    await expect(app.page.get_by_role("heading", name=LONG)).to_be_visible()
    await app.log(8, 12)
    await app.reload()
    await expect(app.page.get_by_role("heading", name=LONG)).to_be_visible()
    await app.finish()
    app.site.start()
    await sync_now(app)
    assert await settled(app) == [("COMPLETED", [(8, 12)])]
    (session,) = await app.sessions()
    assert [p["exercise_name"] for p in session["performances"]] == [LONG]


async def test_names_and_notes_without_signal(app: App) -> None:
    app.site.kill()
    await app.start_empty()
    await app.page.get_by_role("heading", level=1).get_by_role("button").click()
    await app.page.get_by_label("Name of the workout").fill("Strandlauf")
    await app.page.get_by_role("button", name="Save", exact=True).click()
    await expect(app.page.get_by_role("heading", name="Strandlauf")).to_be_visible()
    await app.add_exercise(BENCH)
    await app.page.get_by_role("button", name="Notes on this exercise").click()
    await app.page.get_by_role("textbox", name="Notes on this exercise").fill("Elbows in")
    await app.log(5, 60)
    await app.reload()
    await app.page.get_by_role("button", name="Edit the note: Elbows in").click()
    await app.page.get_by_role("textbox", name="Notes on this exercise").fill("Elbows in, feet flat")
    await app.page.get_by_role("textbox", name="Notes on this exercise").blur()
    await expect(app.page.get_by_role("button", name="Edit the note: Elbows in, feet flat")).to_be_visible()
    await app.finish()
    app.site.start()
    await sync_now(app)
    assert await settled(app) == [("COMPLETED", [(5, 60)])]
    (session,) = await app.sessions()
    assert session["session_name"] == "Strandlauf"
    assert session["performances"][0]["performance_notes"] == "Elbows in, feet flat"
    await app.page.goto(f"/history/{session['id']}")
    await app.page.get_by_role("button", name="Edit times").click()
    await app.page.get_by_label("Name of the workout").fill("Strandlauf am Abend")
    await app.page.get_by_role("button", name="Save", exact=True).click()
    await expect(app.page.get_by_role("heading", name="Strandlauf am Abend")).to_be_visible()
    await app.saved()
    assert (await app.sessions())[0]["session_name"] == "Strandlauf am Abend"


async def test_a_set_edited_without_signal_is_marked_as_waiting(app: App) -> None:
    session = await trained(app, 60)
    await app.page.goto(f"/history/{session['id']}")
    edit = app.page.get_by_role("button", name="Edit set 1")
    await expect(edit).to_be_visible()
    await expect(edit.get_by_text("on this device")).to_be_hidden()
    app.site.kill()
    await edit.click()
    await app.page.get_by_role("dialog").get_by_label("Reps", exact=True).fill("7")
    await app.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(app.page.get_by_text(f"60 kg {X} 7")).to_be_visible()
    await expect(edit.get_by_text("on this device")).to_be_attached()
    app.site.start()
    await sync_now(app)
    await app.page.goto(f"/history/{session['id']}")
    await expect(edit).to_be_visible()
    await expect(edit.get_by_text("on this device")).not_to_be_attached()


# --- What other devices see ------------------------------------------------------------------------------------------


async def test_what_is_added_here_is_there_on_the_other_device(app: App, open_app: NewApp) -> None:
    other = await open_app(**DESK)
    await other.sign_in(app.email)
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.add_exercise("Pull Up")
    await app.saved()
    (session,) = await app.sessions()
    await other.page.goto(f"/train/{session['id']}")
    strip = other.page.get_by_role("button", name="Pull Up")
    await expect(strip.first).to_be_visible(timeout=SOON)
    await app.page.get_by_role("button", name="Remove this exercise").click()
    await app.saved()
    await expect(strip).to_have_count(0, timeout=SOON)
    await app.add_exercise("Pull Up")
    await expect(strip.first).to_be_visible(timeout=SOON)
    # Taken back at once (it is not offered for long), it is there as before.
    await app.page.get_by_role("button", name="Remove this exercise").click()
    await expect(app.page.get_by_role("heading", name="Pull Up")).to_be_hidden()
    await app.page.get_by_role("button", name="Undo").last.click()
    await expect(app.page.get_by_role("heading", name="Pull Up")).to_be_visible()
    await app.log(6)
    await app.saved()
    shown = (await app.sessions())[0]
    assert [(p["exercise_name"], len(p["sets"])) for p in shown["performances"]] == [("Pull Up", 1)]
    assert len(shown["prescriptions"]) == 2


async def test_what_one_device_deleted_the_other_brings_back(app: App, open_app: NewApp) -> None:
    session = await trained(app, 60, 65)
    await app.page.goto(f"/history/{session['id']}")
    await app.page.get_by_role("button", name="Delete").click()
    await app.page.wait_for_url("**/history")  # where one comes once it is written: a page left before that writes nothing
    await sync_now(app)
    other = await open_app(**DESK)
    await other.sign_in(app.email)  # it never knew that workout
    await other.page.goto("/history")
    await other.page.get_by_text("Deleted workouts").click()
    await expect(other.page.get_by_text("2 sets")).to_be_visible(timeout=SOON)
    await other.page.get_by_role("button", name="Bring back").click()
    await expect(other.page.get_by_text("The workout is back.")).to_be_visible(timeout=SOON)
    assert await settled(other) == [("COMPLETED", [(5, 60), (5, 65)])]
    await sync_now(app)
    assert await settled(app) == [("COMPLETED", [(5, 60), (5, 65)])]


async def test_a_planned_day_in_the_month_opens_the_workout_itself(app: App) -> None:
    plain = app.page.request
    at = datetime.now(UTC).isoformat()  # on this day, whatever the hour
    body = {"session_status": "PLANNED", "scheduled_at": at, "workout_name": "Push"}
    answer = await plain.post("/api/v1/athletes/me/sessions", data=body, headers={"x-reptrail-web": "1"})
    assert answer.ok, await answer.text()
    await app.page.goto("/history")
    await app.page.get_by_role("button", name="Month").click()
    await app.page.get_by_role("link", name="Push").click(timeout=SOON)
    await expect(app.page.get_by_role("heading", name="Push")).to_be_visible()
    await app.page.get_by_role("button", name="Skip it").click()
    await app.page.get_by_role("button", name="Plan it again").click()
    await app.page.get_by_role("button", name="Start", exact=True).click()
    await expect(app.page.get_by_role("button", name="Finish", exact=True)).to_be_visible()
    assert await settled(app) == [("IN_PROGRESS", [])]


# --- What goes wrong -------------------------------------------------------------------------------------------------


async def test_a_server_restored_from_an_older_backup_gets_what_waits(browser: Browser) -> None:
    with tempfile.TemporaryDirectory(prefix="rtr", ignore_cleanup_errors=True) as directory:
        own = Serving(Path(directory) / "now", free_port())
        own.data_dir.mkdir()
        try:
            own.start()
            context = await browser.new_context(**PHONE, base_url=own.url)
            app = App(await context.new_page(), own)
            await app.register()
            await restored(app, Path(directory) / "backup")
            assert app.errors == []
            await context.close()
        finally:
            own.clean_up()


async def restored(app: App, backup: Path) -> None:
    await trained(app, 60)
    stop(app.site)
    copy(app.site.data_dir, backup)
    app.site.start()
    await sync_now(app)
    await app.page.goto("/")
    await trained(app, 70)  # the server knows of it, and will not for long
    stop(app.site)
    await app.page.goto("/")
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 80)
    await app.finish()
    app.site.data_dir.rename(backup.with_name("lost"))
    copy(backup, app.site.data_dir)
    app.site.start()
    await sync_now(app)
    weights = sorted(weight for _, sets in await settled(app) for _, weight in sets if weight)
    assert weights == [60, 80]  # what only the lost days knew is lost there; what waited here is not


def stop(site: Serving) -> None:
    site.stop()
    wait_until(lambda: not site.postgres(), 30, "PostgreSQL goes on")


def copy(data_dir: Path, to: Path) -> None:
    """With its owners: PostgreSQL runs as another user where the server runs as root."""
    subprocess.run(["cp", "-a", str(data_dir), str(to)], check=True, timeout=60)


async def test_a_browser_without_locks(app: App) -> None:
    await app.page.context.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });")
    await app.page.goto("/")
    assert await app.page.evaluate("() => navigator.locks === undefined")
    tab = App(await app.page.context.new_page(), app.site, app.email)
    await tab.page.goto("/")
    app.site.kill()
    await app.start_empty()
    await app.add_exercise(BENCH)
    for weight in (60, 62.5, 65):
        await app.log(5, weight)
    app.site.start()
    for page in (app.page, tab.page):
        await page.evaluate("() => dispatchEvent(new Event('online'))")
    assert await settled(app) == [("IN_PROGRESS", [(5, 60), (5, 62.5), (5, 65)])]
    assert tab.errors == []


async def test_a_device_without_room_says_so_and_shows_nothing_as_saved(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.page.evaluate("""() => {
        const full = () => { throw new DOMException('no room', 'QuotaExceededError'); };
        globalThis.kept = [IDBObjectStore.prototype.add, IDBObjectStore.prototype.put];
        IDBObjectStore.prototype.add = full;
        IDBObjectStore.prototype.put = full;
    }""")
    await app.page.get_by_label("Reps", exact=True).fill("9")
    await app.page.get_by_role("button", name="Log set").click()
    await expect(app.page.get_by_text(NO_ROOM)).to_be_visible()
    assert await logged(app) == 1
    await app.page.evaluate("() => { [IDBObjectStore.prototype.add, IDBObjectStore.prototype.put] = globalThis.kept; }")
    app.errors.clear()  # the browser's own word of it
    await app.log(9, 60)
    assert await settled(app) == [("IN_PROGRESS", [(5, 60), (9, 60)])]


@pytest.mark.parametrize("days", [-5, 5])
async def test_a_clock_that_is_wrong_by_days(app: App, days: int) -> None:
    wrong = WRONG_CLOCK.replace("DAYS", str(days))
    await app.page.context.add_init_script(wrong)
    await app.page.goto("/")
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    if days < 0:
        await app.saved()
        assert counted(await app.sessions()) == [("IN_PROGRESS", [(5, 60)])]
        return
    # What has not happened yet is refused, shown, mended and sent.
    await app.page.goto("/waiting")
    await expect(app.page.get_by_text("lies in the future").first).to_be_visible(timeout=SOON)
    at = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
    await app.page.get_by_label("Started at").fill(at)
    await app.page.get_by_role("button", name="Send again").first.click()
    await expect(app.page.get_by_text("Started at")).to_be_hidden(timeout=SOON)

    async def statuses() -> list[str]:
        return [each["session_status"] for each in await app.sessions()]

    await eventually(statuses, ["IN_PROGRESS"])
    assert len(await app.on_device("user_set_performance")) == 1


async def test_two_athletes_on_one_device_are_kept_apart(app: App) -> None:
    await trained(app, 60)
    first = app.email
    await app.page.goto("/settings")
    await app.page.get_by_role("button", name="Sign out").click()
    await app.page.get_by_role("button", name="Sign out and forget").click()
    await expect(app.page.get_by_role("button", name="Sign in")).to_be_visible()
    await app.register("Bea")
    assert await app.on_device("user_workout_session") == []
    await app.page.goto("/history")
    await expect(app.page.get_by_text(BENCH)).to_have_count(0)
    await app.page.goto("/")
    await trained(app, 90)
    await app.page.goto("/settings")
    await app.page.get_by_role("button", name="Sign out").click()
    await app.page.get_by_role("button", name="Sign out and forget").click()
    await app.sign_in(first)
    assert await settled(app) == [("COMPLETED", [(5, 60)])]
