"""The specified tables in the form the tests hold the live schema against, and a reader of the specification's own text."""

import re
from dataclasses import dataclass, field
from pathlib import Path

TYPES = {
    "UUID": "uuid",
    "TIMESTAMP": "timestamp with time zone",  # a training history without a zone would shift with the traveller
    "DECIMAL": "numeric",
    "SMALLINT": "smallint",
    "TEXT": "text",
    "DATE": "date",
    "BOOLEAN": "boolean",
    "VARCHAR(20)": "character varying(20)",
    "ENUM": "ENUM",  # a native type of the column's name
}


@dataclass(frozen=True)
class Column:
    """A column as specified: `default` and `check` are the specification's SQL, `references` the table whose id it names."""

    name: str
    type: str
    nullable: bool = False
    default: str | None = None
    check: str | None = None
    references: str | None = None


@dataclass(frozen=True)
class Table:
    """A table as specified. `uniques` and `indexes` map a name to what stands behind it, predicate included."""

    columns: tuple[Column, ...]
    uniques: dict[str, str] = field(default_factory=dict)
    indexes: dict[str, str] = field(default_factory=dict)


ID = Column("id", "UUID")
AUDIT = (
    Column("created_by", "UUID", references="USER"),
    Column("updated_by", "UUID", nullable=True, references="USER"),
    Column("created_at", "TIMESTAMP", default="now()"),
    Column("updated_at", "TIMESTAMP", default="now()"),
    Column("is_active", "BOOLEAN", default="true"),
)


def one_of(column: str, *values: str) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


TABLES: dict[str, Table] = {
    "user_program_enrollment": Table(
        (
            ID,
            Column("user_id", "UUID", references="USER"),
            Column("program_id", "UUID", references="PROGRAM"),
            Column("assigned_by", "UUID", nullable=True, references="USER"),
            Column(
                "enrollment_status",
                "ENUM",
                default="'ACTIVE'",
                check=one_of("enrollment_status", "ACTIVE", "PAUSED", "COMPLETED", "CANCELLED", "EXPIRED"),
            ),
            Column("start_date", "DATE", default="CURRENT_DATE"),
            Column("target_completion_date", "DATE", nullable=True),
            Column("actual_completion_date", "DATE", nullable=True),
            Column("current_day", "SMALLINT", default="1", check="current_day >= 1"),
            Column("enrollment_notes", "TEXT", nullable=True, check="LENGTH(enrollment_notes) <= 2000"),
            *AUDIT,
        ),
        {"user_program_enrollment": "(user_id, program_id)"},
        {
            "idx_user_program_status": "(user_id, enrollment_status, start_date DESC)",
            "idx_user_program_current": "(user_id, current_day, is_active)",
        },
    ),
    "user_workout_session": Table(
        (
            ID,
            Column("user_id", "UUID", references="USER"),
            Column("workout_id", "UUID", references="WORKOUT"),
            Column("program_enrollment_id", "UUID", nullable=True, references="USER_PROGRAM_ENROLLMENT"),
            Column(
                "session_status",
                "ENUM",
                default="'PLANNED'",
                check=one_of("session_status", "PLANNED", "IN_PROGRESS", "COMPLETED", "SKIPPED", "CANCELLED"),
            ),
            Column("scheduled_at", "TIMESTAMP", nullable=True),
            Column("started_at", "TIMESTAMP", nullable=True),
            Column("completed_at", "TIMESTAMP", nullable=True),
            Column("actual_duration_seconds", "SMALLINT", nullable=True, check="actual_duration_seconds > 0"),
            Column("effort_rating", "SMALLINT", nullable=True, check="effort_rating >= 1 AND effort_rating <= 10"),
            Column("soreness_rating", "SMALLINT", nullable=True, check="soreness_rating >= 0 AND soreness_rating <= 10"),
            Column("session_notes", "TEXT", nullable=True, check="LENGTH(session_notes) <= 2000"),
            *AUDIT,
        ),
        {},
        {
            "idx_user_workout_status": "(user_id, session_status, scheduled_at DESC)",
            "idx_user_workout_program": "(program_enrollment_id, session_status) WHERE program_enrollment_id IS NOT NULL",
            "idx_user_workout_completed": "(user_id, completed_at DESC) WHERE completed_at IS NOT NULL",
        },
    ),
    "user_exercise_performance": Table(
        (
            ID,
            Column("user_workout_session_id", "UUID", references="USER_WORKOUT_SESSION"),
            Column("exercise_instruction_id", "UUID", references="EXERCISE_INSTRUCTION"),
            Column("sets_completed", "SMALLINT", default="0", check="sets_completed >= 0"),
            Column("reps_completed", "SMALLINT", nullable=True, check="reps_completed >= 0"),
            Column("weight_used_kg", "DECIMAL", nullable=True, check="weight_used_kg > 0"),
            Column("duration_seconds", "SMALLINT", nullable=True, check="duration_seconds > 0"),
            Column("difficulty_rating", "SMALLINT", nullable=True, check="difficulty_rating >= 1 AND difficulty_rating <= 10"),
            Column("performance_notes", "TEXT", nullable=True, check="LENGTH(performance_notes) <= 1000"),
            *AUDIT,
        ),
        {"session_exercise_performance": "(user_workout_session_id, exercise_instruction_id)"},
        {"idx_user_exercise_progress": "(exercise_instruction_id, created_at DESC)"},
    ),
    "user_measurement": Table(
        (
            ID,
            Column("user_id", "UUID", references="USER"),
            Column("metric_id", "UUID", references="METRIC"),
            Column("measured_value", "DECIMAL", check="measured_value >= 0"),
            Column("unit", "VARCHAR(20)", check="LENGTH(unit) >= 1"),
            Column("measurement_date", "DATE"),
            Column("measurement_notes", "TEXT", nullable=True, check="LENGTH(measurement_notes) <= 1000"),
            Column(
                "measurement_source",
                "ENUM",
                default="'MANUAL'",
                check=one_of("measurement_source", "MANUAL", "DEVICE", "CALCULATED", "ESTIMATED"),
            ),
            *AUDIT,
        ),
        {},
        {
            "idx_user_measurement_date": "(user_id, metric_id, measurement_date DESC)",
            "idx_user_measurement_metric": "(metric_id, measurement_date DESC)",
        },
    ),
}

