"""The history: found, read in full, corrected, taken away and brought back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from browsing import App
from playwright.async_api import expect

X = "\N{MULTIPLICATION SIGN}"
BENCH, SQUAT = "Bench Press (Barbell)", "Squat (Barbell)"
SOON = 30_000


async def trained(app: App, *workouts: dict[str, Any]) -> list[str]:
    """Records workouts over the API, as PUSH and LEGS; returns their ids once they are on this device."""
    ids = []
    async with app.api() as client:
        exercises = {name: (await client.get("/exercises", params={"q": name})).json()["items"][0]["id"] for name in (BENCH, SQUAT)}
        for workout in workouts:
            began = datetime.now(UTC) - timedelta(days=workout["days_ago"], hours=1)
            times = {"started_at": began.isoformat(), "completed_at": (began + timedelta(minutes=50)).isoformat()}
            said = {"session_status": "COMPLETED", "workout_name": workout["name"], "session_notes": workout.get("notes")}
            made = await client.post("/athletes/me/sessions", json={**said, **times})
            assert made.status_code == 201, made.text
            ids.append(made.json()["id"])
            for exercise, reps, weight in workout["sets"]:
                entry = {"exercise_id": exercises[exercise], "reps": reps, "weight": weight, "weight_unit": "kg"}
                assert (await client.post(f"/athletes/me/sessions/{ids[-1]}/sets", json=entry)).status_code == 201
    await app.page.goto("/history")
    for workout in workouts:
        await expect(app.page.get_by_text(workout["name"])).to_be_visible(timeout=SOON)
    await app.saved()
    return ids


PUSH = {"name": "Push day", "days_ago": 0, "notes": "shoulder fine again", "sets": [(BENCH, 5, 60), (BENCH, 4, 65)]}
LEGS = {"name": "Leg day", "days_ago": 40, "sets": [(SQUAT, 5, 100)]}


async def test_what_was_trained_is_found(app: App) -> None:
    await trained(app, PUSH, LEGS)
    push, legs = app.page.get_by_role("link", name="Push day"), app.page.get_by_role("link", name="Leg day")
    await expect(push).to_contain_text("2 sets · 50:00")
    search = app.page.get_by_label("Search names and notes")
    for text, found, other in (("SHOULDER", push, legs), ("squat", legs, push), ("leg day", legs, push)):
        await search.fill(text)
        await expect(other).to_be_hidden()
        await expect(found).to_be_visible()
    await search.fill("nothing like it")
    await expect(app.page.get_by_text("Nothing found")).to_be_visible()
    await search.fill("")
    await app.page.get_by_label("Exercise", exact=True).select_option(label=BENCH)
    await expect(legs).to_be_hidden()
    await expect(push).to_be_visible()


async def test_the_month_shows_what_was_done(app: App) -> None:
    await trained(app, PUSH, LEGS)
    await app.page.get_by_role("button", name="Month", exact=True).click()
    now = datetime.now(UTC)
    shown = now.date()
    for workout in (PUSH, LEGS):
        day = (now - timedelta(days=workout["days_ago"], hours=1)).date()
        for _ in range((shown.year - day.year) * 12 + shown.month - day.month):
            await app.page.get_by_role("button", name="Previous month").click()
        shown = day
        done = app.page.get_by_role("button", name=f"{workout['name']}: Done")
        await expect(done).to_be_visible()
        if day != now.date():  # today is chosen already
            await done.click()
        await expect(app.page.get_by_role("link", name=workout["name"])).to_be_visible()
    await app.page.get_by_role("link", name="Leg day").click()
    await expect(app.page.get_by_role("heading", name="Leg day")).to_be_visible()


async def test_a_workout_is_corrected_without_a_server(app: App) -> None:
    [session_id] = await trained(app, PUSH)
    await app.page.get_by_role("link", name="Push day").click()
    app.site.kill()
    await app.page.get_by_role("button", name="Edit times, effort and notes").click()
    dialog = app.page.get_by_role("dialog")
    finished = await dialog.get_by_label("Finished at").input_value()
    later = datetime.fromisoformat(finished) + timedelta(minutes=10)
    await dialog.get_by_label("Finished at").fill(later.isoformat(timespec="minutes"))
    await dialog.get_by_label("Effort").select_option("8")
    await dialog.get_by_label("Notes").fill("heavy")
    await dialog.get_by_role("button", name="Save").click()
    await app.page.get_by_role("button", name=f"Edit set 2: 65 kg {X} 4").click()
    await dialog.get_by_label("Reps").fill("6")
    await dialog.get_by_role("button", name="Save set").click()
    await app.page.get_by_role("button", name=f"Edit set 1: 60 kg {X} 5").click()
    await dialog.get_by_role("button", name="Delete set").click()
    await expect(app.page.get_by_role("button", name="Edit set")).to_have_count(1)
    await app.reload()
    await expect(app.page.get_by_text("heavy")).to_be_visible()
    app.site.start()
    await app.reload()
    await app.saved()
    [session] = await app.sessions()
    assert (session["id"], session["effort_rating"], session["session_notes"]) == (session_id, 8, "heavy")
    assert 59 * 60 <= session["actual_duration_seconds"] <= 61 * 60
    assert [(row["reps"], row["weight"]) for each in session["performances"] for row in each["sets"]] == [(6, 65)]


async def test_a_deleted_workout_comes_back(app: App) -> None:
    await trained(app, PUSH, LEGS)
    for undone_at_once in (True, False):
        await app.page.get_by_role("link", name="Push day").click()
        await app.page.get_by_role("button", name="Delete workout").click()
        await expect(app.page.get_by_role("link", name="Push day")).to_be_hidden()
        if undone_at_once:
            await app.page.get_by_role("button", name="Undo").click()
        else:
            await expect(app.page.get_by_role("link", name="Sync: 1 waiting")).to_be_visible()
            await app.saved()
            assert len(await app.sessions()) == 1
            await app.page.get_by_text("Deleted workouts").click()
            await app.page.get_by_role("button", name="Bring back").click()
        await expect(app.page.get_by_role("link", name="Push day")).to_contain_text("2 sets", timeout=SOON)
        await expect(app.page.get_by_text("1 deleted workout")).to_be_hidden()
    assert len(await app.sessions()) == 2
    assert len(await app.on_device("user_set_performance")) == 3


async def test_a_deletion_is_taken_back_without_a_server(app: App) -> None:
    app.site.kill()
    await app.start_empty()
    await app.add_exercise(BENCH)
    await app.log(5, 60)
    await app.finish()
    await app.page.goto("/history")
    await app.page.get_by_role("link", name="Workout").click()
    await app.page.get_by_role("button", name="Delete workout").click()
    await expect(app.page.get_by_text("No workouts yet")).to_be_visible()
    await app.page.get_by_role("button", name="Undo").click()
    await expect(app.page.get_by_role("link", name="Workout")).to_contain_text("1 set", timeout=SOON)
    app.site.start()
    await app.reload()
    await app.saved()
    [session] = await app.sessions()
    assert session["session_status"] == "COMPLETED"
    assert len(await app.on_device("user_set_performance")) == 1


async def test_who_changed_what_and_back_to_how_it_was(app: App) -> None:
    [session_id] = await trained(app, PUSH)
    await app.page.goto(f"/history/{session_id}")
    await app.page.get_by_role("button", name="Edit set 2").click()
    await app.page.get_by_role("dialog").get_by_label("Reps").fill("6")
    await app.page.get_by_role("button", name="Save set").click()
    await app.saved()
    await app.page.get_by_text("Who changed what").click()
    lines = app.page.get_by_role("listitem").filter(has_text="You")
    await expect(lines.first).to_contain_text(f"You corrected a set of {BENCH}: 65 kg {X} 4, now 65 kg {X} 6")
    await expect(lines.filter(has_text=f"logged a set of {BENCH}: 60 kg {X} 5")).to_have_count(1)
    await lines.filter(has_text=f"logged a set of {BENCH}: 65 kg {X} 4").get_by_role("button", name="Go back").click()
    await expect(app.page.get_by_role("button", name=f"Edit set 2: 65 kg {X} 4")).to_be_visible(timeout=SOON)
    [session] = await app.sessions()
    assert [(row["reps"], row["weight"]) for each in session["performances"] for row in each["sets"]] == [(5, 60), (4, 65)]
