"""Nothing is lost without signal: what the phone shows is what the server has in the end."""

from datetime import UTC, datetime, timedelta
from typing import Any

from browsing import App, NewApp, eventually
from playwright.async_api import Route, expect

from helpers import PASSWORD

X = "\N{MULTIPLICATION SIGN}"
BENCH = "Bench Press (Barbell)"
SOON = 30_000
# No timer of twenty seconds or more ever ends.
SELDOM = """
    const soon = globalThis.setTimeout;
    globalThis.setTimeout = (task, ms, ...of) => (ms >= 20000 ? 0 : soon(task, ms, ...of));
"""


def counted(sessions: list[dict[str, Any]]) -> list[tuple[str, list[tuple[int, float | None]]]]:
    """Status and sets (reps, weight) of each session."""
    return [(s["session_status"], [(t["reps"], t["weight"]) for p in s["performances"] for t in p["sets"]]) for s in sessions]


async def settled(app: App) -> list[tuple[str, list[tuple[int, float | None]]]]:
    """What the server has, once nothing waits on the device and the device has the very same rows."""
    await app.saved()
    sessions = await app.sessions()
    performances = [each for session in sessions for each in session["performances"]]
    # What the server makes of a write (a performance's numbers) comes with the next pull, and of another device's by the stream.
    await eventually(
        lambda: versions_on_device(app),
        {
            "user_workout_session": versions(sessions),
            "user_exercise_performance": versions(performances),
            "user_set_performance": versions([row for each in performances for row in each["sets"]]),
            "outbox": {},
        },
    )
    return counted(sessions)


