"""Programs at random, in the form in which a file holds them, whatever the schema allows; and a small file to be spoiled."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from reptrail.catalog import builtin

SLUGS = sorted(each.slug for each in builtin.exercises())[::17]


def texts(longest: int, shortest: int = 1) -> st.SearchStrategy[str]:
    """Text as a person may type or paste it; blanks around it are not kept, so none are made."""
    letters = st.characters(exclude_categories=("Cs",), exclude_characters="\x00") | st.sampled_from("\"'\\\n\r\t#=[]{},\x7f🏋")
    return st.text(letters, min_size=shortest, max_size=longest).map(str.strip).filter(lambda text: len(text) >= shortest)


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), places=places, allow_nan=False, allow_infinity=False)


def maybe(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


REPS = st.integers(1, 30).flatmap(lambda low: st.tuples(st.just(low), st.integers(low, 60)))
UNITS = st.sampled_from(["kg", "lb"])
INCREMENT = st.fixed_dictionaries({"increment": decimals("0.01", "100", 2), "increment_unit": UNITS})
TARGETS = st.lists(
    st.builds(
        lambda kind, reps, rest: {"kind": kind, "reps_min": reps[0], "reps_max": reps[1], **rest},
        st.sampled_from(["WARMUP", "WORKING", "DROP", "AMRAP", "FAILURE"]),
        REPS,
        maybe({"rpe": st.integers(2, 20).map(lambda half: Decimal(half) / 2), "duration_seconds": st.integers(1, 32_767)}),
    ),
    min_size=1,
    max_size=6,
)


@st.composite
def instructions(draw: st.DrawFn) -> dict[str, Any]:
    low, high = draw(REPS)
    found: dict[str, Any] = {"exercise": draw(st.sampled_from(SLUGS)), "sets": draw(st.integers(1, 100))}
    found |= {"reps_min": low, "reps_max": high}
    found |= draw(
        maybe(
            {
                "group_number": st.integers(1, 100),
                "rest_seconds": st.integers(0, 3600),
                "duration_seconds": st.integers(1, 32_767),
                "distance_m": decimals("0.001", "1000000", 3),
                "instruction_notes": texts(80),
            }
        )
    )
    if draw(st.booleans()):
        found |= {"weight": draw(decimals("0", "2000", 3)), "weight_unit": draw(UNITS)}
    rule = draw(st.sampled_from([None, "fixed", "linear", "double", "percent", "rpe"]))
    if rule is not None:
        found["progression"] = {"rule": rule}
    if rule in ("linear", "double"):
        found["progression"] |= draw(INCREMENT)
    if rule == "linear":
        found["progression"] |= {"deload_percent": draw(decimals("0", "50", 1)), "deload_after": draw(st.integers(1, 20))}
    if rule == "double":
        found["reps_max"] = high + 1
    if rule == "percent":
        found["percent"] = draw(decimals("1", "150", 2))
        found["progression"] |= draw(INCREMENT) | {"training_max_percent": 90, "deload_percent": 10}
    if rule == "rpe":
        found["rpe"] = Decimal("8.5")
    if draw(st.booleans()):
        found["set_targets"] = draw(TARGETS)
        del found["sets"]
    return found


@st.composite
def programs(draw: st.DrawFn) -> dict[str, Any]:
    """A program as `files.write` takes it."""
    keys = draw(st.lists(texts(40), min_size=1, max_size=4, unique=True))
    workouts = [
        {
            "workout_key": key,
            "workout_name": draw(texts(120)),
            **draw(maybe({"description": texts(300, shortest=0)})),
            "instructions": draw(st.lists(instructions(), min_size=1, max_size=4)),
        }
        for key in keys
    ]
    days = draw(
        st.lists(
            st.builds(
                lambda keys, names: {**names, "workouts": keys},
                st.lists(st.sampled_from(keys), max_size=6),
                maybe({"day_name": texts(120), "day_notes": texts(200)}),
            ),
            max_size=30,
        )
    )
    # Each workout has its day; the API answers them in the order in which the days name them first.
    days = [{"workouts": [key]} for key in keys] + days
    return {
        "program_name": draw(texts(120)),
        **draw(maybe({"description": texts(300, shortest=0)})),
        "days": days,
        "workouts": workouts,
    }


def a_file(**changes: str) -> str:
    """A small file, parts of it changed."""
    parts = {
        "format": "1",
        "program_name": '"Small"',
        "days": '[["A"], []]',
        "key": '"A"',
        "name": '"Squat"',
        "instruction": '{ exercise = "squat-barbell", sets = 3, reps_min = 5, reps_max = 5 }',
        "more": "",
        "in_workout": "",
        **changes,
    }
    return """
format = {format}
program_name = {program_name}
{more}
days = {days}
[[workouts]]
workout_key = {key}
workout_name = {name}
{in_workout}
instructions = [{instruction}]
""".format_map(parts)
