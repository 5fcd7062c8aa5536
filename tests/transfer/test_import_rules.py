"""What names, weights and times come to mean, and importing without HTTP."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from importing import Importer, hevy

from reptrail.catalog.rules import Equipment, Tracks
from reptrail.db.pool import Via
from reptrail.errors import Problem
from reptrail.ids import uuid7
from reptrail.training.rules import SetLoad
from reptrail.transfer.actions import ImportOptions, run_import
from reptrail.transfer.formats.detect import parse
from reptrail.transfer.formats.parsed import ParsedSession
from reptrail.transfer.plan import block_key, block_of, set_key
from reptrail.transfer.rules import Exercise, How, Lookup, resolve, resolve_load, utc_span

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("hint", "exercise", "weight", "meant"),
    [
        (None, "EXTERNAL", "80", ("EXTERNAL", "80")),
        (None, "EXTERNAL", None, ("EXTERNAL", None)),
        (None, "EXTERNAL", "-5", None),
        (None, "BODYWEIGHT", None, ("BODYWEIGHT", None)),
        (None, "BODYWEIGHT", "10", ("ADDED", "10")),
        (None, "BODYWEIGHT", "-10", ("ASSISTED", "10")),
        (None, "ADDED", "10", ("ADDED", "10")),
        (None, "ADDED", None, ("BODYWEIGHT", None)),
        (None, "ASSISTED", "30", ("ASSISTED", "30")),
        (None, "ASSISTED", "-30", ("ASSISTED", "30")),
        ("ASSISTED", "EXTERNAL", "30", ("ASSISTED", "30")),
        ("ASSISTED", "BODYWEIGHT", "-30", ("ASSISTED", "30")),
        ("ADDED", "EXTERNAL", "10", ("ADDED", "10")),
        ("ADDED", "BODYWEIGHT", None, ("BODYWEIGHT", None)),
        ("BODYWEIGHT", "EXTERNAL", None, ("BODYWEIGHT", None)),
        ("BODYWEIGHT", "EXTERNAL", "10", ("ADDED", "10")),
    ],
)
def test_what_a_weight_means(hint: str | None, exercise: str, weight: str | None, meant: tuple[str, str | None] | None) -> None:
    found = resolve_load(SetLoad(hint) if hint else None, SetLoad(exercise), Decimal(weight) if weight else None)
    wanted = None if meant is None else (SetLoad(meant[0]), None if meant[1] is None else Decimal(meant[1]))
    assert found == wanted


@pytest.mark.parametrize(
    ("start", "end", "states_end", "seconds"),
    [
        ("2024-06-04T18:00", "2024-06-04T19:00", True, 3600),
        ("2024-06-04T18:00", None, True, None),
        ("2024-06-04T18:00", "2024-06-04T18:00", True, None),
        ("2024-03-31T01:30", "2024-03-31T03:30", True, 3600),
        ("2024-03-31T01:30", "2024-03-31T03:30", False, 7200),
        ("2024-10-27T01:30", "2024-10-27T03:30", True, 10_800),
        ("2024-03-31T02:45", "2024-03-31T03:15", True, 1800),  # began in the hour that was skipped
        ("2024-06-04T18:00", "2024-06-06T18:00", True, None),
    ],
)
def test_how_long_a_session_was(start: str, end: str | None, states_end: bool, seconds: int | None) -> None:
    session = ParsedSession(2, "k", "n", datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
    span = utc_span(session, BERLIN, states_end=states_end)
    assert span.seconds == seconds
    assert span.completed_at >= span.started_at
    assert span.started_at.utcoffset() == timedelta(0)


def test_the_order_in_which_a_name_is_looked_up() -> None:
    mapped, own, alias = (Exercise(uuid4(), name, SetLoad.EXTERNAL) for name in ("Mapped", "Squat (Barbell)", "Other"))
    lookup = Lookup()
    assert lookup.find("Squat (Barbell)") is not None
    assert (lookup.find("Squat (Barbell)") or ("", ""))[1] is How.EXACT
    assert (lookup.find("Barbell Squats") or ("", ""))[1] in (How.EXACT, How.NORMALISED)
    lookup.add_own([(alias, ["Thing (Cable)"]), (own, [])])
    assert lookup.find("squat barbell") == (own, How.OWN)
    assert lookup.find("THING cable") == (alias, How.OWN)
    lookup.mapped["squat barbell"] = mapped
    assert lookup.find("Squat (Barbell)") == (mapped, How.MAPPED)
    assert lookup.find("Sofaheben") is None


def test_two_exercises_of_ones_own_that_differ_in_signs_alone() -> None:
    first, second = (Exercise(uuid4(), name, SetLoad.EXTERNAL) for name in ("Sofa-Lift", "Sofa Lift"))
    lookup = Lookup()
    lookup.add_own([(first, []), (second, [])])
    assert [lookup.find(name) for name in ("Sofa-Lift", "SOFA LIFT")] == [(first, How.OWN), (second, How.OWN)]


@pytest.mark.parametrize(
    ("name", "cells", "equipment", "tracks", "load"),
    [
        ("Zzz (Barbell)", "80,5,,,", Equipment.BARBELL, Tracks.REPS_WEIGHT, SetLoad.EXTERNAL),
        ("Zzz (Kabel)", ",5,,,", Equipment.CABLE, Tracks.REPS, SetLoad.EXTERNAL),
        ("Zzz (Weighted)", "10,5,,,", Equipment.BODYWEIGHT, Tracks.REPS_WEIGHT, SetLoad.ADDED),
        ("Zzz (Assisted)", "10,5,,,", Equipment.MACHINE, Tracks.REPS_WEIGHT, SetLoad.ASSISTED),
        ("Zzz", ",,,60,", Equipment.OTHER, Tracks.DURATION, SetLoad.EXTERNAL),
        ("Zzz", "10,,,60,", Equipment.OTHER, Tracks.DURATION_WEIGHT, SetLoad.EXTERNAL),
        ("Zzz", ",,1,60,", Equipment.OTHER, Tracks.DISTANCE_DURATION, SetLoad.EXTERNAL),
        ("Zzz", ",,1,,", Equipment.OTHER, Tracks.DISTANCE, SetLoad.EXTERNAL),
        ("Zzz", "10,,1,,", Equipment.OTHER, Tracks.DISTANCE_WEIGHT, SetLoad.EXTERNAL),
    ],
)
def test_what_a_new_exercise_is_taken_for(name: str, cells: str, equipment: Equipment, tracks: Tracks, load: SetLoad) -> None:
    resolved = resolve(parse(hevy(f"{name},,,0,normal,{cells}")).sessions, Lookup(), uuid7)[name]
    assert resolved.new is not None
    assert (resolved.new.equipment, resolved.new.tracks, resolved.new.load) == (equipment, tracks, load)


@pytest.mark.parametrize("name", ["Squat", "a:b", "1.2:x", "💪"])
def test_a_sets_key_names_its_block(name: str) -> None:
    assert block_of(set_key(name, 12, 34)) == block_key(name, 12)
    assert set_key(name, 1, 11) != set_key(name, 11, 1)


async def test_importing_without_http_tells_how_far_it_is(importer: Importer, samples: Path) -> None:
    told: list[tuple[str, int, int]] = []
    data = (samples / "hevy" / "workout_data_7211_sets.csv").read_bytes()
    user_id = UUID(importer.person.user_id)
    async with importer.services.database.act_as_system(user_id, uuid7(), Via.IMPORT) as tx:
        result = await run_import(tx, data, ImportOptions(file_name="hevy.csv"), lambda *told_now: told.append(told_now))
    assert (result.id is not None, result.counts.sets_new, result.import_status) == (True, 7211, "APPLIED")
    assert told[0] == ("read", 0, 1)
    assert [done for stage, done, total in told if stage == "sets"][-1] == 7211
    assert all(done <= total for _, done, total in told)
    acts = await importer.rows("SELECT DISTINCT via FROM change WHERE user_id = $1 AND table_name = 'user_set_performance'")
    assert [act["via"] for act in acts] == ["IMPORT"]


async def test_a_time_zone_that_is_none(importer: Importer) -> None:
    async with importer.services.database.act_as_system(UUID(importer.person.user_id), uuid7(), Via.IMPORT) as tx:
        with pytest.raises(Problem) as refused:
            await run_import(tx, hevy("Squat,,,0,normal,80,5,,,"), ImportOptions(time_zone="Mars"))
    assert [error.pointer for error in refused.value.errors] == ["/time_zone"]
