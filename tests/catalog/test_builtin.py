from collections import Counter
from uuid import UUID

import pytest

from reptrail.catalog import builtin
from reptrail.catalog.names import match_key
from reptrail.catalog.rules import Equipment, Mechanic, Muscle, Tracks
from reptrail.training.rules import SetLoad

METRICS = """
body-weight body-fat lean-mass height waist hip chest neck shoulder abdomen upper-arm left-upper-arm right-upper-arm
forearm left-forearm right-forearm thigh left-thigh right-thigh calf left-calf right-calf resting-heart-rate hrv
blood-pressure-systolic blood-pressure-diastolic sleep-duration steps vo2max bmi
"""


def test_there_are_enough_exercises_with_different_names_and_ids() -> None:
    exercises = builtin.exercises()
    assert len(exercises) >= 400
    assert len({exercise.id for exercise in exercises}) == len(exercises)
    assert len({exercise.name for exercise in exercises}) == len(exercises)
    assert set(builtin.exercises_by_slug()) == {exercise.slug for exercise in exercises}


def test_every_field_of_every_exercise_is_what_it_says() -> None:
    for exercise in builtin.exercises():
        assert isinstance(exercise.equipment, Equipment)
        assert isinstance(exercise.mechanic, Mechanic)
        assert isinstance(exercise.tracks, Tracks)
        assert isinstance(exercise.load, SetLoad)
        assert exercise.primary
        assert all(isinstance(muscle, Muscle) for muscle in exercise.primary + exercise.secondary)
        assert not set(exercise.primary) & set(exercise.secondary)
        assert exercise.slug == match_key(exercise.name).replace(" ", "-")


def test_every_kind_of_equipment_muscle_and_tracking_is_used() -> None:
    exercises = builtin.exercises()
    assert {exercise.equipment for exercise in exercises} == set(Equipment)
    assert {exercise.tracks for exercise in exercises} == set(Tracks)
    assert {muscle for exercise in exercises for muscle in exercise.primary} == set(Muscle)


def test_the_name_in_brackets_agrees_with_the_equipment() -> None:
    said = {
        "Barbell": Equipment.BARBELL,
        "EZ Bar": Equipment.EZ_BAR,
        "Trap Bar": Equipment.TRAP_BAR,
        "Dumbbell": Equipment.DUMBBELL,
        "Kettlebell": Equipment.KETTLEBELL,
        "Machine": Equipment.MACHINE,
        "Plate Loaded": Equipment.MACHINE,
        "Smith Machine": Equipment.SMITH_MACHINE,
        "Cable": Equipment.CABLE,
        "Band": Equipment.BAND,
        "Plate": Equipment.PLATE,
        "Bodyweight": Equipment.BODYWEIGHT,
        "Suspension": Equipment.SUSPENSION,
        "Medicine Ball": Equipment.MEDICINE_BALL,
        "Stability Ball": Equipment.STABILITY_BALL,
        "Treadmill": Equipment.CARDIO_MACHINE,
        "Indoor": Equipment.CARDIO_MACHINE,
    }
    for exercise in builtin.exercises():
        bracket = exercise.name.partition("(")[2].rstrip(")")
        if bracket in said:
            assert exercise.equipment is said[bracket], exercise.name


def test_assisted_exercises_and_no_others_are_assisted() -> None:
    for exercise in builtin.exercises():
        helped = "(Assisted)" in exercise.name or exercise.name in {"Pull Up (Band)", "Chin Up (Band)"}
        assert (exercise.load is SetLoad.ASSISTED) is helped, exercise.name
        assert "(Weighted)" not in exercise.name, "a weighted name is an alias; its weight is ADDED"


def test_no_alias_is_claimed_twice() -> None:
    claims = Counter(
        key for exercise in builtin.exercises() for key in {match_key(text) for text in (exercise.name, *exercise.aliases)}
    )
    assert [key for key, count in claims.items() if count > 1 or not key] == []


def test_the_popular_stand_first() -> None:
    ranks = [exercise.rank for exercise in builtin.exercises()]
    assert ranks == sorted(ranks)
    first = {exercise.slug for exercise in builtin.exercises()[:45]}
    assert {"bench-press-barbell", "squat-barbell", "deadlift-barbell", "overhead-press-barbell", "pull-up"} <= first


def test_ids_are_the_same_on_every_instance() -> None:
    bench = builtin.exercises_by_slug()["bench-press-barbell"]
    assert bench.id == builtin.builtin_id("exercise", "bench-press-barbell")
    assert bench.id == UUID("ef907c9b-7495-5de2-8ab4-243d65131b08")
    assert builtin.builtin_id("workout", "chest") != builtin.builtin_id("metric", "chest")


def test_all_metrics_are_there_and_agree_with_the_units() -> None:
    metrics = {metric.slug: metric for metric in builtin.metrics()}
    assert set(METRICS.split()) <= set(metrics)
    for metric in metrics.values():
        assert builtin.units()[metric.canonical_unit].factor == 1
        assert metric.plausible_min < metric.plausible_max
    assert [slug for slug, metric in metrics.items() if metric.calculated] == ["bmi"]
    assert metrics["body-weight"].loinc == "29463-7"
    assert metrics["hrv"].loinc is None


def test_workouts_name_exercises_that_are_there() -> None:
    workouts = builtin.workouts()
    assert len(workouts) >= 12
    for workout in workouts:
        assert workout.instructions
        assert workout.id == builtin.builtin_id("workout", workout.slug)
        for instruction in workout.instructions:
            exercise = builtin.exercises_by_slug()[instruction.exercise_slug]
            if instruction.duration_seconds is not None:
                assert "DURATION" in exercise.tracks, (workout.slug, exercise.slug)
            if instruction.distance_m is not None:
                assert "DISTANCE" in exercise.tracks, (workout.slug, exercise.slug)
            if instruction.reps_min is not None:
                assert "REPS" in exercise.tracks, (workout.slug, exercise.slug)


def test_a_superset_has_more_than_one_exercise() -> None:
    for workout in builtin.workouts():
        groups = Counter(each.group_number for each in workout.instructions if each.group_number is not None)
        assert all(count > 1 for count in groups.values()), workout.slug


GOOD = {
    "name": "Bench Press (Barbell)",
    "rank": 1,
    "equipment": "BARBELL",
    "mechanic": "COMPOUND",
    "tracks": "REPS_WEIGHT",
    "load": "EXTERNAL",
    "primary": ["CHEST"],
    "secondary": ["TRICEPS"],
    "aliases": ["Bench"],
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("equipment", "BARBEL"),
        ("primary", ["CHEST", "TORSO"]),
        ("primary", []),
        ("secondary", ["CHEST"]),
        ("rank", "1"),
        ("rank", 9),
        ("aliases", ["Bench", "Bench"]),
        ("name", " "),
        ("colour", "red"),
    ],
)
def test_a_mistake_is_refused_by_slug_and_field(field: str, value: object) -> None:
    fields = builtin._Fields("exercise", "some-slug", {**GOOD, field: value})
    with pytest.raises(ValueError, match=rf"some-slug: {field}"):
        builtin._exercise("some-slug", fields)


def test_a_workout_with_an_unknown_exercise_is_refused() -> None:
    row = {"exercise": "no-such", "sets": 3, "reps_min": 5, "reps_max": 5, "rest_seconds": 60}
    with pytest.raises(ValueError, match=r"workout push instruction 1: exercise: 'no-such'"):
        builtin._instruction("push", 1, row)
