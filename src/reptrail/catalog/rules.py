"""Enums and checks of the catalogue: pure, no I/O, no clock."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from reptrail.errors import FieldError


class Tracks(StrEnum):
    """What is logged for an exercise."""

    REPS_WEIGHT = "REPS_WEIGHT"
    REPS = "REPS"
    DURATION = "DURATION"
    DISTANCE = "DISTANCE"
    DISTANCE_DURATION = "DISTANCE_DURATION"
    DURATION_WEIGHT = "DURATION_WEIGHT"
    DISTANCE_WEIGHT = "DISTANCE_WEIGHT"


class Mechanic(StrEnum):
    """How many joints a movement moves."""

    COMPOUND = "COMPOUND"
    ISOLATION = "ISOLATION"


class Equipment(StrEnum):
    """What an exercise is done with."""

    BARBELL = "BARBELL"
    EZ_BAR = "EZ_BAR"
    TRAP_BAR = "TRAP_BAR"
    DUMBBELL = "DUMBBELL"
    KETTLEBELL = "KETTLEBELL"
    MACHINE = "MACHINE"
    SMITH_MACHINE = "SMITH_MACHINE"
    CABLE = "CABLE"
    BAND = "BAND"
    PLATE = "PLATE"
    BODYWEIGHT = "BODYWEIGHT"
    SUSPENSION = "SUSPENSION"
    MEDICINE_BALL = "MEDICINE_BALL"
    STABILITY_BALL = "STABILITY_BALL"
    CARDIO_MACHINE = "CARDIO_MACHINE"
    OTHER = "OTHER"
    NONE = "NONE"


class Muscle(StrEnum):
    """The muscles by which volume is counted."""

    CHEST = "CHEST"
    FRONT_DELTS = "FRONT_DELTS"
    SIDE_DELTS = "SIDE_DELTS"
    REAR_DELTS = "REAR_DELTS"
    TRICEPS = "TRICEPS"
    BICEPS = "BICEPS"
    FOREARMS = "FOREARMS"
    LATS = "LATS"
    UPPER_BACK = "UPPER_BACK"
    TRAPS = "TRAPS"
    LOWER_BACK = "LOWER_BACK"
    ABS = "ABS"
    OBLIQUES = "OBLIQUES"
    GLUTES = "GLUTES"
    QUADS = "QUADS"
    HAMSTRINGS = "HAMSTRINGS"
    ADDUCTORS = "ADDUCTORS"
    ABDUCTORS = "ABDUCTORS"
    HIP_FLEXORS = "HIP_FLEXORS"
    CALVES = "CALVES"
    SHINS = "SHINS"
    NECK = "NECK"
    CARDIO = "CARDIO"
    FULL_BODY = "FULL_BODY"


MAX_INSTRUCTIONS_PER_WORKOUT = 100
MAX_SETS_PER_INSTRUCTION = 100
MAX_ALIASES = 50


def muscle_errors(primary: Sequence[str], secondary: Sequence[str]) -> Iterator[FieldError]:
    """A muscle counts once, as primary or as secondary: volume counts the two differently."""
    for name, muscles in (("primary_muscles", primary), ("secondary_muscles", secondary)):
        if len(set(muscles)) < len(muscles):
            yield FieldError(f"/{name}", "names a muscle twice")
    both = [muscle for muscle in secondary if muscle in primary]
    if both:
        yield FieldError("/secondary_muscles", f"repeats a primary muscle: {', '.join(both)}")


def bounds_errors(minimum: Decimal | None, maximum: Decimal | None) -> Iterator[FieldError]:
    """Plausible bounds leave something between them."""
    if minimum is not None and maximum is not None and minimum >= maximum:
        yield FieldError("/maximum_plausible", "must be above minimum_plausible")
