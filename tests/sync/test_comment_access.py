"""Who may speak by sync: whoever may by the routes of comments, and no other."""

from dataclasses import replace

import pytest
from phone import Grant, Phone
from pushed import slug, statuses, trained

from helpers import Person, problem

COMMENT = "session_comment"


@pytest.fixture
async def session(phone: Phone) -> str:
    made, _ = await trained(phone)
    return made


def words(session: str) -> dict[str, str]:
    return {"user_workout_session_id": session, "comment_text": "More chalk."}


async def token_of(person: Person, *scopes: str) -> Person:
    made = await person.post("/api/v1/me/tokens", {"name": "reads", "scopes": list(scopes)})
    assert made.status_code == 201, made.text
    return replace(person, access_token=made.json()["token"])


@pytest.mark.parametrize("who", ["athlete", "coach"])
async def test_a_token_that_may_only_read_says_nothing(athlete: Person, grant: Grant, session: str, who: str) -> None:
    person = athlete if who == "athlete" else await grant("training:read", "training:write")
    spoken = Phone(person, athlete.user_id).do(COMMENT, "insert", fields=words(session))
    assert statuses(await _push(person, athlete, spoken)) == ["APPLIED"]
    reader = await token_of(person, "training:read")
    path = f"/api/v1/athletes/{athlete.user_id}/sessions/{session}/comments"
    problem(await reader.post(path, {"comment_text": "More chalk."}), 403, "forbidden")
    phone = Phone(reader, athlete.user_id)
    for action, row_id, fields in (
        ("insert", None, words(session)),
        ("update", spoken["row_id"], {"comment_text": "Less."}),
        ("delete", spoken["row_id"], None),
    ):
        (result,) = await _push(reader, athlete, phone.do(COMMENT, action, row_id, fields))
        assert (result["status"], slug(result)) == ("REFUSED", "forbidden")
    writer = await token_of(person, "training:read", "training:write")
    assert statuses(await _push(writer, athlete, Phone(writer).do(COMMENT, "insert", fields=words(session)))) == ["APPLIED"]


async def test_a_coach_who_may_read_may_speak(athlete: Person, grant: Grant, session: str) -> None:
    coach = await grant("training:read")
    assert statuses(await _push(coach, athlete, Phone(coach).do(COMMENT, "insert", fields=words(session)))) == ["APPLIED"]
    deaf = await grant("measurements:read")
    (result,) = await _push(deaf, athlete, Phone(deaf).do(COMMENT, "insert", fields=words(session)))
    assert (result["status"], slug(result)) == ("REFUSED", "forbidden")


async def _push(person: Person, athlete: Person, operation: dict[str, object]) -> list[dict[str, object]]:
    response = await person.post(f"/api/v1/athletes/{athlete.user_id}/sync", {"operations": [operation]})
    assert response.status_code == 200, response.text
    found: list[dict[str, object]] = response.json()["results"]
    return found
