"""Nothing is lost without signal: what the phone shows is what the server has in the end."""

from browsing import App
from playwright.async_api import expect


def counted(sessions: list[dict[str, object]]) -> list[tuple[str, list[tuple[int, float | None]]]]:
    """Status and sets (reps, weight) of each session."""
    return [
        (str(s["session_status"]), [(t["reps"], t["weight"]) for p in s["performances"] for t in p["sets"]])  # type: ignore[attr-defined]
        for s in sessions
    ]


async def test_a_whole_workout_without_a_server_over_two_reloads(app: App) -> None:
    app.site.kill()
    await app.start_empty()
    await app.add_exercise("Bench Press (Barbell)")
    await app.log(5, 60)
    await app.log(5, 62.5)
    await app.reload()
    await app.log(4, 65)
    await app.add_exercise("Pull Up")
    await app.reload()
    await expect(app.page.get_by_role("heading", name="Bench Press (Barbell)")).to_be_visible()
    await app.finish()
    assert len(await app.on_device("user_set_performance")) == 3
    app.site.start()
    await app.page.get_by_role("link", name="Sync").click()
    await app.page.get_by_role("button", name="Send now").click()
    await expect(app.page.get_by_text("Everything is saved")).to_be_visible(timeout=40_000)
    assert counted(await app.sessions()) == [("COMPLETED", [(5, 60), (5, 62.5), (4, 65)])]
    assert await app.on_device("outbox") == []
    assert len(await app.on_device("user_set_performance")) == 3
    assert len(await app.on_device("user_exercise_performance")) == 1
