"""The decisions of a push, alone."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reptrail.sync.rules import Action, Applied, Verdict, changed_by_others, content_hash, judge

ROW = {"reps": 5, "weight": Decimal(80), "weight_unit": "kg", "notes": None}
COLUMNS = st.sets(st.sampled_from(sorted(ROW)))


def applied(first: int, last: int) -> Applied:
    return Applied(b"", "t", uuid4(), first, last)


@pytest.mark.parametrize(
    ("given_fields", "changed", "expected"),
    [
        ({"reps": 6}, set(), Verdict.WRITE),
        ({"reps": 6}, {"notes"}, Verdict.MERGE),
        ({"reps": 6}, {"reps"}, Verdict.CONFLICT),
        ({"reps": 5}, {"reps"}, Verdict.SAID_ALREADY),
        ({"reps": 5, "notes": "x"}, {"reps"}, Verdict.MERGE),
        ({"weight": Decimal(81)}, {"weight_unit"}, Verdict.CONFLICT),
        ({"weight": Decimal("80.0")}, set(), Verdict.SAID_ALREADY),
        ({}, {"reps"}, Verdict.SAID_ALREADY),
    ],
)
def test_an_edit_is_judged(given_fields: dict[str, object], changed: set[str], expected: Verdict) -> None:
    assert judge(given_fields, ROW, changed) is expected


@given(fields=COLUMNS, changed=COLUMNS)
def test_nothing_that_others_changed_is_overwritten(fields: set[str], changed: set[str]) -> None:
    verdict = judge(dict.fromkeys(fields, "other"), ROW, changed)
    assert (verdict in (Verdict.WRITE, Verdict.MERGE)) <= fields.isdisjoint(changed)
    assert (verdict is Verdict.WRITE) <= (not changed)


def test_others_are_who_made_none_of_the_senders_versions() -> None:
    versions = [(2, {"reps"}), (3, {"notes"}), (4, {"rpe"}), (5, {"weight"})]
    assert changed_by_others(versions, [], 1) == {"reps", "notes", "rpe", "weight"}
    assert changed_by_others(versions, [applied(3, 4)], 1) == {"reps", "weight"}
    assert changed_by_others(versions, [applied(3, 4)], 2) == {"weight"}
    # An operation that found its words there already made no version.
    assert changed_by_others(versions, [applied(5, 4)], 4) == {"weight"}


def test_the_same_act_is_known_however_it_is_written_down() -> None:
    row_id = uuid4()
    said = content_hash("t", row_id, Action.UPDATE, None, {"a": 80, "b": [{"c": None, "d": 1.5}]})
    assert said == content_hash("t", row_id, Action.UPDATE, None, {"b": [{"d": 1.5, "c": None}], "a": 80.0})
    others = [
        content_hash("u", row_id, Action.UPDATE, None, {"a": 80, "b": [{"c": None, "d": 1.5}]}),
        content_hash("t", uuid4(), Action.UPDATE, None, {"a": 80, "b": [{"c": None, "d": 1.5}]}),
        content_hash("t", row_id, Action.INSERT, None, {"a": 80, "b": [{"c": None, "d": 1.5}]}),
        content_hash("t", row_id, Action.UPDATE, "start", {"a": 80, "b": [{"c": None, "d": 1.5}]}),
        content_hash("t", row_id, Action.UPDATE, None, {"a": "80", "b": [{"c": None, "d": 1.5}]}),
        content_hash("t", row_id, Action.UPDATE, None, {"a": 80, "b": [{"c": None, "d": 1.5}, {}]}),
        content_hash("t", row_id, Action.UPDATE, None, {"a": True, "b": [{"c": None, "d": 1.5}]}),
    ]
    assert said not in others
