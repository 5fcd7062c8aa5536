"""The ledger's hash chain, computed anew from the table alone: no code of the product's."""

import hashlib
from collections import defaultdict
from decimal import Decimal
from typing import Any

# The parts of a change that are text only as PostgreSQL writes them.
CHANGES = """
    SELECT user_id::text, seq, actor_id::text, via::text, coalesce(request_id::text, '-') AS request_id,
        extract(epoch FROM changed_at) AS at, domain, table_name, row_id::text, action, coalesce(before::text, '-') AS before,
        coalesce(after::text, '-') AS after, hash
    FROM change ORDER BY user_id, seq
"""
HEADS = "SELECT user_id::text, seq, hash FROM change_head"
SUMMARIES = """
    SELECT p.id, p.sets_completed, p.reps_completed, p.weight_used_kg, p.duration_seconds,
        count(t.id) FILTER (WHERE t.kind <> 'WARMUP') AS sets, sum(t.reps) FILTER (WHERE t.kind <> 'WARMUP') AS reps,
        max(nullif(t.weight_kg, 0)) FILTER (WHERE t.kind <> 'WARMUP' AND t.load <> 'ASSISTED') AS weight,
        sum(t.duration_seconds) FILTER (WHERE t.kind <> 'WARMUP') AS seconds
    FROM user_exercise_performance p
    LEFT JOIN user_set_performance t ON t.user_exercise_performance_id = p.id AND t.is_active
    GROUP BY p.id
"""
UNIT_SEPARATOR = "\x1f"
COLUMNS = ("user_id", "seq", "actor_id", "via", "request_id", "at", "domain", "table_name", "row_id", "action", "before", "after")


def verify_chain(changes: list[Any], heads: list[Any]) -> int:
    """Checks that each athlete's changes count up without a gap, chain, and end where the head says; returns how many."""
    last: dict[str, tuple[int, bytes]] = defaultdict(lambda: (0, b""))
    for change in changes:
        seq, before = last[change["user_id"]]
        assert change["seq"] == seq + 1, f"a gap after {seq}"
        assert isinstance(change["at"], Decimal)
        text = UNIT_SEPARATOR.join(str(change[name]) for name in COLUMNS)
        expected = hashlib.sha256(before + text.encode()).digest()
        assert change["hash"] == expected, f"change {change['seq']} does not chain"
        last[change["user_id"]] = change["seq"], expected
    assert {head["user_id"]: (head["seq"], head["hash"]) for head in heads} == dict(last)
    return len(changes)


def verify_summaries(rows: list[Any]) -> int:
    """Checks that each performance is the exact summary of its sets; returns how many there are."""
    for row in rows:
        told = (row["sets_completed"], row["reps_completed"], row["weight_used_kg"], row["duration_seconds"])
        assert told == (row["sets"], row["reps"], row["weight"], row["seconds"]), row["id"]
    return len(rows)
