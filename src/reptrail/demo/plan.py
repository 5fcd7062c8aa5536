"""What the demonstration athlete set out to do, and what came between: the data of the made-up history.

Weeks are counted from the first one, 0, up to the one after two years.
"""

from dataclasses import dataclass

from reptrail.demo.shapes import Instruction, Workout
from reptrail.training.rules import SetLoad

MAX_WEEKS = 104


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """How somebody grows stronger in one exercise.

    Strength is a one-repetition maximum in kg, body weight included where the body is lifted (`body_share`). Each session
    closes `pace` of the distance from the strength there is to the `ceiling`. `step_kg` is the smallest change of weight
    and `least_kg` the lightest there is; without a step only repetitions grow.
    """

    start_kg: float
    ceiling_kg: float
    pace: float
    step_kg: float = 2.5
    least_kg: float = 0.0
    load: SetLoad = SetLoad.EXTERNAL
    strength: str | None = None
    warm_ups: bool = False

    @property
    def body_share(self) -> float:
        """How much of the body is lifted with the weight."""
        return 0.0 if self.load is SetLoad.EXTERNAL else 1.0


MOVEMENTS: dict[str, Movement] = {
    "squat-barbell": Movement(start_kg=74, ceiling_kg=168, pace=0.0155, least_kg=20, warm_ups=True),
    "bench-press-barbell": Movement(start_kg=57, ceiling_kg=112, pace=0.0135, least_kg=20, warm_ups=True),
    "deadlift-barbell": Movement(start_kg=92, ceiling_kg=186, pace=0.021, least_kg=40, warm_ups=True),
    "overhead-press-barbell": Movement(start_kg=37, ceiling_kg=68, pace=0.018, least_kg=20, warm_ups=True),
    "bent-over-row-barbell": Movement(start_kg=52, ceiling_kg=100, pace=0.019, least_kg=20, warm_ups=True),
    "front-squat-barbell": Movement(start_kg=88, ceiling_kg=120, pace=0.02, least_kg=20, warm_ups=True),
    "romanian-deadlift-barbell": Movement(start_kg=95, ceiling_kg=140, pace=0.018, least_kg=20, warm_ups=True),
    "pull-up": Movement(start_kg=83, ceiling_kg=130, pace=0.0115, load=SetLoad.BODYWEIGHT),
    "pull-up-assisted": Movement(
        start_kg=83, ceiling_kg=130, pace=0.0115, step_kg=5, least_kg=5, load=SetLoad.ASSISTED, strength="pull-up"
    ),
    "incline-bench-press-dumbbell": Movement(start_kg=28, ceiling_kg=42, pace=0.018, step_kg=2, least_kg=6),
    "lateral-raise-dumbbell": Movement(start_kg=12, ceiling_kg=19, pace=0.015, step_kg=1, least_kg=4),
    "bicep-curl-dumbbell": Movement(start_kg=17, ceiling_kg=26, pace=0.015, step_kg=1, least_kg=5),
    "triceps-rope-pushdown-cable": Movement(start_kg=32, ceiling_kg=52, pace=0.016, least_kg=10),
    "seated-row-cable": Movement(start_kg=72, ceiling_kg=108, pace=0.018, least_kg=20),
    "face-pull-cable": Movement(start_kg=32, ceiling_kg=48, pace=0.015, least_kg=10),
    "leg-press-machine": Movement(start_kg=190, ceiling_kg=310, pace=0.018, step_kg=5, least_kg=60),
    "seated-leg-curl-machine": Movement(start_kg=58, ceiling_kg=88, pace=0.017, least_kg=15),
    "standing-calf-raise-machine": Movement(start_kg=95, ceiling_kg=155, pace=0.012, step_kg=5, least_kg=30),
    "cable-crunch": Movement(start_kg=48, ceiling_kg=76, pace=0.017, least_kg=15),
    "hanging-leg-raise": Movement(start_kg=98, ceiling_kg=118, pace=0.02, step_kg=0, load=SetLoad.BODYWEIGHT),
    "goblet-squat-dumbbell": Movement(start_kg=48, ceiling_kg=55, pace=0.01, step_kg=2, least_kg=10),
    "bench-press-dumbbell": Movement(start_kg=32, ceiling_kg=44, pace=0.01, step_kg=2, least_kg=10),
    "push-up": Movement(start_kg=118, ceiling_kg=135, pace=0.01, step_kg=0, load=SetLoad.BODYWEIGHT),
}


def _do(exercise: str, sets: int, reps: tuple[int, int], rest_seconds: int, group: int | None = None) -> Instruction:
    return Instruction(
        exercise=exercise, sets=sets, reps_min=reps[0], reps_max=reps[1], rest_seconds=rest_seconds, group_number=group
    )


