"""Imports as requests: who may, what is wrong with a form, hostile files, lists."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import HEVY_HEAD, Importer, hevy

from helpers import Person, pointers, problem, register

BENCH = "Bench Press (Barbell)"
GOOD = hevy(f"{BENCH},,,0,normal,80,5,,,")
STRONG = (
    b"Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds\n2024-06-04 18:10:00,A,1h,Squat,1,80,5,0,0\n"
)
BOUNDARY = "frontier"


def part(name: str, contents: bytes, *, filename: str | None = None, headers: str = "") -> bytes:
    shown = f'; filename="{filename}"' if filename is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{shown}\r\n{headers}\r\n'
    return head.encode() + contents + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


async def send_raw(person: Person, contents: bytes, content_type: str | bytes = f"multipart/form-data; boundary={BOUNDARY}") -> Any:
    return await person.post("imports", content=contents, headers={"Content-Type": content_type})


async def test_two_athletes_do_not_see_each_others_imports(
    importer: Importer, stranger: Person, importing: Callable[[Person], Importer]
) -> None:
    made = await importer.apply(GOOD)
    other = importing(stranger)
    assert (await stranger.get("imports")).json()["items"] == []
    for answer in (
        await stranger.get(f"imports/{made['id']}"),
        await stranger.delete(f"imports/{made['id']}"),
        await stranger.get(f"/api/v1/athletes/{importer.person.user_id}/imports"),
        await stranger.get(f"/api/v1/athletes/{importer.person.user_id}/imports/{made['id']}"),
        await stranger.delete(f"/api/v1/athletes/{importer.person.user_id}/imports/{made['id']}"),
        await stranger.post(f"/api/v1/athletes/{importer.person.user_id}/imports", files={"file": ("a.csv", GOOD)}),
    ):
        problem(answer, 404, "not-found")
    theirs = await other.apply(GOOD)
    assert theirs["counts"]["sets_new"] == 1
    await other.undo(theirs)
    assert len(await importer.sets()) == 1


async def test_nobody_and_no_api_token_may_import(importer: Importer) -> None:
    person = importer.person
    answer = await person.http.post("/api/v1/athletes/me/imports", files={"file": ("a.csv", GOOD)})
    problem(answer, 401, "unauthenticated")
    scopes = ["training:read", "training:write", "measurements:read", "measurements:write"]
    token = (await person.post("/api/v1/me/tokens", {"name": "phone", "scopes": scopes})).json()
    headers = {"Authorization": f"Bearer {token['token']}"}
    problem(await person.post("imports", files={"file": ("a.csv", GOOD)}, headers=headers), 403, "forbidden")


async def test_every_wrong_field_is_named(importer: Importer) -> None:
    fields = {
        "format": "fitbod",
        "dry_run": "perhaps",
        "time_zone": "Mars/Olympus",
        "weight_unit": "stone",
        "distance_unit": "yard",
        "mappings": "[]",
        "colour/~": "red",
    }
    document = problem(await importer.person.post("imports", data=fields, files={"other": ("a", b"")}), 422, "invalid")
    wanted = {"/file", "/format", "/dry_run", "/time_zone", "/weight_unit", "/distance_unit", "/other", "/colour~1~0"}
    assert pointers(document) >= wanted
    problem(await importer.send(GOOD, mappings='{"A": 5}'), 422, "invalid")


async def test_blank_fields_are_fields_that_were_left_out(importer: Importer) -> None:
    made = await importer.apply(GOOD, format="auto", weight_unit="", time_zone="", mappings="", dry_run="false")
    assert made["time_zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("contents", "wrong"),
    [
        (body(), "/file"),
        (body(part("file", GOOD)), "/file"),
        (body(part("file", GOOD, filename="a"), part("file", GOOD, filename="b")), "/file"),
        (body(part("file", GOOD, filename="a"), part("dry_run", b"true", filename="c")), "/dry_run"),
        (body(part("format", b"\xff\xfe"), part("file", GOOD, filename="a")), ""),
        (body(part("format", b"auto", headers="Content-Type: text/plain; charset=klingon\r\n")), ""),
        (body(part("file", GOOD, filename="a"))[:-9], ""),
        (b"", "/file"),
        (b"nonsense", ""),
    ],
)
async def test_forms_that_are_none(importer: Importer, contents: bytes, wrong: str) -> None:
    assert wrong in pointers(problem(await send_raw(importer.person, contents), 422, "invalid"))


@pytest.mark.parametrize("content_type", ["application/json", "text/csv", "application/x-www-form-urlencoded", ""])
async def test_other_content_types(importer: Importer, content_type: str) -> None:
    problem(await send_raw(importer.person, b"{}", content_type), 415, "unsupported-media-type")


async def test_a_form_without_a_boundary(importer: Importer) -> None:
    problem(await send_raw(importer.person, body(part("file", GOOD, filename="a")), "multipart/form-data"), 422, "invalid")
    document = problem(await send_raw(importer.person, b"x", b"multipart/form-data; boundary=\xc3\xa9"), 422, "invalid")
    assert document["errors"]


async def test_too_large_a_file_or_body(importer: Importer) -> None:
    document = problem(await importer.send(GOOD + b" " * (5 * 1024 * 1024)), 413, "body-too-large")
    assert pointers(document) == {"/file"}
    problem(await importer.send(GOOD + b" " * (6 * 1024 * 1024)), 413, "body-too-large")


@pytest.mark.parametrize(
    ("file", "fields", "pointer", "reason"),
    [
        (b"", {}, "/file", "empty file"),
        (b"a,b\n1,2\n", {}, "/file", "unknown header"),
        (b"\x89PNG\x81\x8d\x8f", {}, "/file", "not a text file"),
        (GOOD, {"format": "strong"}, "/format", "other format"),
        (STRONG, {}, "/weight_unit", "weight unit needed"),
        (hevy(*[f"{BENCH},,,{i},normal,x,5,,," for i in range(3)]), {}, "/file", "more than half of the rows are bad"),
    ],
)
async def test_files_that_are_refused(importer: Importer, file: bytes, fields: dict[str, str], pointer: str, reason: str) -> None:
    document = problem(await importer.send(file, **fields), 422, "import-refused")
    assert (pointers(document), document["reason"]) == ({pointer}, reason)
    assert document["issues_total"] == len(document["issues"])
    assert await importer.seq() == 0 or await importer.sets() == []


async def test_what_is_shown_of_a_thousand_issues_is_capped(importer: Importer) -> None:
    wide = HEVY_HEAD.replace("rpe", "rpe" + "!" * 5000).encode()
    rows = hevy(*[f"{BENCH},,,{i},normal,80,5,,,77" for i in range(1200)]).split(b"\n", 1)[1]
    made = await importer.apply(wide + rows)
    assert (made["issues_total"], len(made["issues"]), made["counts"]["warnings"]) == (1200, 1000, 1200)
    assert len(made["issues"][0]["column"]) == 100


async def test_lists_page_and_hold_no_details(importer: Importer) -> None:
    made = [(await importer.apply(hevy(f"{BENCH},,,0,normal,80,5,,,", title=f"T{n}")))["id"] for n in range(3)]
    first = (await importer.person.get("imports?limit=2")).json()
    assert [item["id"] for item in first["items"]] == made[:0:-1]
    assert first["items"][0].keys().isdisjoint({"issues", "exercises", "place"})
    rest = (await importer.person.get(f"imports?limit=2&cursor={first['next_cursor']}")).json()
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == (made[:1], None)
    problem(await importer.person.get("imports?cursor=nonsense"), 422, "invalid")


async def test_reading_one_and_preconditions(importer: Importer) -> None:
    made = await importer.apply(GOOD)
    answer = await importer.person.get(f"imports/{made['id']}")
    assert (answer.json(), answer.headers["etag"]) == (made, '"1"')
    problem(await importer.person.get(f"imports/{uuid4()}"), 404, "not-found")
    problem(await importer.person.delete(f"imports/{uuid4()}"), 404, "not-found")
    stale = await importer.person.delete(f"imports/{made['id']}", headers={"If-Match": '"7"'})
    assert problem(stale, 412, "precondition-failed")["current"] == made
    undone = await importer.person.delete(f"imports/{made['id']}", headers={"If-Match": '"1"'})
    assert (undone.status_code, undone.headers["etag"]) == (200, '"2"')


CLASSIC = Path(__file__).resolve().parents[1] / "data" / "strong" / "classic.csv"


async def test_a_retry_with_its_key_gets_the_first_answer(importer: Importer) -> None:
    contents = body(part("file", GOOD, filename="a.csv"))
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    headers = {"Content-Type": content_type, "Idempotency-Key": "once"}
    answers = [await importer.person.post("imports", content=contents, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


async def test_undo_is_one_act_in_the_ledger(importer: Importer) -> None:
    made = await importer.apply(GOOD)
    before = await importer.seq()
    await importer.undo(made)
    acts = await importer.rows("SELECT DISTINCT request_id, via FROM change WHERE user_id = $1 AND seq > $2", before)
    assert [act["via"] for act in acts] == ["WEB"]


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("31 Mar 2024, 01:30", "2024-03-31 00:30:00+00:00"),
        ("31 Mar 2024, 02:30", "2024-03-31 01:30:00+00:00"),  # skipped: read with the offset before
        ("27 Oct 2024, 02:30", "2024-10-27 00:30:00+00:00"),  # comes twice: the earlier
        ("27 Oct 2024, 03:30", "2024-10-27 02:30:00+00:00"),
    ],
)
async def test_clock_changes(importer: Importer, local: str, utc: str) -> None:
    await importer.apply(hevy(f"{BENCH},,,0,normal,80,5,,,", start=local, end=""))
    (row,) = await importer.sets()
    assert str(row["started_at"]) == str(row["completed_at"]) == utc
    assert row["actual_duration_seconds"] is None


async def test_a_session_through_a_clock_change_is_as_long_as_it_was(importer: Importer) -> None:
    await importer.apply(hevy(f"{BENCH},,,0,normal,80,5,,,", start="31 Mar 2024, 01:30", end="31 Mar 2024, 03:30"))
    (row,) = await importer.sets()
    assert row["actual_duration_seconds"] == 3600
    strong = STRONG.replace(b"2024-06-04 18:10:00", b"2024-10-27 01:30:00").replace(b"1h", b"2h")
    await importer.apply(strong, weight_unit="kg")
    assert (await importer.sets())[1]["actual_duration_seconds"] == 7200


async def test_the_time_zone_of_the_request(importer: Importer) -> None:
    made = await importer.apply(GOOD, time_zone="America/New_York")
    assert made["time_zone"] == "America/New_York"
    assert str((await importer.sets())[0]["started_at"]) == "2024-06-04 22:10:00+00:00"


async def test_before_1970_in_utc(importer: Importer) -> None:
    made = await importer.preview(hevy(f"{BENCH},,,0,normal,80,5,,,", start="1 Jan 1970, 00:30", end=""))
    assert [(i["line"], i["reason"]) for i in made["issues"]] == [(2, "before 1970")]


async def test_the_name_of_the_file_is_only_a_name(importer: Importer) -> None:
    response = await importer.send(GOOD, name="../../etc/pass\x07wd.csv")
    assert response.json()["file_name"] in ("passwd.csv", "pass%07wd.csv")


CELLS = st.sampled_from(
    [
        "",
        "0",
        "-5",
        "1e9",
        "999999999",
        "2000",
        "2000.00000000000000000001",
        "NaN",
        "32767",
        "1000",
        '"',
        "💪",
        "\x00",
        "7,5",
        "(Assisted)",
    ]
)


@st.composite
def hostile_files(draw: st.DrawFn) -> bytes:
    """Rows of a Hevy file with any cell replaced, then bytes of the whole changed."""
    lines = [HEVY_HEAD.rstrip("\n")]
    for index in range(draw(st.integers(1, 8))):
        cells = [
            "Upper",
            '"4 Jun 2024, 18:10"',
            '"4 Jun 2024, 19:02"',
            "",
            BENCH,
            "",
            "",
            str(index),
            "normal",
            "80",
            "5",
            "",
            "",
            "",
        ]
        for place in draw(st.lists(st.integers(0, 13), max_size=3)):
            cells[place] = draw(CELLS)
        lines.extend([",".join(cells)] * draw(st.sampled_from([1, 1, 1, 40])))
    data = bytearray("\n".join(lines).encode())
    for place in draw(st.lists(st.integers(0, len(data) - 1), max_size=4)):
        data[place] = draw(st.integers(0, 255))
    return bytes(data)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=hostile_files(), unit=st.sampled_from(["kg", "lb"]))
async def test_no_file_breaks_the_server(importer: Importer, file: bytes, unit: str) -> None:
    response = await importer.send(file, weight_unit=unit)
    assert response.status_code in (200, 201, 413, 422), response.text
    if response.status_code == 201:
        await importer.assert_summaries_exact()
        assert (await importer.send(file, weight_unit=unit)).json()["counts"]["sets_new"] == 0


async def test_a_coach_may_not_import(importer: Importer, stranger: Person) -> None:
    await importer.rows(
        """INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version)
           VALUES ($2, $1, $3, ARRAY['training:read', 'training:write', 'measurements:read', 'measurements:write'], '1')
           RETURNING id""",
        uuid4(),
        stranger.user_id,
    )
    path = f"/api/v1/athletes/{importer.person.user_id}/imports"
    problem(await stranger.post(path, files={"file": ("a.csv", GOOD)}), 403, "forbidden")
    problem(await stranger.get(path), 403, "forbidden")
    assert await register(stranger.http, "other")


CLASSIC = Path(__file__).resolve().parents[1] / "data" / "strong" / "classic.csv"


async def test_a_retry_with_its_key_is_the_same_request_though_the_boundary_is_new(athlete: Person) -> None:
    file = CLASSIC.read_bytes()
    form = {"files": {"file": ("strong.csv", file)}, "data": {"weight_unit": "kg"}, "headers": {"Idempotency-Key": "k1"}}
    first, again = await athlete.post("imports", **form), await athlete.post("imports", **form)
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert again.json() == first.json()
    other = {**form, "data": {"weight_unit": "lb"}}
    problem(await athlete.post("imports", **other), 422, "idempotency-key-reused")
