from typing import Any
from uuid import uuid4

import pytest

from helpers import Person, pointers, problem
from reptrail.catalog import builtin
from reptrail.ids import uuid7

METRICS = "/api/v1/metrics"
WEIGHT_ID = builtin.builtin_id("metric", "body-weight")


async def made(person: Person, **fields: Any) -> dict[str, Any]:
    response = await person.post(METRICS, {"metric_name": f"Mood {uuid4().hex[:6]}", "unit": "points", **fields})
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    response = await person.get(METRICS, params={"limit": 200, **params})
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def test_the_built_in_metrics_are_listed_by_name(athlete: Person) -> None:
    found = await listed(athlete)
    assert [each["slug"] for each in found] == [m.slug for m in sorted(builtin.metrics(), key=lambda metric: metric.name)]
    (weight,) = [each for each in found if each["slug"] == "body-weight"]
    assert (await athlete.get(f"{METRICS}/{WEIGHT_ID}")).json() == weight
    assert (weight["canonical_unit"], weight["allowed_units"]) == ("kg", ["kg", "g", "[lb_av]", "[stone_av]"])
    assert (weight["minimum_plausible"], weight["maximum_plausible"], weight["loinc"]) == (20, 350, "29463-7")
    assert (weight["user_id"], weight["is_calculated"]) == (None, False)


