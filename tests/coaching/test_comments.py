"""Comments on a session: by whoever may read it, each in their own words."""

import pytest
from coaching_world import READ_AND_ASSIGN, let_in, new_coach, of, ok, trained

from helpers import Person, problem
from reptrail.ids import uuid7


@pytest.fixture
async def session(athlete: Person, coach: Person) -> str:
    await let_in(athlete, coach, ["training:read"])
    found: str = (await trained(athlete))["id"]
    return found


async def test_a_coach_who_reads_may_speak_and_the_athlete_answers(athlete: Person, coach: Person, session: str) -> None:
    path = f"sessions/{session}/comments"
    said = ok(await coach.post(of(athlete, path), {"comment_text": "Deeper, please."}), 201)
    assert (said["created_by"], said["author_name"], said["user_id"]) == (coach.user_id, "coach", athlete.user_id)
    ok(await athlete.post(path, {"comment_text": "I will."}), 201)
    for person, address in ((athlete, path), (coach, of(athlete, path))):
        told = ok(await person.get(address))["items"]
        assert [(each["author_name"], each["comment_text"]) for each in told] == [
            ("coach", "Deeper, please."), ("athlete", "I will.")
        ]  # fmt: skip
    first = ok(await athlete.get(f"{path}?limit=1"))
    second = ok(await athlete.get(f"{path}?limit=1&cursor={first['next_cursor']}"))
    assert [first["items"][0]["id"], second["items"][0]["id"]] == [each["id"] for each in told]


async def test_words_are_their_authors(athlete: Person, coach: Person, session: str) -> None:
    path = f"sessions/{session}/comments"
    theirs = ok(await coach.post(of(athlete, path), {"comment_text": "Deeper, please."}), 201)
    mine = ok(await athlete.post(path, {"comment_text": "I will."}), 201)
    other = await new_coach(athlete)
    await let_in(athlete, other, READ_AND_ASSIGN)
    for person, comment in ((athlete, theirs), (coach, mine), (other, theirs), (other, mine)):
        address = of(athlete, f"{path}/{comment['id']}")
        problem(await person.patch(address, {"comment_text": "Something else"}), 403, "forbidden")
        if person is not athlete:
            problem(await person.delete(address), 403, "forbidden")
    # Another coach sees what was said, and not by whom.
    assert [each["author_name"] for each in ok(await other.get(of(athlete, path)))["items"]] == [None, "athlete"]
    edited = ok(await coach.patch(of(athlete, f"{path}/{theirs['id']}"), {"comment_text": "Deeper!"}))
    assert (edited["comment_text"], edited["version"]) == ("Deeper!", theirs["version"] + 1)
    stale = {"If-Match": str(theirs["version"])}
    problem(
        await coach.patch(of(athlete, f"{path}/{theirs['id']}"), {"comment_text": "?"}, headers=stale), 412, "precondition-failed"
    )


async def test_the_athlete_may_hide_any_and_the_ledger_keeps_it(athlete: Person, coach: Person, session: str) -> None:
    path = f"sessions/{session}/comments"
    theirs = ok(await coach.post(of(athlete, path), {"comment_text": "Rude words"}), 201)
    own = ok(await coach.post(of(athlete, path), {"comment_text": "Second thoughts"}), 201)
    ok(await athlete.delete(f"{path}/{theirs['id']}"), 204)
    ok(await coach.delete(of(athlete, f"{path}/{own['id']}")), 204)
    assert ok(await coach.get(of(athlete, path)))["items"] == []
    problem(await athlete.delete(f"{path}/{theirs['id']}"), 404, "not-found")
    history = ok(await athlete.get(f"history/session_comment/{theirs['id']}"))["items"]
    assert [(each["action"], each["actor_name"], each["via"]) for each in history] == [
        ("INSERT", "coach", "COACH_GRANT"), ("UPDATE", "athlete", "WEB")
    ]  # fmt: skip
    assert history[0]["after"]["comment_text"] == "Rude words"


async def test_a_repeated_comment_is_one(athlete: Person, coach: Person, session: str) -> None:
    path, body = of(athlete, f"sessions/{session}/comments"), {"id": str(uuid7()), "comment_text": "Once"}
    assert ok(await coach.post(path, body), 201) == ok(await coach.post(path, body), 201)
    problem(await coach.post(path, {**body, "comment_text": "Twice"}), 409, "id-taken")
    problem(await athlete.post(path, body), 409, "id-taken")


@pytest.mark.parametrize("text", ["", "x" * 2001, "a\x00b", None, 5])
async def test_what_is_no_comment(athlete: Person, session: str, text: object) -> None:
    problem(await athlete.post(f"sessions/{session}/comments", {"comment_text": text}), 422, "invalid")


async def test_a_session_that_is_not_there(athlete: Person, coach: Person, session: str, stranger: Person) -> None:
    body = {"comment_text": "Hello"}
    problem(await coach.post(of(athlete, f"sessions/{uuid7()}/comments"), body), 404, "not-found")
    problem(await stranger.post(f"sessions/{session}/comments", body), 404, "not-found")
    said = ok(await coach.post(of(athlete, f"sessions/{session}/comments"), body), 201)
    other = (await trained(athlete, "2026-03-02T17:00:00Z"))["id"]
    problem(await coach.patch(of(athlete, f"sessions/{other}/comments/{said['id']}"), body), 404, "not-found")
    ok(await athlete.delete(f"sessions/{session}"), 204)
    problem(await coach.get(of(athlete, f"sessions/{session}/comments")), 404, "not-found")
    problem(await coach.delete(of(athlete, f"sessions/{session}/comments/{said['id']}")), 404, "not-found")


@pytest.mark.parametrize(("scopes", "status"), [(["training:read"], 403), (["training:read", "training:write"], 201)])
async def test_a_token_that_only_reads_says_nothing(
    athlete: Person, coach: Person, session: str, scopes: list[str], status: int
) -> None:
    for person in (athlete, coach):
        token = ok(await person.post("/api/v1/me/tokens", {"name": "x", "scopes": scopes}), 201)["token"]
        headers = {"Authorization": f"Bearer {token}"}
        address = of(athlete, f"sessions/{session}/comments")
        ok(await person.get(address, headers=headers))
        assert (await person.post(address, {"comment_text": "By a script"}, headers=headers)).status_code == status
