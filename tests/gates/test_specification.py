"""The four specified tables stand in the live schema as specified: each column, default, CHECK, UNIQUE, index and reference."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID, uuid4

import asyncpg
import pytest
from gate_sources import REPOSITORY
from specification import TABLES, TYPES, VALUES, Column, read_specification

from reptrail.db.embedded import DatabaseUrls

SPECIFICATION = REPOSITORY.parent / "shared" / "spec" / "user-progress.md"
# In PostgreSQL a constraint's index and a table share one space of names, so UNIQUE user_program_enrollment cannot bear the
# name of its own table. It stands there under this one.
UNIQUE_NAMES = {"user_program_enrollment": "user_program_enrollment_key"}
TABLE_NAMES = {"USER": "app_user"}  # "user" is a reserved word
COLUMNS = [(table, column) for table, specified in TABLES.items() for column in specified.columns]
REFUSED = (
    asyncpg.CheckViolationError,
    asyncpg.InvalidTextRepresentationError,
    asyncpg.NumericValueOutOfRangeError,
    asyncpg.StringDataRightTruncationError,
)


def ids(value: object) -> str:
    return value.name if isinstance(value, Column) else str(value)


@pytest.fixture(scope="module")
async def owner(make_database: Callable[..., DatabaseUrls]) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(make_database().owner)
    yield connection
    await connection.close()


def test_nothing_of_the_specification_is_forgotten() -> None:
    if not SPECIFICATION.is_file():
        pytest.skip("the specification is not beside this checkout")
    assert read_specification(SPECIFICATION) == TABLES


def test_every_check_is_tried() -> None:
    assert {(t, c.name) for t, c in COLUMNS if c.check} == {(t, name) for t, columns in VALUES.items() for name in columns}


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=ids)
async def test_the_column_is_there(owner: asyncpg.Connection, table: str, column: Column) -> None:
    found = await owner.fetchrow(
        """
        SELECT format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, pg_get_expr(d.adbin, d.adrelid) AS default,
               ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = a.atttypid ORDER BY e.enumsortorder) AS labels
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = $1::text::regclass AND a.attname = $2 AND NOT a.attisdropped
        """,
        table,
        column.name,
    )
    assert found is not None
    is_enum = column.type == "ENUM"
    assert found["type"] == (column.name if is_enum else TYPES[column.type])
    assert found["attnotnull"] is not column.nullable
    assert found["default"] == (f"{column.default}::{column.name}" if is_enum else column.default)
    if is_enum:
        assert column.check == f"{column.name} IN ({', '.join(repr(label) for label in found['labels'])})"


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, c in COLUMNS if c.references], ids=ids)
async def test_the_reference_is_there(owner: asyncpg.Connection, table: str, column: Column) -> None:
    wanted = TABLE_NAMES.get(column.references or "", (column.references or "").lower())
    found = await owner.fetch(
        """
        SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
        WHERE k.conrelid = $1::text::regclass AND k.contype = 'f' AND k.convalidated AND a.attname = $2
        """,
        table,
        column.name,
    )
    assert [row[0] for row in found] == [f"FOREIGN KEY ({column.name}) REFERENCES {wanted}(id)"]


@pytest.mark.parametrize("table", TABLES)
async def test_keys_and_indexes_are_there(owner: asyncpg.Connection, table: str) -> None:
    constraints = {
        row["conname"]: row["text"]
        for row in await owner.fetch(
            "SELECT conname, pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conrelid = $1::text::regclass", table
        )
    }
    assert constraints[f"{table}_pkey"] == "PRIMARY KEY (id)"
    for name, columns in TABLES[table].uniques.items():
        assert constraints[UNIQUE_NAMES.get(name, name)] == f"UNIQUE {columns}"
    indexes = {
        row["indexname"]: row["indexdef"]
        for row in await owner.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1", table)
    }
    for name, text in TABLES[table].indexes.items():
        columns, where, predicate = text.partition(" WHERE ")
        wanted = f"CREATE INDEX {name} ON public.{table} USING btree {columns}" + (f" WHERE ({predicate})" if where else "")
        assert indexes[name] == wanted


class Rows:
    """Good rows of the four tables, of one athlete, and a way to try others in their place."""

    def __init__(self, connection: asyncpg.Connection, values: dict[str, dict[str, str]]) -> None:
        self.connection = connection
        self.values = values

    async def insert(self, table: str, **changes: str) -> None:
        """Inserts a row of SQL expressions; what is not given is that of the good row. None of it stays."""
        values = {**self.values[table], "id": f"'{uuid4()}'", **changes}
        transaction = self.connection.transaction()
        await transaction.start()
        try:
            await self.connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})")  # noqa: S608
        finally:
            await transaction.rollback()


@pytest.fixture
async def rows(owner: asyncpg.Connection) -> AsyncIterator[Rows]:
    transaction = owner.transaction()
    await transaction.start()
    user, program, workout, session, instruction = (uuid4() for _ in range(5))
    other_program, other_instruction = uuid4(), uuid4()
    await owner.execute("SELECT app.act_as_system($1, 'SYSTEM', NULL)", user)
    await owner.execute("INSERT INTO app_user (id, email, display_name) VALUES ($1, $2, 'x')", user, f"{user}@example.org")
    for made in (program, other_program):
        await owner.execute("INSERT INTO program (id, user_id) VALUES ($1, $2)", made, user)
        await owner.execute(
            "INSERT INTO program_revision (id, user_id, program_id, revision, program_name, day_count) "
            "VALUES ($1, $2, $1, 1, 'x', 1)",
            made,
            user,
        )
    await owner.execute("INSERT INTO workout (id, user_id) VALUES ($1, $2)", workout, user)
    await owner.execute(
        "INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name) VALUES ($1, $2, $3, 1, 'x')",
        uuid4(),
        user,
        workout,
    )
    exercise = await owner.fetchval("SELECT id FROM exercise LIMIT 1")
    for position, made in enumerate((instruction, other_instruction), 1):
        await owner.execute(
            "INSERT INTO exercise_instruction (id, user_id, workout_id, position, exercise_id) VALUES ($1, $2, $3, $4, $5)",
            made,
            user,
            workout,
            position,
            exercise,
        )
    await owner.execute("INSERT INTO user_workout_session (id, user_id, workout_id) VALUES ($1, $2, $3)", session, user, workout)
    metric = await owner.fetchval("SELECT id FROM metric LIMIT 1")

    def quoted(**values: UUID | str) -> dict[str, str]:
        return {name: f"'{value}'" for name, value in values.items()}

    yield Rows(
        owner,
        {
            "user_program_enrollment": quoted(user_id=user, program_id=program),
            "user_workout_session": quoted(user_id=user, workout_id=workout),
            "user_exercise_performance": quoted(
                user_id=user, user_workout_session_id=session, exercise_instruction_id=instruction, exercise_id=exercise
            ),
            "user_measurement": quoted(
                user_id=user, metric_id=metric, measured_value="80", unit="kg", measurement_date="2026-01-01"
            ),
        },
    )
    await transaction.rollback()


@pytest.mark.parametrize("table", TABLES)
async def test_a_good_row_is_taken(rows: Rows, table: str) -> None:
    await rows.insert(table)


REFUSED_VALUES = [(t, c, value) for t, columns in VALUES.items() for c, (refused, _) in columns.items() for value in refused]
TAKEN_VALUES = [(t, c, value) for t, columns in VALUES.items() for c, (_, taken) in columns.items() for value in taken]


@pytest.mark.parametrize(("table", "column", "value"), REFUSED_VALUES)
async def test_what_a_check_forbids_is_refused(rows: Rows, table: str, column: str, value: str) -> None:
    with pytest.raises(REFUSED):
        await rows.insert(table, **{column: value})


@pytest.mark.parametrize(("table", "column", "value"), TAKEN_VALUES)
async def test_what_a_check_allows_is_taken(rows: Rows, table: str, column: str, value: str) -> None:
    await rows.insert(table, **{column: value})


# The stamp writes these itself, whatever is sent.
STAMPED = {"created_by", "updated_by", "created_at", "updated_at"}


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, c in COLUMNS if c.name not in STAMPED], ids=ids)
async def test_null_is_refused_where_it_is_not_allowed(rows: Rows, table: str, column: Column) -> None:
    if column.nullable:
        await rows.insert(table, **{column.name: "NULL"})
    else:
        with pytest.raises(asyncpg.NotNullViolationError):
            await rows.insert(table, **{column.name: "NULL"})


@pytest.mark.parametrize(
    ("table", "column"), [(t, c) for t, c in COLUMNS if c.references and c.name not in STAMPED | {"user_id"}], ids=ids
)
async def test_a_row_that_is_not_there_cannot_be_referred_to(rows: Rows, table: str, column: Column) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await rows.insert(table, **{column.name: f"'{uuid4()}'"})


@pytest.mark.parametrize("table", [name for name, table in TABLES.items() if table.uniques])
async def test_the_same_row_twice_is_refused(rows: Rows, table: str) -> None:
    values = {**rows.values[table], "id": f"'{uuid4()}'"}
    await rows.connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})")  # noqa: S608
    with pytest.raises(asyncpg.UniqueViolationError):
        await rows.insert(table)
