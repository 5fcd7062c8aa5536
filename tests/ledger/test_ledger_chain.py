"""The chain by itself: whatever is done to it is found, and named for what it is."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reptrail.ids import uuid7
from reptrail.ledger.rules import MAX_FINDINGS, Chain, Change, Finding, Kind, chain_hash

ATHLETE = uuid7()
Rows = list[Change]


def chain(length: int) -> Rows:
    rows: Rows = []
    link = b""
    for seq in range(1, length + 1):
        change = Change(
            ATHLETE, seq, ATHLETE, "WEB", uuid7(), f"17724{seq:05}.123456", "training", "user_set_performance", uuid7(), "UPDATE",
            '{"reps": 5}', f'{{"reps": {seq}}}', b"",
        )  # fmt: skip
        link = chain_hash(link, change, seq)
        rows.append(replace(change, hash=link))
    return rows


def check(rows: Rows, head: tuple[int, bytes] | None) -> list[Finding]:
    checked = Chain()
    for row in sorted(rows, key=lambda row: row.seq):
        checked.feed(row)
    return checked.finish(head)


def head_of(rows: Rows) -> tuple[int, bytes]:
    return rows[-1].seq, rows[-1].hash


def told(findings: list[Finding]) -> list[tuple[Kind, int | None]]:
    return [(finding.kind, finding.seq) for finding in findings]


def renumbered(rows: Rows, offset: int) -> Rows:
    return [replace(row, seq=row.seq + offset) for row in rows]


def forged(rows: Rows, link: bytes) -> Rows:
    """The rows with hashes that fit after `link`."""
    made = []
    for row in rows:
        link = chain_hash(link, row, row.seq)
        made.append(replace(row, hash=link))
    return made


@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_a_chain_that_stands_has_no_findings(length: int) -> None:
    rows = chain(length)
    assert check(rows, head_of(rows) if rows else (0, b"")) == []


ALTERED = [
    {"after": '{"reps": 99}'},
    {"after": None},
    {"before": '{"reps": 6}'},
    {"actor_id": uuid7()},
    {"user_id": uuid7()},
    {"row_id": uuid7()},
    {"table_name": "user_measurement"},
    {"via": "IMPORT"},
    {"request_id": None},
    {"changed_at": "1772400000.000001"},
    {"domain": "account"},
    {"action": "DELETE"},
]


@pytest.mark.parametrize("fields", ALTERED, ids=lambda fields: next(iter(fields)))
@pytest.mark.parametrize("place", [0, 4, 9])
def test_an_altered_change_is_named(place: int, fields: dict[str, object]) -> None:
    rows = chain(10)
    head = head_of(rows)
    rows[place] = replace(rows[place], **fields)  # type: ignore[arg-type]
    (finding,) = check(rows, head)
    assert (finding.kind, finding.seq) == (Kind.ALTERED, place + 1)
    assert (finding.table_name, finding.row_id) == (rows[place].table_name, rows[place].row_id)


def test_a_hash_alone_altered_is_told_from_contents_altered() -> None:
    rows = chain(5)
    head = head_of(rows)
    rows[2] = replace(rows[2], hash=bytes(32))
    (finding,) = check(rows, head)
    assert (finding.kind, finding.seq, finding.detail) == (Kind.ALTERED, 3, "has another hash than its contents")


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 3), (4, 4), (5, 7), (10, 10), (8, 10), (1, 10)])
def test_removed_changes_are_named(first: int, last: int) -> None:
    rows = chain(10)
    (finding,) = check([row for row in rows if not first <= row.seq <= last], head_of(rows))
    assert (finding.kind, finding.seq) == (Kind.REMOVED, first)
    assert finding.detail == ("is missing" if first == last else f"to {last} are missing")


@pytest.mark.parametrize("fits", [True, False])
@pytest.mark.parametrize("place", [1, 4, 9])
def test_a_change_put_between_is_named(place: int, *, fits: bool) -> None:
    rows = chain(10)
    head = head_of(rows)
    new = replace(rows[place], row_id=uuid7(), hash=bytes(32))
    if fits:
        (new,) = forged([new], rows[place - 1].hash)
    findings = check([*rows[:place], new, *renumbered(rows[place:], 1)], (head[0] + 1, head[1]))
    wanted = (Kind.INSERTED, place + 1) if place < 9 else None
    assert wanted is None or wanted in told(findings)
    assert place + 1 in {finding.seq for finding in findings}


def test_a_change_put_after_the_head_is_named() -> None:
    rows = chain(5)
    (new,) = forged([replace(rows[4], seq=6, row_id=uuid7())], rows[4].hash)
    assert told(check([*rows, new], head_of(rows))) == [(Kind.INSERTED, 6)]


def test_a_change_before_the_first_is_named() -> None:
    rows = chain(5)
    assert told(check([replace(rows[0], seq=0), *rows], head_of(rows))) == [(Kind.INSERTED, 0)]


@pytest.mark.parametrize(("one", "other"), [(0, 1), (3, 4), (8, 9), (2, 6), (0, 9)])
def test_changes_that_changed_places_are_named(one: int, other: int) -> None:
    rows = chain(10)
    head = head_of(rows)
    a, b = rows[one], rows[other]
    rows[one], rows[other] = replace(b, seq=a.seq), replace(a, seq=b.seq)
    findings = check(rows, head)
    assert [f for f in findings if f.kind is Kind.MOVED] == [
        Finding(Kind.MOVED, f"stood at {b.seq}", a.seq, b.table_name, b.row_id),
        Finding(Kind.MOVED, f"stood at {a.seq}", b.seq, a.table_name, a.row_id),
    ]
    assert {finding.kind for finding in findings} <= {Kind.MOVED, Kind.HEAD}


def test_closing_the_gap_is_seen() -> None:
    rows = chain(10)
    head = head_of(rows)
    findings = check([*rows[:4], *renumbered(rows[5:], -1)], (9, head[1]))
    assert told(findings) == [(Kind.REMOVED, 5), (Kind.MOVED, 6)]
    assert findings[0].row_id == rows[5].row_id


def test_the_newest_rewritten_with_its_hash_is_caught_by_the_head() -> None:
    rows = chain(5)
    head = head_of(rows)
    rows[4:] = forged([replace(rows[4], after="{}")], rows[3].hash)
    (finding,) = check(rows, head)
    assert (finding.kind, finding.seq, finding.row_id) == (Kind.HEAD, 5, rows[4].row_id)


def test_everything_after_rewritten_is_caught_by_the_head() -> None:
    rows = chain(8)
    head = head_of(rows)
    rows[3:] = forged([replace(rows[3], after="{}"), *rows[4:]], rows[2].hash)
    assert told(check(rows, head)) == [(Kind.HEAD, 8)]


def test_a_head_that_is_gone_or_set_back_is_seen() -> None:
    rows = chain(5)
    assert told(check(rows, None)) == [(Kind.HEAD, 5)]
    assert told(check(rows, (3, rows[2].hash))) == [(Kind.INSERTED, 4)]
    assert told(check(rows, (0, b""))) == [(Kind.INSERTED, 1)]


def test_a_ledger_wrong_all_over_is_told_within_bounds() -> None:
    rows = chain(4 * MAX_FINDINGS)
    assert 0 < len(check([replace(row, after="{}") for row in rows], head_of(rows))) <= 2 * MAX_FINDINGS
    assert 0 < len(check(rows[::2], head_of(rows))) <= 2 * MAX_FINDINGS


ROWS = chain(40)
FIELDS = st.sampled_from(ALTERED)
PLACES = st.integers(0, len(ROWS) - 1)


@given(st.lists(st.tuples(PLACES, FIELDS), min_size=1, max_size=6, unique_by=lambda each: each[0]))
def test_whatever_is_altered_is_found(alterations: list[tuple[int, dict[str, object]]]) -> None:
    rows = list(ROWS)
    for place, fields in alterations:
        rows[place] = replace(rows[place], **fields)  # type: ignore[arg-type]
    wanted = {place + 1 for place, _ in alterations if rows[place] != ROWS[place]}
    assert wanted <= {finding.seq for finding in check(rows, head_of(ROWS))}


@given(st.permutations(list(range(12))), st.integers(0, 28))
def test_whatever_is_reordered_is_found(order: list[int], start: int) -> None:
    part = ROWS[start : start + 12]
    moved = [replace(part[origin], seq=part[place].seq) for place, origin in enumerate(order)]
    findings = check([*ROWS[:start], *moved, *ROWS[start + 12 :]], head_of(ROWS))
    wanted = {row.seq for row, was in zip(moved, part, strict=True) if row != was}
    assert bool(findings) == bool(wanted)
    assert wanted <= {finding.seq for finding in findings} or any("to " in finding.detail for finding in findings)


@given(st.sets(PLACES, min_size=1))
def test_whatever_is_removed_is_found(places: set[int]) -> None:
    missing: set[int] = set()
    for finding in check([row for place, row in enumerate(ROWS) if place not in places], head_of(ROWS)):
        assert finding.kind is Kind.REMOVED
        last = finding.detail.split()[1] if finding.detail.startswith("to ") else finding.seq
        missing |= set(range(finding.seq or 0, int(last or 0) + 1))
    assert missing == {place + 1 for place in places}


@given(st.data())
def test_any_few_rows_written_over_are_found(data: st.DataObject) -> None:
    """Whatever an attacker writes into the table without rewriting the rest of the chain and the head."""
    rows = list(ROWS)
    for _ in range(data.draw(st.integers(1, 3))):
        place, origin = data.draw(PLACES), data.draw(PLACES)
        row = replace(ROWS[origin], seq=place + 1, **data.draw(st.sampled_from([{}, *ALTERED])))
        if data.draw(st.booleans()) and place:
            row = replace(row, hash=chain_hash(rows[place - 1].hash, row, row.seq))
        rows[place] = row
    assert bool(check(rows, head_of(ROWS))) == (rows != ROWS)


def test_a_finding_reads_like_a_sentence() -> None:
    row = UUID(int=7)
    assert str(Finding(Kind.ALTERED, "is not as it was written", 3, "metric", row)) == (
        f"altered: change 3 metric {row} is not as it was written"
    )
    assert str(Finding(Kind.ROW_MISSING, "is gone", None, "metric", row)) == f"row missing: metric {row} is gone"
    assert str(Finding(Kind.REMOVED, "is missing", 3)) == "removed: change 3 is missing"
