"""Progress on the screen: what the server computed, in words and charts, with a connection and without."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from browsing import DESK, PHONE, App, NewApp
from playwright.async_api import Locator, expect

X = "\N{MULTIPLICATION SIGN}"
BENCH, SQUAT = "Bench Press (Barbell)", "Squat (Barbell)"
# Sixty letters without a place to break.
LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkrudern"
SOON = 30_000
Sets = list[tuple[str, int, float | None]]


async def _id(client: httpx.AsyncClient, name: str) -> str:
    found = (await client.get("/exercises", params={"q": name})).json()["items"]
    return next(str(each["id"]) for each in found if each["exercise_name"] == name)


async def trained(app: App, days_ago: int, sets: Sets) -> None:
    """A finished workout that another device recorded."""
    async with app.api() as client:
        began = datetime.now(UTC) - timedelta(days=days_ago, hours=1)
        times = {"started_at": began.isoformat(), "completed_at": (began + timedelta(minutes=50)).isoformat()}
        said = {"session_status": "COMPLETED", "workout_name": f"Workout {days_ago}", **times}
        made = (await client.post("/athletes/me/sessions", json=said)).json()
        for name, reps, weight in sets:
            entry: dict[str, Any] = {"exercise_id": await _id(client, name), "reps": reps}
            if weight is not None:
                entry |= {"weight": weight, "weight_unit": "kg"}
            logged = await client.post(f"/athletes/me/sessions/{made['id']}/sets", json=entry)
            assert logged.status_code == 201, logged.text


async def bench_id(app: App) -> str:
    async with app.api() as client:
        return await _id(client, BENCH)


@pytest.fixture
async def lifter(app: App) -> App:
    """An athlete with a month and a half of bench presses."""
    await trained(app, 40, [(BENCH, 5, 60), (SQUAT, 5, 90)])
    await trained(app, 20, [(BENCH, 5, 65), (BENCH, 8, 55)])
    await trained(app, 10, [(BENCH, 3, 70), (SQUAT, 5, 100)])
    await trained(app, 3, [(BENCH, 5, 70)])
    return app


def _tile(app: App, name: str) -> Locator:
    return app.page.locator("dl > .card").filter(has=app.page.get_by_text(name, exact=True)).locator("dd")


async def _chart(app: App, name: str) -> Locator:
    """The figure of a chart, once it is drawn."""
    found = app.page.locator("figure.plot").filter(has=app.page.get_by_role("slider", name=f"Along the chart: {name}"))
    await expect(found).to_be_visible(timeout=SOON)
    return found


async def _table(chart: Locator) -> list[list[str]]:
    """The rows behind a chart, oldest first."""
    await chart.get_by_text("Show as table").click()
    await expect(chart.get_by_role("table")).to_be_visible()
    rows = chart.locator("tbody tr")
    return [await row.locator("th, td").all_inner_texts() for row in reversed(await rows.all())]


async def test_the_overview_says_what_the_server_says(lifter: App) -> None:
    app = lifter
    await app.page.get_by_role("link", name="Progress", exact=True).click()
    await expect(app.page.get_by_role("heading", name="Progress", level=1)).to_be_focused()
    told = await app.on_server("/athletes/me/progress/summary")
    assert (told["now"]["sessions"], told["before"]["sessions"]) == (3, 1)
    await expect(_tile(app, "Workouts")).to_have_text("3 ↑ 2 more", timeout=SOON)
    await expect(_tile(app, "Hard sets")).to_have_text(f"{told['now']['sets']} ↑ {told['change']['sets']} more")
    await expect(_tile(app, "Volume")).to_contain_text(f"{told['now']['volume']:,.0f} kg")
    await expect(_tile(app, "Time")).to_contain_text("2 h 30 min")
    await expect(_tile(app, "Records")).to_contain_text(str(told["now"]["records"]))
    await expect(app.page.get_by_text(f"{told['streak_weeks']} weeks in a row")).to_be_visible()
    await app.page.get_by_role("radio", name="12 weeks").check()
    await expect(_tile(app, "Workouts")).to_have_text("4 ↑ 4 more")
    await app.reload()
    await expect(app.page.get_by_role("radio", name="12 weeks")).to_be_checked()
    await expect(_tile(app, "Workouts")).to_have_text("4 ↑ 4 more")
    await app.page.get_by_label("Search an exercise").fill("squat")
    await app.page.get_by_role("link", name=SQUAT).click()
    await expect(app.page.get_by_role("heading", name=SQUAT, level=1)).to_be_visible()


async def test_an_exercise_says_what_the_server_says(lifter: App) -> None:
    app, exercise_id = lifter, await bench_id(lifter)
    told = await app.on_server(f"/athletes/me/progress/exercises/{exercise_id}")
    await app.page.set_viewport_size(DESK["viewport"])
    await app.page.goto(f"/progress/exercises/{exercise_id}")
    best = next(each for each in told["records"] if each["kind"] == "BEST_E1RM")
    await expect(_tile(app, "Best estimated maximum")).to_contain_text(f"{best['value']:.1f} kg", timeout=SOON)
    await expect(_tile(app, "Sets of all time")).to_contain_text("5")
    trend = await _table(await _chart(app, "Estimated maximum (e1RM)"))
    assert [row[1] for row in trend] == [f"{round(each['e1rm'], 1):g} kg" for each in told["days"]]
    volume = await _table(await _chart(app, "Volume by week"))
    assert sum(float(row[1].removesuffix(" kg").replace(",", "")) for row in volume) == sum(each["volume"] for each in told["days"])
    maxima = app.page.get_by_role("table", name="Repetition maxima").locator("tbody tr")
    assert [await row.locator("td").first.inner_text() for row in await maxima.all()] == [
        f"{each['value']:g} kg" for each in told["rep_maxes"]
    ]
    await app.page.get_by_role("radio", name="4 weeks").check()
    await expect(app.page).to_have_url(f"{app.site.url}/progress/exercises/{exercise_id}?period=4w")
    await expect(app.page.get_by_role("slider", name="Estimated maximum")).to_have_attribute("aria-valuemax", "2")
    await app.page.get_by_role("link", name="Best estimated maximum").first.click()
    await expect(app.page).to_have_url(f"{app.site.url}/history/{best['session_id']}")


async def test_a_set_logged_changes_the_chart(lifter: App) -> None:
    app = lifter
    await app.page.goto("/")
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 80)
    await app.finish()
    await app.page.get_by_role("link", name=f"Progress: {BENCH}").click()
    slider = app.page.get_by_role("slider", name="Estimated maximum")
    # 80 kg for five, by Epley.
    await expect(slider).to_have_attribute("aria-valuemax", "4", timeout=SOON)
    await expect(_tile(app, "Best estimated maximum")).to_contain_text("93.3 kg")
    # And what another device records comes by itself.
    await trained(app, 0, [(BENCH, 5, 90)])
    await expect(_tile(app, "Best estimated maximum")).to_contain_text("105 kg", timeout=SOON)


async def test_without_a_server_what_is_kept_is_shown(lifter: App) -> None:
    app, exercise_id = lifter, await bench_id(lifter)
    await app.page.goto("/progress")
    await expect(_tile(app, "Workouts")).to_contain_text("3", timeout=SOON)
    app.site.kill()
    await app.reload()
    await expect(_tile(app, "Workouts")).to_contain_text("3", timeout=SOON)
    await expect(app.page.get_by_text("As of").first).to_contain_text("The server cannot be reached.", timeout=SOON)
    await app.page.goto("/")
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 80)
    await app.finish()
    await app.page.goto("/progress")
    await expect(app.page.get_by_text("changes are not in it yet").first).to_be_visible(timeout=SOON)
    await expect(_tile(app, "Workouts")).to_contain_text("3")
    await app.page.goto(f"/progress/exercises/{exercise_id}")
    await expect(app.page.get_by_role("heading", name=BENCH, level=1)).to_be_visible()
    await expect(app.page.get_by_text("This needs a connection once.")).to_be_visible(timeout=SOON)
    app.site.start()
    await app.page.get_by_role("button", name="Try again").click()
    await expect(_tile(app, "Best estimated maximum")).to_contain_text("93.3 kg", timeout=SOON)
    await app.page.goto("/progress")
    await expect(_tile(app, "Workouts")).to_contain_text("4", timeout=SOON)
    await expect(app.page.get_by_text("changes are not in it yet")).to_have_count(0)


async def test_along_a_chart_by_keyboard_and_by_pointer(lifter: App) -> None:
    app = lifter
    await app.page.set_viewport_size(DESK["viewport"])
    await app.page.goto(f"/progress/exercises/{await bench_id(app)}")
    chart = await _chart(app, "Estimated maximum (e1RM)")
    slider = chart.get_by_role("slider")
    days = [(datetime.now(UTC) - timedelta(days=ago, hours=1)).day for ago in (40, 20, 10, 3)]
    await slider.focus()
    for key, place, value in (("Home", 0, "70 kg"), ("ArrowRight", 1, "75.8 kg"), ("End", 3, "81.7 kg"), ("ArrowLeft", 2, "77 kg")):
        await app.page.keyboard.press(key)
        await expect(slider).to_have_attribute("aria-valuenow", str(place))
        said = await slider.get_attribute("aria-valuetext") or ""
        assert said.startswith(f"{days[place]} "), said
        assert f", Best of the day {value}" in said
        await expect(chart.locator("figcaption")).to_contain_text(value)
    await app.page.keyboard.press("Escape")
    await expect(slider).to_have_attribute("aria-valuenow", "3")
    box = await slider.bounding_box()
    assert box is not None
    await app.page.mouse.move(box["x"] + box["width"] * 0.05, box["y"] + box["height"] / 2)
    await expect(slider).to_have_attribute("aria-valuenow", "0")
    await expect(chart.locator("figcaption")).to_contain_text("70 kg")


async def test_muscles_say_what_the_server_says(lifter: App) -> None:
    app = lifter
    told = await app.on_server("/athletes/me/progress/volume")
    await app.page.goto("/progress/muscles")
    for each in told["muscles"]:
        name = each["muscle"].replace("_", " ").capitalize()
        await expect(app.page.get_by_role("button", name=f"{name} {each['sets']:g} sets", exact=True)).to_be_visible(timeout=SOON)
    await expect(app.page.get_by_role("img", name="The body, front and back")).to_be_visible()
    chest = {week["monday"]: next((m["sets"] for m in week["muscles"] if m["muscle"] == "CHEST"), 0) for week in told["weeks"]}
    await app.page.get_by_role("button", name="Chest").click()
    rows = await _table(await _chart(app, "Hard sets by week: Chest"))
    assert [float(row[1]) for row in rows] == list(chest.values())
    push = next(each for each in told["balances"] if each["balance"] == "PUSH_PULL")
    await expect(app.page.get_by_text(f"Push {push['first_sets']:g}")).to_be_visible()
    await app.page.get_by_role("radio", name="Volume").check()
    chest_volume = next(each["volume"] for each in told["muscles"] if each["muscle"] == "CHEST")
    await expect(app.page.get_by_role("button", name="Chest")).to_contain_text(f"{chest_volume:,.0f}")


async def test_records_are_found_and_lead_to_their_workout(lifter: App) -> None:
    app = lifter
    told = (await app.on_server("/athletes/me/progress/records"))["items"]
    await app.page.goto("/progress/records")
    await expect(app.page.locator("main .list li")).to_have_count(sum(len(each["records"]) for each in told), timeout=SOON)
    # The newest first: the bench press of three days ago.
    await expect(app.page.locator("main h2").first).to_have_text(BENCH)
    await app.page.get_by_label("Search an exercise").fill("squat")
    await expect(app.page.locator("main h2")).to_have_text([SQUAT])
    squat = next(each for each in told if each["exercise_name"] == SQUAT)
    heaviest = next(each for each in squat["records"] if each["kind"] == "HEAVIEST_WEIGHT")
    link = app.page.get_by_role("link", name="Heaviest weight")
    await expect(link).to_contain_text(f"100 kg {X} 5")
    await link.click()
    await expect(app.page).to_have_url(f"{app.site.url}/history/{heaviest['session_id']}")


async def test_nothing_is_there_before_the_first_workout(app: App) -> None:
    for path, text in (
        ("/progress", "Here your training adds up"),
        ("/progress/records", "No records yet."),
        ("/progress/muscles", "No sets in this period."),
        (f"/progress/exercises/{await bench_id(app)}", "This exercise has not been done"),
        ("/progress/exercises/0190d1c0-0000-7000-8000-000000000001", "Nothing here that you can see"),
    ):
        await app.page.goto(path)
        await expect(app.page.get_by_text(text).first).to_be_visible(timeout=SOON)
    # No page of zeros, but a way to begin.
    await app.page.goto("/progress")
    await expect(app.page.get_by_text("as before")).to_have_count(0)
    await app.page.get_by_role("link", name="Start a workout").click()
    await expect(app.page.get_by_role("button", name="Start empty")).to_be_visible(timeout=SOON)


async def test_long_names_have_room_on_a_small_phone(open_app: NewApp) -> None:
    app = await open_app(**{**PHONE, "viewport": {"width": 360, "height": 740}})
    await app.register()
    async with app.api() as client:
        own = {
            "exercise_name": LONG,
            "equipment": "BARBELL",
            "mechanic": "COMPOUND",
            "tracks": "REPS_WEIGHT",
            "primary_muscles": ["CHEST"],
        }
        made = await client.post("/exercises", json=own)
        assert made.status_code == 201, made.text
    await trained(app, 2, [(LONG, 5, 1234.5), (LONG, 12, 1000)])
    for path in ("/progress", "/progress/records", "/progress/muscles", f"/progress/exercises/{made.json()['id']}"):
        await app.page.goto(path)
        await expect(app.page.get_by_text("As of").first).to_be_visible(timeout=SOON)
        await expect(app.page.get_by_text("Loading …")).to_have_count(0)
        wider = await app.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, path
