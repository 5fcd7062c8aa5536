"""docs/sync.md says what is so: its examples are sent, and its tables compared."""

import json
import re
from pathlib import Path
from typing import Any

from good_requests.base import BENCH_PRESS
from helpers import Person
from reptrail.sync.operations import KINDS
from reptrail.sync.rules import CHANGES_PER_PULL, MAX_CHANGES_PER_PULL, MAX_OPERATIONS_PER_PUSH, Status

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "sync.md").read_text(encoding="utf-8")


def example(name: str) -> Any:
    (found,) = re.findall(rf"```json {name}\n(.*?)```", TEXT, re.DOTALL)
    return json.loads(found.replace("{bench press}", BENCH_PRESS))


async def test_the_pull_is_as_it_is_told(athlete: Person) -> None:
    told = example("pull")
    for change in told["changes"]:
        fields = {"metric": "body-weight", "measured_value": 81.5, "unit": "kg", "measurement_date": "2026-03-01"}
        assert (await athlete.post("measurements", {"id": change["id"], **fields})).status_code == 201
    await athlete.delete(f"measurements/{told['changes'][1]['id']}")
    page = (await athlete.get("sync")).json()
    assert page.keys() == told.keys()
    assert page["has_more"] is told["has_more"]
    assert (page["next_since"], page["head_seq"]) == (told["next_since"], told["head_seq"])
    row, gone = [c for c in page["changes"] if c["table"] == "user_measurement"]
    volatile = {"user_id", "metric_id", "created_by", "created_at", "updated_at"}
    for name, value in told["changes"][0]["row"].items():
        assert name in volatile or row["row"][name] == value
    assert row["row"].keys() == told["changes"][0]["row"].keys()
    assert {k: v for k, v in row.items() if k != "row"} == {k: v for k, v in told["changes"][0].items() if k != "row"}
    assert gone == told["changes"][1]


async def test_the_push_is_answered_as_it_is_told(athlete: Person) -> None:
    told = example("results")
    answer = (await athlete.post("sync", example("push"))).json()
    assert answer.keys() == told.keys()
    for result, expected in zip(answer["results"], told["results"], strict=True):
        assert result.keys() == expected.keys()
        for name in ("id", "status", "table", "row_id", "version"):
            assert result.get(name) == expected.get(name)
        # Rows are cut in the document, and shown as they were when it was written.
        assert expected.get("row", {}).items() <= result.get("row", {}).items()
        if "problem" in expected:
            assert {**result["problem"], "request_id": "..."} == expected["problem"]


def test_the_table_of_operations_is_the_one_there_is() -> None:
    found, table = set(), ""
    for line in re.findall(r"^\|(.*)\| (?:`[a-z]+:[a-z]+`|by what it is of) \|$", TEXT, re.MULTILINE):
        first, second = line.split("|")[:2]
        table = first.strip(" `") or table
        found |= {(table, word) for word in re.findall(r"`(\w+)`", second)}
    assert found == set(KINDS)
    for kind in KINDS.values():
        assert kind.scope is None or f"`{kind.scope}`" in TEXT


def test_bounds_and_statuses_are_told() -> None:
    assert f"({CHANGES_PER_PULL:,}, at most {MAX_CHANGES_PER_PULL:,})" in TEXT
    assert f"up to {MAX_OPERATIONS_PER_PUSH} operations" in TEXT
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE)) == set(Status)