# What a row must not be and may be: column -> (refused, taken), as SQL. NaN and Infinity are greater than every number to
# PostgreSQL, and beyond the letter of the specification they are refused too.
VALUES: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "user_program_enrollment": {
        "enrollment_status": (("'active'", "'DONE'", "''"), ("'ACTIVE'", "'PAUSED'", "'COMPLETED'", "'CANCELLED'", "'EXPIRED'")),
        "current_day": (("0", "-1", "40000"), ("1", "32767")),
        "enrollment_notes": (("repeat('x', 2001)",), ("repeat('x', 2000)", "''", "repeat('ö', 2000)")),
    },
    "user_workout_session": {
        "session_status": (("'planned'", "'RUNNING'"), ("'PLANNED'", "'IN_PROGRESS'", "'COMPLETED'", "'SKIPPED'", "'CANCELLED'")),
        "actual_duration_seconds": (("0", "-1", "32768"), ("1", "32767")),
        "effort_rating": (("0", "11", "-1"), ("1", "10")),
        "soreness_rating": (("-1", "11"), ("0", "10")),
        "session_notes": (("repeat('x', 2001)",), ("repeat('x', 2000)",)),
    },
    "user_exercise_performance": {
        "sets_completed": (("-1", "32768"), ("0", "32767")),
        "reps_completed": (("-1",), ("0", "32767")),
        "weight_used_kg": (("0", "-0.5", "'NaN'", "'Infinity'"), ("0.000001", "102.0583")),
        "duration_seconds": (("0", "-1"), ("1",)),
        "difficulty_rating": (("0", "11"), ("1", "10")),
        "performance_notes": (("repeat('x', 1001)",), ("repeat('x', 1000)",)),
    },
    "user_measurement": {
        "measured_value": (("-0.1", "'NaN'", "'Infinity'"), ("0", "81.65")),
        "unit": (("''", "repeat('x', 21)"), ("'kg'", "repeat('x', 20)")),
        "measurement_notes": (("repeat('x', 1001)",), ("repeat('x', 1000)",)),
        "measurement_source": (("'manual'", "'PHONE'"), ("'MANUAL'", "'DEVICE'", "'CALCULATED'", "'ESTIMATED'")),
    },
}


def read_specification(path: Path) -> dict[str, Table]:
    """The tables of the specification's mermaid diagram."""
    found: dict[str, Table] = {}
    blocks = re.findall(r"^  (\w+) \{\n(.*?)^  \}", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for name, lines in blocks:
        columns: list[Column] = []
        uniques: dict[str, str] = {}
        indexes: dict[str, str] = {}
        for line in lines.splitlines():
            first, second, rest = re.fullmatch(r'\s+(\S+)\s+(\S+)(?:\s+[PF]K)?\s+"(.*)"', line).groups()  # type: ignore[union-attr]
            if first == "UNIQUE":
                uniques[second] = rest
            elif first == "INDEX":
                indexes[second] = rest
            else:
                columns.append(_column(first, second, rest))
        found[name.lower()] = Table(tuple(columns), uniques, indexes)
    return found


def _column(type_: str, name: str, text: str) -> Column:
    known: dict[str, str] = {}
    nullable = False
    for part in text.split("; "):
        if part == "NULLABLE":
            nullable = True
        elif part.startswith(("DEFAULT ", "references ", "CHECK ")):
            word, _, value = part.partition(" ")
            known[word] = value
        else:
            assert part in ("NOT NULL", "UNIQUE"), f"{name}: {part!r} is not understood"
    references = known.get("references")
    return Column(
        name,
        type_,
        nullable,
        known.get("DEFAULT"),
        known["CHECK"].removeprefix("(").removesuffix(")") if "CHECK" in known else None,
        references.removesuffix(".id") if references else None,
    )
