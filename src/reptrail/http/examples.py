"""Made-up values for the examples of the API reference: good ones, a test decodes each with the route's own decoder."""

from typing import Any

Schema = dict[str, Any]

_ID = "01a20274-5c00-7000-8000-000000000001"
# What a field of this name holds in an example, whatever object it is in.
_VALUES: dict[str, Any] = {
    "email": "ann@example.org",
    "password": "correct horse battery staple",
    "display_name": "Ann",
    "time_zone": "Europe/Berlin",
    "weight_unit": "kg",
    "refresh_token": "rtr_...",
    "name": "phone",
    "scopes": ["training:read", "training:write"],
    "workout_name": "Push day",
    "exercise_name": "Log Press",
    "metric_name": "Grip strength",
    "metric": "body-weight",
    "measured_value": 81.5,
    "unit": "kg",
    "measurement_date": "2026-03-01",
    "target_value": 78.5,
    "target_unit": "kg",
    "target_date": "2026-09-01",
    "scheduled_at": "2026-03-02T17:00:00Z",
    "started_at": "2026-03-02T17:05:00Z",
    "completed_at": "2026-03-02T18:10:00Z",
    "effort_rating": 8,
    "difficulty_rating": 7,
    "reps": 5,
    "weight": 82.5,
    "rpe": 8.5,
    "sets": 3,
    "reps_min": 5,
    "reps_max": 8,
    "session_notes": "Slept well",
    "performance_notes": "Last set was slow",
    "maximum_plausible": 120,
    "aliases": ["Log"],
    "training_weekdays": [1, 3, 5],
    "training_time": "18:00",
    "target_completion_date": "2026-05-22",
    "to_date": "2026-03-03",
    "and_following": True,
    "new_password": "correct horse battery staple",
    "coach_email": "carl@example.org",
    "consent_version": "2026-11-22",
    "message": "Shall we train together?",
    "comment_text": "Deeper squats next time.",
}
# Fields that may be left out and that an example shows all the same, since without them it would say nothing.
_SHOWN = {
    "LogIn": (),
    "Register": ("time_zone",),
    "ChangeProfile": ("display_name", "weight_unit"),
    "SessionIn": ("workout_name", "scheduled_at"),
    "SessionPatch": ("effort_rating", "session_notes"),
    "StartIn": ("started_at",),
    "CompleteIn": ("completed_at", "effort_rating"),
    "ExerciseAddition": ("sets", "reps_min", "reps_max"),
    "InstructionIn": ("sets", "reps_min", "reps_max"),
    "ProgramWorkoutIn": ("workout_name", "instructions"),
    "ProgramDayIn": ("workouts",),
    "CopyIn": ("revision",),
    "EnrollmentIn": ("training_weekdays", "training_time"),
    "EnrollmentPatch": ("training_weekdays", "training_time"),
    "RestartIn": ("training_weekdays",),
    "RescheduleIn": ("to_date", "and_following"),
    "PerformancePut": ("difficulty_rating", "sets"),
    "RestoreIn": ("table", "id"),
    "SummaryFields": ("difficulty_rating", "performance_notes"),
    "SetIn": ("exercise_id", "reps", "weight", "weight_unit", "rpe"),
    "SetFields": ("reps", "weight", "weight_unit"),
    "SetPatch": ("reps", "rpe"),
    "MeasurementIn": ("metric", "measurement_date"),
    "MeasurementPatch": ("measured_value",),
    "GoalIn": ("metric",),
    "GoalPatch": ("target_value", "target_date"),
    "ExercisePatch": ("aliases",),
    "MetricPatch": ("maximum_plausible",),
    "InvitationIn": ("email", "message"),
    "GrantIn": ("coach_email",),
    "GrantPatch": ("scopes",),
}
_BY_FORMAT = {"uuid": _ID, "date": "2026-03-01", "date-time": "2026-03-02T17:05:00Z"}


def example(schema: Schema, components: Schema, name: str = "") -> Any:
    """A value that a schema takes: for an object what it requires, and what makes it an example of anything."""
    if "$ref" in schema:
        found = schema["$ref"].rpartition("/")[2]
        return example(components[found], components, found)
    if "properties" in schema:
        shown = {*schema.get("required", ()), *_SHOWN.get(name, ())}
        return {field: _field(field, inner, components) for field, inner in schema["properties"].items() if field in shown}
    if "anyOf" in schema:
        parts = [part for part in schema["anyOf"] if part.get("type") != "null"]
        return example(next((part for part in parts if "$ref" in part), parts[0]), components, name)
    return _scalar(schema, components)


def _field(name: str, schema: Schema, components: Schema) -> Any:
    if name in _VALUES and not _is_list_of_objects(schema):
        return _VALUES[name]
    return example(schema, components, name)


def _is_list_of_objects(schema: Schema) -> bool:
    parts = [schema, *schema.get("anyOf", ())]
    return any("$ref" in part.get("items", {}) for part in parts) and not any("integer" in part.get("type", "") for part in parts)


def _scalar(schema: Schema, components: Schema) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if "items" in schema:
        return [example(schema["items"], components)]
    if "default" in schema and schema["default"] is not None:
        return schema["default"]
    type_ = schema.get("type")
    if type_ in ("integer", "number"):
        return schema.get("minimum", 1)
    if type_ == "boolean":
        return True
    return _BY_FORMAT.get(schema.get("format", ""), "text")
