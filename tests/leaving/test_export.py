"""An export holds everything, tells what it holds, and another account can import it."""

import asyncio
import csv
import hashlib
import io
import json
import random
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from good_requests.base import BENCH_PRESS
from helpers import Person, problem, register
from reptrail.catalog.builtin import builtin_id
from reptrail.db.embedded import DatabaseUrls
from reptrail.demo.history import generate
from reptrail.demo.store import store
from reptrail.export import actions as export_actions
from reptrail.export import queries
from reptrail.export.actions import write_export
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.transfer.formats import own

BODY_WEIGHT = str(builtin_id("metric", "body-weight"))
NOTE = "=1+1, \"quoted\"\nand a second line; 'apostrophes', ümlauts, 💪"


async def exported(person: Person) -> zipfile.ZipFile:
    answer = await person.get("export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="reptrail-export-20')
    assert int(answer.headers["content-length"]) == len(answer.content)
    return zipfile.ZipFile(io.BytesIO(answer.content))


def lines(archive: zipfile.ZipFile, table: str) -> list[Any]:
    return [json.loads(line) for line in archive.read(f"data/{table}.jsonl").splitlines()]


async def train(person: Person) -> None:
    """A history with everything in it that a set and a measurement can be."""
    made = await person.post("/api/v1/exercises", {
        "exercise_name": "=Kreuzheben, mit „Gurt“", "equipment": "BARBELL", "mechanic": "COMPOUND", "tracks": "REPS_WEIGHT",
    })  # fmt: skip
    assert made.status_code == 201, made.text
    own_exercise = made.json()["id"]
    for number, day in enumerate(("2026-03-29T00:30:00Z", "2026-10-25T00:30:00.125Z", "2026-10-25T01:30:00Z")):
        session = await person.post("sessions", {
            "session_status": "COMPLETED", "started_at": day, "completed_at": day.replace("30:00", "59:59"),
            "actual_duration_seconds": 1000 + number, "effort_rating": 7, "soreness_rating": 0, "session_notes": NOTE,
        })  # fmt: skip
        assert session.status_code == 201, session.text
        path = f"sessions/{session.json()['id']}/sets"
        for entry in (
            {"exercise_id": BENCH_PRESS, "reps": 5, "weight": 225, "weight_unit": "lb", "kind": "WARMUP", "notes": NOTE},
            {"exercise_id": BENCH_PRESS, "reps": 5, "weight": 102.25, "weight_unit": "kg", "rpe": 8.5},
            {"exercise_id": BENCH_PRESS, "reps": 0, "weight": 120, "weight_unit": "kg", "kind": "FAILURE"},
            {"exercise_id": BENCH_PRESS, "reps": 9, "weight": 60, "weight_unit": "kg", "kind": "DROP"},
            {"exercise_id": own_exercise, "reps": 12, "weight": 20, "weight_unit": "kg", "load": "ASSISTED", "kind": "AMRAP"},
            {"exercise_id": own_exercise, "reps": 8, "load": "BODYWEIGHT"},
            {"exercise_id": str(builtin_id("exercise", "running")), "duration_seconds": 1801, "distance_m": 5000.5},
        ):
            answer = await person.post(path, entry)
            assert answer.is_success, answer.text
    weighed = [
        {
            "metric_id": BODY_WEIGHT,
            "measured_value": 180.4,
            "unit": "lb",
            "measurement_date": "2026-03-01",
            "measurement_notes": NOTE,
        },
        {"metric_id": BODY_WEIGHT, "measured_value": 81.35, "unit": "kg", "measurement_date": "2026-03-02"},
        {"metric_id": str(builtin_id("metric", "height")), "measured_value": 181, "unit": "cm", "measurement_date": "2026-03-01"},
    ]
    for each in weighed:
        answer = await person.post("measurements", each)
        assert answer.is_success, answer.text


SETS = """
    SELECT s.started_at, s.completed_at AS session_completed_at, s.actual_duration_seconds, s.session_notes, s.effort_rating,
        s.soreness_rating, s.session_status, e.exercise_name, p.performance_notes, p.sets_completed, p.reps_completed,
        p.weight_used_kg, p.duration_seconds AS seconds, t.set_number, t.kind, t.reps, t.weight, t.weight_unit, t.weight_kg, t.load,
        t.duration_seconds, t.distance_m, t.rpe, t.notes
    FROM user_workout_session s JOIN user_exercise_performance p ON p.user_workout_session_id = s.id AND p.is_active
    JOIN user_set_performance t ON t.user_exercise_performance_id = p.id AND t.is_active
    JOIN exercise e ON e.id = p.exercise_id
    WHERE s.user_id = $1 AND s.is_active AND s.session_status = 'COMPLETED'
    ORDER BY s.started_at, s.id, e.exercise_name, t.set_number, t.reps, t.weight
"""
MEASURED = """
    SELECT m.slug, n.measured_value, n.unit, n.canonical_value, n.measurement_date, n.measurement_source, n.measurement_notes
    FROM user_measurement n JOIN metric m ON m.id = n.metric_id WHERE n.user_id = $1 AND n.is_active
    ORDER BY n.measurement_date, m.slug, n.measured_value
"""


async def told(urls: DatabaseUrls, user_id: str) -> list[list[tuple[Any, ...]]]:
    connection = await asyncpg.connect(urls.owner)
    try:
        return [[tuple(row) for row in await connection.fetch(sql, UUID(user_id))] for sql in (SETS, MEASURED)]
    finally:
        await connection.close()


async def imports(person: Person, data: bytes, name: str = "export.zip", **fields: str) -> httpx.Response:
    return await person.post("imports", files={"file": (name, data)}, data=fields)


async def test_everything_is_in_it(athlete: Person, urls: DatabaseUrls) -> None:
    await train(athlete)
    archive = await exported(athlete)
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["format_version"], manifest["athlete_id"]) == ("reptrail-export", 1, athlete.user_id)
    assert {each["name"] for each in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
    for each in manifest["files"]:
        data = archive.read(each["name"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (each["bytes"], each["sha256"]), each["name"]
    connection = await asyncpg.connect(urls.owner)
    tables = [row[0] for row in await connection.fetch(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'user_id' "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'")]  # fmt: skip
    assert set(tables) == set(queries.TABLES) | set(queries.LEFT_OUT), "a table is neither exported nor left out"
    rows = {each["name"]: each["rows"] for each in manifest["files"]}
    for table in queries.TABLES:
        count = await connection.fetchval(f"SELECT count(*) FROM {table} WHERE user_id = $1", UUID(athlete.user_id))  # noqa: S608
        assert rows[f"data/{table}.jsonl"] == count == len(lines(archive, table)), table
    changes = [json.loads(line) for line in archive.read("ledger/change.jsonl").splitlines()]
    assert [each["seq"] for each in changes] == list(range(1, manifest["ledger_seq"] + 1))
    assert changes[-1]["hash"] == manifest["ledger_hash"]
    await connection.close()


async def test_hidden_rows_are_in_it_and_secrets_are_not(athlete: Person) -> None:
    made = await athlete.post("measurements", {"metric_id": BODY_WEIGHT, "measured_value": 80, "unit": "kg"})
    assert (await athlete.delete(f"measurements/{made.json()['id']}")).is_success
    await athlete.post("/api/v1/me/tokens", {"name": "x", "scopes": ["training:read"]})
    await athlete.post("/api/v1/me/calendar-feeds", {"feed_name": "phone"})
    archive = await exported(athlete)
    assert [row["is_active"] for row in lines(archive, "user_measurement")] == [False]
    assert len(lines(archive, "api_token")) == len(lines(archive, "calendar_feed")) == 1
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"secret_hash" not in everything
    assert b"refresh_key" not in everything
    assert b"argon2" not in everything
    sets = list(csv.reader(io.StringIO(archive.read("csv/measurements.csv").decode())))
    assert sets == [list(own.MEASUREMENT_COLUMNS)]


async def test_nobody_elses_row_is_in_it(athlete: Person, stranger: Person) -> None:
    await train(stranger)
    archive = await exported(athlete)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert stranger.user_id.encode() not in everything
    assert stranger.email.encode() not in everything


async def test_there_and_back(http: httpx.AsyncClient, urls: DatabaseUrls, athlete: Person) -> None:
    await train(athlete)
    answer = await athlete.get("export")
    other = await register(http, "other", time_zone="America/New_York")
    dry = await imports(other, answer.content, dry_run="true")
    assert dry.status_code == 200, dry.text
    assert (dry.json()["counts"]["sets_new"], dry.json()["issues"]) == (21, [])
    made = await imports(other, answer.content)
    assert made.status_code == 201, made.text
    assert made.json()["import_format"] == "reptrail"
    before, after = await told(urls, athlete.user_id), await told(urls, other.user_id)
    assert len(before[0]) == 21
    assert after == before
    # Again: nothing; back: nothing is left of it.
    again = await imports(other, answer.content)
    assert (again.status_code, again.json()["counts"]["sets_present"]) == (200, 21)
    assert (await other.delete(f"imports/{made.json()['id']}")).is_success
    assert await told(urls, other.user_id) == [[], []]
    assert (await imports(other, answer.content)).status_code == 201
    assert await told(urls, other.user_id) == before


async def test_into_the_same_account_it_changes_nothing(athlete: Person, urls: DatabaseUrls) -> None:
    await train(athlete)
    answer = await athlete.get("export")
    before = await told(urls, athlete.user_id)
    again = await imports(athlete, answer.content)
    assert again.status_code == 200, again.text
    assert (again.json()["counts"]["sets_new"], again.json()["counts"]["measurements_new"]) == (0, 0)
    assert await told(urls, athlete.user_id) == before


async def test_each_file_by_itself(http: httpx.AsyncClient, urls: DatabaseUrls, athlete: Person) -> None:
    await train(athlete)
    archive = await exported(athlete)
    other = await register(http, "other")
    for name in (own.SETS_FILE, own.MEASUREMENTS_FILE):
        made = await imports(other, archive.read(name), name, format="reptrail")
        assert made.status_code == 201, made.text
    assert await told(urls, other.user_id) == await told(urls, athlete.user_id)


async def test_what_comes_back_from_another_account_is_known_again(
    http: httpx.AsyncClient, athlete: Person, urls: DatabaseUrls
) -> None:
    await train(athlete)
    other = await register(http, "other")
    assert (await imports(other, (await athlete.get("export")).content)).status_code == 201
    before = await told(urls, athlete.user_id)
    newer = await other.post("measurements", {"metric_id": BODY_WEIGHT, "measured_value": 82, "unit": "kg"})
    assert newer.is_success
    back = (await other.get("export")).content
    counts = (await imports(other, back)).json()["counts"]
    assert (counts["sets_new"], counts["measurements_new"]) == (0, 0)
    returned = (await imports(athlete, back)).json()["counts"]
    assert (returned["sets_new"], returned["measurements_new"]) == (0, 1)
    assert (await told(urls, athlete.user_id))[0] == before[0]
    third = await register(http, "third")  # by whichever way it comes, it comes once
    for way, new in ((back, 21), ((await athlete.get("export")).content, 0)):
        assert (await imports(third, way)).json()["counts"]["sets_new"] == new


async def test_a_program_that_cannot_be_a_file_keeps_nobody_here(athlete: Person) -> None:
    named = {"exercise_name": "bench-press-barbell", "equipment": "BARBELL", "mechanic": "COMPOUND", "tracks": "REPS_WEIGHT"}
    exercise = (await athlete.post("/api/v1/exercises", named)).json()["id"]
    asked = [{"exercise_id": exercise, "sets": 3, "reps_min": 5, "reps_max": 5}]
    for name, instructions in (("Mine", asked), ("Another", [{**asked[0], "exercise_id": BENCH_PRESS}])):
        workout = {"workout_key": "a", "workout_name": "A", "instructions": instructions}
        made = await athlete.post("/api/v1/programs", {"program_name": name, "days": [{"workouts": ["a"]}], "workouts": [workout]})
        assert made.status_code == 201, made.text
    archive = await exported(athlete)
    assert [name for name in archive.namelist() if name.startswith("programs/")] == ["programs/002-another.toml"]
    assert "rename it first" in json.loads(archive.read("manifest.json"))["left_out"]["programs/001-mine.toml"]
    assert len(lines(archive, "program_revision")) == 2


async def test_exports_leave_others_a_connection(
    services: Services, athlete: Person, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    enough = asyncio.Event()
    under_way = 0

    async def slow(_tx: Any, _made_at: datetime) -> BinaryIO:
        nonlocal under_way
        under_way += 1
        await enough.wait()
        return TemporaryFile()

    monkeypatch.setattr(export_actions, "write_export", slow)
    exports = [asyncio.create_task(athlete.get("export")) for _ in range(services.settings.pool_connections)]
    try:
        async with asyncio.timeout(20):
            assert (await stranger.get("measurements")).is_success
        assert under_way <= services.settings.pool_connections // 4
    finally:
        enough.set()
        assert all(answer.is_success for answer in await asyncio.gather(*exports))


async def test_an_export_larger_than_any_other_request_is_imported(athlete: Person, stranger: Person) -> None:
    await train(athlete)
    data = io.BytesIO((await athlete.get("export")).content)
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("ledger/more.jsonl", random.Random(5).randbytes(7_000_000))  # noqa: S311 - what does not compress
    made = await imports(stranger, data.getvalue())
    assert (made.status_code, made.json()["counts"]["sets_new"]) == (201, 21)
    problem(await imports(stranger, data.getvalue() * 5), 413, "body-too-large")


@pytest.mark.parametrize("column", ["session_started_at", "session_completed_at", "measurement_date"])
@pytest.mark.parametrize("value", ["0001-01-01", "1969-12-30", "2100-01-02", "9999-12-31"])
async def test_in_years_nobody_lives_in_nothing_was_done(athlete: Person, column: str, value: str) -> None:
    """PostgreSQL takes the first and the last day for infinite, and no chart could be read any more."""
    columns = own.MEASUREMENT_COLUMNS if column == "measurement_date" else own.SET_COLUMNS
    good = {
        "measurement_id": str(uuid4()), "measurement_date": "2026-03-01", "metric": "body-weight", "value": "80", "unit": "kg",
        "session_id": str(uuid4()), "session_started_at": "2026-03-01T10:00:00Z", "exercise_number": "1", "set_number": "1",
        "exercise_name": "Bench Press (Barbell)", "reps": "5", "weight": "100", "weight_unit": "kg",
    }  # fmt: skip
    wrong = {**good, "measurement_id": str(uuid4()), "session_id": str(uuid4())}
    wrong[column] = value if column == "measurement_date" else f"{value}T23:59:59-14:00"
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows([good, wrong])
    answer = await imports(athlete, file.getvalue().encode(), "own.csv")
    assert answer.status_code == 201, answer.text
    assert [(issue["line"], issue["severity"]) for issue in answer.json()["issues"]] == [(3, "error")]
    for path in ("progress/summary", "progress/body", "progress/measurements/body-weight", "export"):
        assert (await athlete.get(path)).status_code == 200, path


BROKEN = [
    ("reps", "-1"), ("reps", "five"), ("weight", "1e9"), ("weight", "NaN"), ("weight", "6000"), ("weight_unit", "stone"),
    ("weight_unit", ""), ("set_kind", "HARD"), ("load", "x"), ("rpe", "10.5"), ("rpe", "7.3"), ("distance_m", "-5"),
    ("set_number", "0"), ("set_number", "99999"), ("session_id", "1"), ("session_started_at", "2026-03-01 10:00"),
    ("session_started_at", ""),
    ("session_completed_at", "2020-01-01T00:00:00Z"), ("exercise_name", ""), ("exercise_name", "x" * 121),
    ("set_notes", "x" * 1001), ("effort_rating", "11"), ("exercise_number", "40000"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value"), BROKEN)
async def test_a_wrong_field_is_named_and_only_its_row_is_left_out(athlete: Person, column: str, value: str) -> None:
    good = {
        "session_id": str(uuid4()), "session_started_at": "2026-03-01T10:00:00+01:00",
        "session_completed_at": "2026-03-01T11:00:00+01:00", "exercise_number": "1", "exercise_name": "Bench Press (Barbell)",
        "set_number": "1", "set_kind": "WORKING", "reps": "5", "weight": "100", "weight_unit": "kg", "load": "EXTERNAL",
    }  # fmt: skip
    file = io.StringIO()
    writer = csv.DictWriter(file, own.SET_COLUMNS)
    writer.writeheader()
    writer.writerows([good, {**good, "set_number": "2"}, {**good, "set_number": "3", column: value}])
    answer = await imports(athlete, file.getvalue().encode(), "sets.csv", dry_run="true")
    assert answer.status_code == 200, answer.text
    assert answer.json()["counts"]["sets"] == 2
    assert [(issue["line"], issue["column"]) for issue in answer.json()["issues"]][:1] == [(4, column)]


async def test_what_is_no_export_is_refused(athlete: Person) -> None:
    def zipped(**files: bytes) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(f"csv/{name}.csv", data)
        return made.getvalue()

    good = zipped(sets=",".join(own.SET_COLUMNS).encode(), measurements=",".join(own.MEASUREMENT_COLUMNS).encode())
    for data in (b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, zipped(sets=b"x"), good[:-40], good[:60] + b"\0" * 30 + good[90:]):
        document = problem(await imports(athlete, data), 422, "import-refused")
        assert document["reason"] in ("not an export", "unknown header")
    bomb = zipped(sets=b"0" * (own.MAX_UNPACKED_BYTES + 1), measurements=b"")
    assert len(bomb) < 100_000
    problem(await imports(athlete, bomb), 413, "body-too-large")
    problem(await imports(athlete, good, format="strong"), 422, "import-refused")


async def test_a_coach_exports_nothing(http: httpx.AsyncClient, athlete: Person, stranger: Person) -> None:
    current = (await athlete.get("/api/v1/consents/current")).json()["consent_version"]
    scopes = ["training:read", "training:write", "program:assign", "measurements:read", "measurements:write"]
    assert (await athlete.post("grants", {"coach_email": stranger.email, "scopes": scopes, "consent_version": current})).is_success
    problem(await stranger.get(f"/api/v1/athletes/{athlete.user_id}/export"), 403, "forbidden")
    problem(await http.get("/api/v1/athletes/me/export"), 401, "unauthenticated")


async def test_it_takes_little_memory(services: Services, athlete: Person) -> None:
    """Half a year of training as the demonstration athlete's: nothing is held whole."""
    async with services.database.act_as_system(athlete.user_id, uuid7()) as tx:
        await store(tx, generate(weeks=26, seed=7, today=date(2026, 11, 22)))
    tracemalloc.start()
    try:
        async with services.database.act_as_system(athlete.user_id, uuid7(), snapshot=True) as tx:
            with await write_export(tx, datetime(2026, 11, 22, tzinfo=UTC)) as file:
                size = file.seek(0, 2)
                archive = zipfile.ZipFile(file)
                unpacked = sum(info.file_size for info in archive.infolist())
                assert archive.testzip() is None
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 100_000
    assert peak < max(12_000_000, unpacked / 2), (peak, unpacked)
