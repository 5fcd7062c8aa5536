"""Statements that answer JSON: a row, a page of a list, rows in a given order. Pieces of SQL in, a statement out.

`columns` is a select list, `source` its FROM and WHERE. What PostgreSQL built is passed through, nobody parses it again.
"""
# ruff: noqa: S608 - the pieces are ours: what a client sends is in parameters


def json_row(columns: str, source: str, decide_by: str = "d.*") -> str:
    """One row: its document, and columns of it to decide by."""
    return f"SELECT row_to_json(d) AS document, {decide_by} FROM (SELECT {columns} {source}) d"


def json_page(columns: str, source: str, key: dict[str, str], first: int) -> str:
    """A page, by `key` (column: type): its last row's key is in the parameters from `first` on, after them the limit."""
    limit = f"${first + len(key)}"
    order = ", ".join(key)
    after = [f"${first + place}::{type_}" for place, type_ in enumerate(key.values())]
    keys = ", ".join(f"{column} AS key_{place}" for place, column in enumerate(key))
    lasts = ", ".join(
        f"(array_agg(d.key_{place}) FILTER (WHERE d.place = {limit} - 1))[1] AS last_{place}" for place in range(len(key))
    )
    return f"""
        SELECT coalesce(json_agg(d.document ORDER BY d.place) FILTER (WHERE d.place < {limit}), '[]') AS items,
            count(*) AS found, {lasts}
        FROM (
            SELECT {keys}, (SELECT row_to_json(x) FROM (SELECT {columns}) x) AS document,
                row_number() OVER (ORDER BY {order}) AS place
            {source} AND ({after[0]} IS NULL OR ({order}) > ({", ".join(after)}))
            ORDER BY {order} LIMIT {limit}) d
    """


def json_in_order(columns: str, source: str, row_id: str) -> str:
    """Those of the ids $2, in their order, as one array."""
    return f"""
        SELECT json_agg((SELECT row_to_json(x) FROM (SELECT {columns}) x) ORDER BY array_position($2::uuid[], {row_id}))
        {source} AND {row_id} = ANY ($2)
    """
