"""Codes, scopes and what widens a consent."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reptrail.coaching.rules import CODE_CHARACTERS, CoachScope, compose_code, read_code, scope_errors, widens

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@given(st.binary(min_size=8, max_size=32))
def test_a_code_is_read_however_it_is_typed(digest: bytes) -> None:
    code = compose_code(digest)
    plain = code.replace("-", "")
    assert len(plain) == CODE_CHARACTERS
    typed = plain.lower().replace("0", "o").replace("1", "l")
    assert read_code(code) == read_code(f" {typed[:5]} {typed[5:]}") == plain


@given(st.binary(min_size=8, max_size=8), st.binary(min_size=8, max_size=8))
def test_each_of_60_bits_counts(first: bytes, second: bytes) -> None:
    differs = int.from_bytes(first, "big") % 2**60 != int.from_bytes(second, "big") % 2**60
    assert (compose_code(first) != compose_code(second)) == differs


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M-Q2XD-9BTU", "7K3M-Q2XD-9BTWW", "x" * 5000, "\uff17K3M-Q2XD-9BTW"])
def test_what_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


@pytest.mark.parametrize(
    ("scopes", "wrong"),
    [
        ([CoachScope.TRAINING_READ], 0),
        (list(CoachScope), 0),
        ([CoachScope.TRAINING_WRITE], 1),
        ([CoachScope.PROGRAM_ASSIGN, CoachScope.MEASUREMENTS_WRITE], 2),
        ([CoachScope.TRAINING_READ, CoachScope.TRAINING_READ], 1),
    ],
)
def test_scopes_taken_together(scopes: list[CoachScope], wrong: int) -> None:
    assert len(list(scope_errors(scopes))) == wrong


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ((["a", "b"], None), (["a"], EARLY), False),
        ((["a"], EARLY), (["a"], EARLY), False),
        ((["a"], LATE), (["a"], EARLY), False),
        ((["a"], EARLY), (["a"], LATE), True),
        ((["a"], EARLY), (["a"], None), True),
        ((["a"], None), (["a", "b"], EARLY), True),
        ((["a"], None), (["b"], None), True),
    ],
)
def test_what_widens(before: tuple[list[str], datetime | None], after: tuple[list[str], datetime | None], more: bool) -> None:
    assert widens(before, after) == more