async def test_search_and_pages(athlete: Person) -> None:
    own = await made(athlete, metric_name="Grip Strength", dimension="force", unit="kg")
    assert [each["slug"] for each in await listed(athlete, q="wiast")] == ["waist"]
    assert (await listed(athlete, q="vo2max"))[0]["slug"] == "vo2max"
    assert (await listed(athlete, q="grip strenght"))[0]["id"] == own["id"]
    assert [each["id"] for each in await listed(athlete, mine="true")] == [own["id"]]
    names: list[str] = []
    params: dict[str, Any] = {"limit": 7}
    while True:
        page = (await athlete.get(METRICS, params=params)).json()
        names += [each["metric_name"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert names == [each["metric_name"] for each in await listed(athlete)]
    assert "Grip Strength" in names


@pytest.mark.parametrize(
    ("unit", "dimension", "canonical", "answered"),
    [
        ("points", None, "points", "other"),
        ("points", "mood", "points", "mood"),
        ("lb", None, "kg", "mass"),
        ("[lb_av]", "mass", "kg", "mass"),
        ("kg", "force", "kg", "force"),
        (" in ", "length", "cm", "length"),
        ("h", None, "min", "time"),
        ("1-10 ★", "pain", "1-10 ★", "pain"),
    ],
)
async def test_a_private_metric_has_one_unit(
    athlete: Person, unit: str, dimension: str | None, canonical: str, answered: str
) -> None:
    metric = await made(athlete, unit=unit, **({} if dimension is None else {"dimension": dimension}))
    assert (metric["allowed_units"], metric["canonical_unit"]) == ([unit.strip()], canonical)
    assert metric["dimension"] == answered
    body = {"metric_id": metric["id"], "measured_value": 3, "unit": unit.strip()}
    measured = (await athlete.post("measurements", body)).json()
    known = builtin.find_unit(unit.strip())
    assert measured["canonical_value"] == pytest.approx(3 * float(known.factor if known else 1))
    assert (measured["canonical_unit"], measured["metric"], measured["metric_name"]) == (canonical, None, metric["metric_name"])
    document = problem(await athlete.post("measurements", {**body, "unit": "furlong"}), 422, "invalid")
    assert pointers(document) == {"/unit"}
    # The other spelling of a unit that is known is the same unit.
    if known is not None:
        other = known.symbol if unit.strip() == known.code else known.code
        assert (await athlete.post("measurements", {**body, "unit": other})).status_code == 201


async def test_private_bounds_are_in_the_canonical_unit(athlete: Person) -> None:
    metric = await made(athlete, unit="in", minimum_plausible=10, maximum_plausible=100.5)
    assert (metric["minimum_plausible"], metric["maximum_plausible"]) == (10, 100.5)
    body = {"metric_id": metric["id"], "measured_value": 40, "unit": "in"}
    document = problem(await athlete.post("measurements", body), 422, "implausible")
    detail = "40 in (101.6 cm) is outside the plausible range from 10 to 100.5 cm"
    values = {"value": "40 in (101.6 cm)", "least": 10, "most": 100.5, "unit": "cm"}
    assert document["errors"] == [{"pointer": "/measured_value", "detail": detail, "code": "implausible", "values": values}]
    path = f"{METRICS}/{metric['id']}"
    assert (await athlete.patch(path, {"maximum_plausible": None})).json()["maximum_plausible"] is None
    assert (await athlete.post("measurements", body)).status_code == 201
    low = problem(await athlete.post("measurements", {**body, "measured_value": 1}), 422, "implausible")
    assert "from 10 cm" in low["errors"][0]["detail"]
    refused = await athlete.patch(path, {"maximum_plausible": 10})
    assert pointers(problem(refused, 422, "invalid")) == {"/maximum_plausible"}


async def test_all_wrong_fields_are_named_at_once(athlete: Person) -> None:
    body = {"metric_name": " ", "unit": "x" * 21, "dimension": "", "minimum_plausible": -1, "slug": "mine"}
    wrong = {"/metric_name", "/unit", "/dimension", "/minimum_plausible", "/slug"}
    assert pointers(problem(await athlete.post(METRICS, body), 422, "invalid")) == wrong
    body = {"metric_name": "Reach", "unit": "furlong", "dimension": "length", "minimum_plausible": 3, "maximum_plausible": 2}
    document = problem(await athlete.post(METRICS, body), 422, "invalid")
    assert pointers(document) == {"/unit", "/maximum_plausible"}
    for unit in ("kg", " "):
        assert pointers(problem(await athlete.post(METRICS, {**body, "unit": unit, "maximum_plausible": 4}), 422, "invalid")) == {
            "/unit"
        }


async def test_editing_and_deleting_ones_own(athlete: Person) -> None:
    body = {"id": str(uuid7()), "metric_name": "Mood", "unit": "points", "minimum_plausible": 1}
    metric = await made(athlete, **body)
    assert await made(athlete, **body) == metric
    problem(await athlete.post(METRICS, {**body, "unit": "stars"}), 409, "id-taken")
    conflict = await athlete.post(METRICS, {"metric_name": "MOOD", "unit": "points"})
    assert pointers(problem(conflict, 409, "conflict")) == {"/metric_name"}
    path = f"{METRICS}/{metric['id']}"
    response = await athlete.patch(path, {"metric_name": "Temper"}, headers={"if-match": '"1"'})
    assert (response.json()["metric_name"], response.json()["minimum_plausible"], response.headers["etag"]) == ("Temper", 1, '"2"')
    stale = await athlete.patch(path, {"metric_name": "X"}, headers={"if-match": '"1"'})
    assert problem(stale, 412, "precondition-failed")["current"] == response.json()
    for field, value in {"unit": "stars", "is_active": False, "metric_name": None}.items():
        assert pointers(problem(await athlete.patch(path, {field: value}), 422, "invalid")) == {f"/{field}"}
    measured = (await athlete.post("measurements", {"metric_id": metric["id"], "measured_value": 3, "unit": "points"})).json()
    assert (await athlete.delete(path, headers={"if-match": '"2"'})).status_code == 204
    problem(await athlete.get(path), 404, "not-found")
    assert (await athlete.get(f"measurements/{measured['id']}")).json()["metric_name"] == "Temper"
    again = await athlete.post("measurements", {"metric_id": metric["id"], "measured_value": 3, "unit": "points"})
    assert pointers(problem(again, 422, "invalid")) == {"/metric_id"}
    assert (await athlete.patch(f"measurements/{measured['id']}", {"measured_value": 4})).status_code == 200


async def test_built_in_metrics_cannot_be_edited_and_anothers_are_invisible(athlete: Person, stranger: Person) -> None:
    problem(await athlete.patch(f"{METRICS}/{WEIGHT_ID}", {"maximum_plausible": 1}), 403, "forbidden")
    problem(await athlete.delete(f"{METRICS}/{WEIGHT_ID}"), 403, "forbidden")
    metric = await made(athlete)
    path = f"{METRICS}/{metric['id']}"
    for refused in (await stranger.get(path), await stranger.patch(path, {"metric_name": "X"}), await stranger.delete(path)):
        problem(refused, 404, "not-found")
    body = {"metric_id": metric["id"], "measured_value": 3, "unit": "points"}
    assert pointers(problem(await stranger.post("measurements", body), 422, "invalid")) == {"/metric_id"}
    assert metric["id"] not in [each["id"] for each in await listed(stranger)]