WORKOUTS: tuple[Workout, ...] = (
    Workout(
        key="full-body-a",
        name="Full Body A",
        description="Squat, bench, row. A little more each time.",
        instructions=(
            _do("squat-barbell", 3, (5, 5), 180),
            _do("bench-press-barbell", 3, (5, 5), 180),
            _do("bent-over-row-barbell", 3, (6, 8), 120),
            Instruction(exercise="plank", sets=2, duration_seconds=60, rest_seconds=60),
        ),
    ),
    Workout(
        key="full-body-b",
        name="Full Body B",
        description="Squat, press, pull from the floor.",
        instructions=(
            _do("squat-barbell", 3, (5, 5), 180),
            _do("overhead-press-barbell", 3, (5, 5), 180),
            _do("deadlift-barbell", 2, (5, 5), 240),
            _do("pull-up-assisted", 3, (6, 8), 120),
        ),
    ),
    Workout(
        key="upper-a",
        name="Upper A",
        description="Heavy bench, then back and arms.",
        instructions=(
            _do("bench-press-barbell", 4, (4, 6), 180),
            _do("bent-over-row-barbell", 3, (6, 8), 150),
            _do("incline-bench-press-dumbbell", 3, (8, 10), 120),
            _do("pull-up", 3, (5, 8), 150),
            _do("bicep-curl-dumbbell", 2, (10, 12), 45, 1),
            _do("triceps-rope-pushdown-cable", 2, (10, 12), 60, 1),
        ),
    ),
    Workout(
        key="lower-a",
        name="Lower A",
        description="Heavy squat.",
        instructions=(
            _do("squat-barbell", 4, (4, 6), 210),
            _do("romanian-deadlift-barbell", 3, (8, 10), 150),
            _do("leg-press-machine", 3, (10, 12), 120),
            _do("standing-calf-raise-machine", 3, (10, 12), 60),
            _do("hanging-leg-raise", 2, (8, 15), 60),
        ),
    ),
    Workout(
        key="upper-b",
        name="Upper B",
        description="Heavy press, weighted pull-ups, lighter bench.",
        instructions=(
            _do("overhead-press-barbell", 4, (4, 6), 180),
            _do("pull-up", 3, (5, 8), 150),
            _do("bench-press-barbell", 3, (8, 10), 150),
            _do("seated-row-cable", 3, (8, 10), 120),
            _do("lateral-raise-dumbbell", 3, (10, 12), 45, 1),
            _do("face-pull-cable", 3, (10, 12), 60, 1),
        ),
    ),
    Workout(
        key="lower-b",
        name="Lower B",
        description="Heavy deadlift.",
        instructions=(
            _do("deadlift-barbell", 4, (3, 5), 240),
            _do("front-squat-barbell", 3, (5, 7), 180),
            _do("seated-leg-curl-machine", 3, (10, 12), 90),
            _do("standing-calf-raise-machine", 3, (10, 12), 60),
            _do("cable-crunch", 2, (10, 12), 60),
        ),
    ),
    Workout(
        key="easy-run",
        name="Easy Run",
        description="Slow enough to talk.",
        instructions=(Instruction(exercise="running", sets=1, duration_seconds=1800, rest_seconds=0),),
    ),
)

HOTEL_INSTRUCTIONS = (
    _do("goblet-squat-dumbbell", 3, (10, 12), 90),
    _do("bench-press-dumbbell", 3, (8, 12), 90),
    _do("push-up", 2, (10, 15), 60),
)

# Days of the week, Monday is 0, and the workouts taken in turn. The first half year three days of full body, then four of
# upper and lower.
FULL_BODY_WEEKS = range(28)
FULL_BODY_DAYS = (0, 2, 4)
FULL_BODY_TURNS = ("full-body-a", "full-body-b")
SPLIT_DAYS = (0, 1, 3, 4)
SPLIT_TURNS = ("upper-a", "lower-a", "upper-b", "lower-b")

DELOAD_WEEKS = frozenset({17, 35, 44, 55, 64, 77, 86, 95})
# Hotel weeks have one session, made up on the spot.
HOTEL_WEEKS = frozenset({26, 82})
AWAY_WEEKS = frozenset({25, 81})
ILL_WEEKS = frozenset({70})
# A strained back: nothing for a week, then the upper body alone, then light legs.
INJURY_WEEK = 46
NO_LEGS_WEEKS = frozenset({47, 48, 49})
LIGHT_LEGS_WEEKS = frozenset({50, 51, 52})
BENCH_PLATEAU_WEEKS = range(57, 74)
CUT_WEEKS = range(36, 50)
BULK_WEEKS = range(58, 84)

# Body weight in kg a week, from the week on.
BODY_WEIGHT_SLOPES = ((0, 0.06), (36, -0.40), (50, 0.12), (58, 0.25), (84, -0.05))
BODY_WEIGHT_START_KG = 78.4
HEIGHT_CM = 178

LOWER_BODY = frozenset(
    {
        "squat-barbell",
        "deadlift-barbell",
        "front-squat-barbell",
        "romanian-deadlift-barbell",
        "leg-press-machine",
        "seated-leg-curl-machine",
    }
)

SESSION_NOTES = (
    "Slept badly, still got everything done.",
    "Everything moved fast today.",
    "Gym was packed, long waits for the rack.",
    "Short on time, cut the rests.",
    "New shoes. Much better.",
    "Trained before breakfast, never again.",
    "Video from the side: depth is fine now.",
    "Felt heavy from the start.",
)