def versions(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {row["id"]: row["version"] for row in rows}


async def versions_on_device(app: App) -> dict[str, dict[str, int]]:
    tables = ("user_workout_session", "user_exercise_performance", "user_set_performance")
    return {table: versions(await app.on_device(table)) for table in tables} | {
        "outbox": {row["id"]: 0 for row in await app.on_device("outbox")}
    }


async def test_a_whole_workout_without_a_server_over_two_reloads(app: App) -> None:
    app.site.kill()
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.log(5, 62.5)
    await app.reload()
    await app.log(4, 65)
    await app.add_exercise("Pull Up")
    await app.reload()
    await expect(app.page.get_by_role("heading", name=BENCH)).to_be_visible()
    await app.finish()
    assert len(await app.on_device("user_set_performance")) == 3
    app.site.start()
    await app.page.goto("/waiting")
    await expect(app.page.get_by_text("Everything is saved")).to_be_visible(timeout=40_000)
    assert await settled(app) == [("COMPLETED", [(5, 60), (5, 62.5), (4, 65)])]


async def test_a_server_that_is_killed_and_comes_back_again_and_again(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    for weight in (60, 70, 80):
        await app.log(5, weight)
        app.site.kill()
        await app.log(4, weight + 2.5)
        app.site.start()
    await app.reload()
    assert await settled(app) == [("IN_PROGRESS", [(5, 60), (4, 62.5), (5, 70), (4, 72.5), (5, 80), (4, 82.5)])]


async def test_what_a_lost_response_was_about_is_stored_once(app: App) -> None:
    lost: list[int] = []

    async def lose(route: Route) -> None:
        if route.request.method != "POST" or len(lost) == 2:
            await route.continue_()
            return
        lost.append((await route.fetch()).status)
        await route.abort("connectionreset")

    await app.page.route("**/sync", lose)
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.log(6, 60)
    await app.finish()
    await app.page.goto("/waiting")

    async def answers() -> list[int]:
        return lost

    await eventually(answers, [200, 200])
    await app.reload()  # else it is tried again half a minute later
    assert await settled(app) == [("COMPLETED", [(5, 60), (6, 60)])]


async def test_two_tabs_of_one_device(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(1, 60)
    tab = App(await app.page.context.new_page(), app.site, app.email)
    await tab.page.goto(app.page.url)
    await expect(tab.page.get_by_role("button", name="Edit set")).to_have_count(1)
    await app.page.context.set_offline(True)
    await app.log(2, 60)
    await expect(tab.page.get_by_role("button", name="Edit set")).to_have_count(2)
    await tab.log(3, 60)
    await expect(app.page.get_by_role("button", name="Edit set")).to_have_count(3)
    await app.page.context.set_offline(False)
    await tab.saved()
    assert await settled(app) == [("IN_PROGRESS", [(1, 60), (2, 60), (3, 60)])]
    assert tab.errors == []


async def edit_set(app: App, reps: int) -> None:
    """Corrects the first set on the page of a workout."""
    await app.page.get_by_role("button", name="Edit set 1").click()
    dialog = app.page.get_by_role("dialog")
    await dialog.get_by_label("Reps").fill(str(reps))
    await dialog.get_by_role("button", name="Save set").click()
    await expect(app.page.get_by_text(f"60 kg {X} {reps}")).to_be_visible()


async def in_conflict(first: App, second: App, theirs: int, yours: int) -> None:
    """The same set corrected on two devices without signal; the second is told of it."""
    for device in (first, second):
        await device.page.context.set_offline(True)
    await edit_set(first, theirs)
    await edit_set(second, yours)
    await first.page.context.set_offline(False)
    await first.saved()
    await second.page.context.set_offline(False)
    await second.page.get_by_role("link", name="Sync: 1 needs you").click(timeout=SOON)
    card = second.page.get_by_role("region", name=f"{BENCH}: 60 kg {X} {yours}")
    await expect(card.get_by_text("Changed on two devices")).to_be_visible()
    await expect(card.get_by_text(f"{BENCH}: 60 kg {X} {theirs}")).to_be_visible()


async def test_two_devices_that_corrected_the_same_set(app: App, open_app: NewApp) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.finish()
    await app.saved()
    [session] = await app.sessions()
    other = await open_app()
    await other.sign_in(app.email)
    for device in (app, other):
        await device.page.goto(f"/history/{session['id']}")
    await in_conflict(app, other, 6, 7)
    await other.page.get_by_role("button", name="Keep this one").click()
    assert await settled(other) == [("COMPLETED", [(7, 60)])]
    await expect(app.page.get_by_text(f"60 kg {X} 7")).to_be_visible(timeout=SOON)

    await other.page.goto(f"/history/{session['id']}")
    await in_conflict(app, other, 8, 9)
    await other.page.get_by_role("button", name="Keep the other").click()
    assert await settled(other) == [("COMPLETED", [(8, 60)])]
    assert await settled(app) == [("COMPLETED", [(8, 60)])]


async def test_a_workout_that_cannot_have_lasted_so_long_is_put_right(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.saved()
    now = datetime.now(UTC)
    await app.page.clock.set_fixed_time(now + timedelta(hours=11))
    await app.finish()
    await app.page.goto("/waiting")
    await expect(app.page.get_by_text("is more than a session can last")).to_be_visible(timeout=SOON)
    await app.reload()
    await expect(app.page.get_by_text("Refused by the server")).to_be_visible()
    zone = (await app.on_server("/me"))["time_zone"]
    ended = await app.page.evaluate(
        "([at, timeZone]) => new Date(at).toLocaleString('sv-SE', { timeZone }).slice(0, 16).replace(' ', 'T')",
        [(now + timedelta(hours=1)).isoformat(), zone],
    )
    await app.page.get_by_label("Finished at").fill(ended)
    await app.page.get_by_role("button", name="Send again").click()
    assert await settled(app) == [("COMPLETED", [(5, 60)])]
    [session] = await app.sessions()
    assert 3400 < session["actual_duration_seconds"] < 3700


async def deleted_elsewhere(app: App) -> None:
    """A set is logged without signal in a workout that is deleted meanwhile."""
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.saved()
    [session] = await app.sessions()
    await app.page.context.set_offline(True)
    await app.log(6, 60)
    async with app.api() as client:
        assert (await client.delete(f"/athletes/me/sessions/{session['id']}")).status_code == 204
    await app.page.context.set_offline(False)
    await app.page.goto("/waiting")
    await expect(app.page.get_by_text("Refused by the server")).to_be_visible(timeout=SOON)


async def test_a_set_of_a_workout_deleted_on_another_device_brings_it_back(app: App) -> None:
    await deleted_elsewhere(app)
    await app.page.get_by_role("button", name="Bring the workout back").click()
    assert await settled(app) == [("IN_PROGRESS", [(5, 60), (6, 60)])]


async def test_a_set_of_a_workout_deleted_on_another_device_is_given_up(app: App) -> None:
    await deleted_elsewhere(app)
    await app.page.get_by_role("button", name="Give it up").click()
    await expect(app.page.get_by_text("Everything is saved")).to_be_visible()
    assert await settled(app) == []


async def test_a_set_is_on_the_other_device_seconds_after_it_was_logged(app: App, open_app: NewApp) -> None:
    """By the server's word alone, however busy the machine: neither device asks by itself, as each would every half minute."""
    other = await open_app()
    for device in (app, other):
        await device.page.context.add_init_script(SELDOM)
    await app.page.goto("/")
    await other.sign_in(app.email)
    await app.start_empty()
    await app.add_exercise(BENCH)
    await other.page.get_by_role("link", name="Continue").click()
    await app.log(5, 60)
    await expect(other.page.get_by_role("button", name=f"Edit set 1: 60 {X} 5")).to_be_visible()
    await other.log(6, 60)
    await expect(app.page.get_by_role("button", name=f"Edit set 2: 60 {X} 6")).to_be_visible()
    assert await settled(app) == await settled(other) == [("IN_PROGRESS", [(5, 60), (6, 60)])]


async def test_a_login_that_ended_keeps_everything_until_the_athlete_is_back(app: App) -> None:
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.page.context.clear_cookies()
    await app.log(5, 60)
    await app.page.goto("/")
    await expect(app.page.get_by_text(f"sign in again as {app.email}")).to_be_visible(timeout=SOON)
    await app.page.get_by_label("Password").fill("not the password")
    await app.page.get_by_role("button", name="Sign in again").click()
    await expect(app.page.get_by_role("alert")).to_be_visible()
    await app.page.get_by_label("Password").fill(PASSWORD)
    await app.page.get_by_role("button", name="Sign in again").click()
    assert await settled(app) == [("IN_PROGRESS", [(5, 60)])]


async def test_what_one_tab_signs_out_of_the_others_leave(app: App) -> None:
    tab = App(await app.page.context.new_page(), app.site, app.email)
    await tab.page.goto("/")
    await tab.saved()
    await app.page.goto("/settings")
    await app.page.get_by_role("button", name="Sign out").click()
    await app.page.get_by_role("button", name="Sign out and forget").click()
    for page in (app.page, tab.page):
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await eventually(lambda: tab.page.evaluate("async () => (await indexedDB.databases()).map((each) => each.name)"), [])
    assert tab.errors == []
