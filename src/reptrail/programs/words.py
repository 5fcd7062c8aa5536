"""How the difference between two revisions of a program is said, by code: see reptrail/sentences.py."""

from reptrail.sentences import Phrases

# A field that has no value any more; `{was}` is the value it had.
_GONE = (
    "sets", "reps_min", "reps_max", "percent", "rpe", "rest_seconds", "duration_seconds", "distance_m", "weight", "weight_unit",
    "group_number", "day_name", "workout_name",
)  # fmt: skip

CHANGES = Phrases(
    {
        "program": "The program: {changes}",
        "named": "{name}: {changes}",
        "day": "Day {day}: {changes}",
        "day_instead": "Day {day}: {into} instead of {out}",
        "day_from_rest": "Day {day}: {into} instead of rest",
        "day_as_well": "Day {day}: {into} as well",
        "day_no_longer": "Day {day}: no longer {out}",
        "day_to_rest": "Day {day}: rest instead of {out}",
        "day_order": "Day {day}: the same workouts in another order",
        "day_gone": "Day {day} is gone",
        "day_new": "Day {day} is new: {workouts}",
        "day_new_rest": "Day {day} is new: rest",
        "workout_new": "{key} is new: {name}",
        "workout_gone": "{key} is gone: {name}",
        "exercise_new": "{name} is new",
        "exercise_gone": "{name} is gone",
        # One field: what it is now, and what it was.
        "instead": "{said} instead of {was}",
        "sets": "{to} sets",
        "reps_min": "at least {to} reps",
        "reps_max": "at most {to} reps",
        "percent": "{to} % of the training max",
        "rpe": "RPE {to}",
        "rest_seconds": "{to} s of rest",
        "duration_seconds": "{to} s",
        "distance_m": "{to} m",
        "weight": "weight {to}",
        "weight_unit": "weight in {to}",
        "group_number": "superset {to}",
        "program_name": "is named {to}",
        "workout_name": "is named {to}",
        "day_name": "is named {to}",
        "public": "is public now",
        "private": "is private now",
        "rule": "rule {to} instead of {was}",
        "rule_begun": "rule {to} instead of none",
        "rule_gone": "rule none instead of {was}",
        "constants": "other constants of the rule {to}",
        # Too long to be said in a sentence: the data has them.
        "description": "another description",
        "day_notes": "other notes",
        "instruction_notes": "other notes",
        "set_targets": "other targets set by set",
        "order": "another order",
        **{f"no_{field}": f"no {field.replace('_', ' ')} instead of {{was}}" for field in _GONE},
    }
)
UNSAID = ("description", "day_notes", "instruction_notes", "set_targets", "order")
