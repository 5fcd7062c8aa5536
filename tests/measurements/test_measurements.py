from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from helpers import Person, pointers, problem, register
from reptrail import clock
from reptrail.catalog.builtin import builtin_id
from reptrail.http.edge import Services
from reptrail.ids import uuid7


def weight(value: float = 80, unit: str = "kg", day: str = "2024-05-01", **fields: Any) -> dict[str, Any]:
    return {"metric": "body-weight", "measured_value": value, "unit": unit, "measurement_date": day, **fields}


async def stored(person: Person, body: Any) -> Any:
    response = await person.post("measurements", body)
    assert response.status_code == 201, response.text
    return response.json()


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    response = await person.get("measurements", params=params)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def test_a_measurement_reads_back_as_it_was_entered(athlete: Person) -> None:
    made = await stored(athlete, weight(180.5, "lb", measurement_notes="after breakfast", measurement_source="DEVICE"))
    measurement_id = made.pop("id")
    for name in ("created_at", "updated_at"):
        at = datetime.fromisoformat(made.pop(name))
        assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    assert made == {
        "user_id": athlete.user_id,
        "metric_id": str(builtin_id("metric", "body-weight")),
        "metric": "body-weight",
        "metric_name": "Body Weight",
        "measured_value": 180.5,
        "unit": "lb",
        "measurement_date": "2024-05-01",
        "canonical_value": 81.873422785,
        "canonical_unit": "kg",
        "measurement_source": "DEVICE",
        "measurement_notes": "after breakfast",
        "import_id": None,
        "created_by": athlete.user_id,
        "updated_by": None,
        "version": 1,
    }
    read = await athlete.get(f"measurements/{measurement_id}")
    assert read.headers["etag"] == '"1"'
    assert {**made, "id": measurement_id}.items() <= read.json().items()


async def test_a_metric_is_named_by_slug_or_by_id(athlete: Person) -> None:
    by_id = weight()
    by_id["metric_id"] = str(builtin_id("metric", by_id.pop("metric")))
    assert (await stored(athlete, by_id))["metric"] == "body-weight"
    for wrong in (weight(metric_id=by_id["metric_id"]), {k: v for k, v in weight().items() if k != "metric"}):
        assert pointers(problem(await athlete.post("measurements", wrong), 422, "invalid")) == {"/metric"}


@pytest.mark.parametrize("named", [{"metric": "body-wait"}, {"metric_id": str(uuid4())}, {"metric": "body\u20acweight"}])
async def test_an_unknown_metric_is_refused_where_it_is_named(athlete: Person, named: dict[str, str]) -> None:
    body = {**{k: v for k, v in weight().items() if k != "metric"}, **named}
    assert pointers(problem(await athlete.post("measurements", body), 422, "invalid")) == {f"/{next(iter(named))}"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("measured_value", -1),
        ("measured_value", "NaN"),
        ("measured_value", "Infinity"),
        ("measured_value", 80.1234567),
        ("measured_value", 10**12),
        ("measured_value", None),
        ("unit", ""),
        ("unit", "x" * 21),
        ("unit", "cm"),
        ("unit", "KG"),
        ("unit", "k\x00g"),
        ("measurement_date", "1969-12-31"),
        ("measurement_date", "2099-01-01"),
        ("measurement_date", "yesterday"),
        ("measurement_notes", "x" * 1001),
        ("measurement_source", "CALCULATED"),
        ("measurement_source", "GUESSED"),
        ("confirm", "yes"),
        ("id", "1"),
        ("canonical_value", 3),
        ("created_by", "01a2028a-ba52-7cfa-92d7-accd5e36ec36"),
    ],
)
async def test_a_wrong_field_is_named(athlete: Person, field: str, value: object) -> None:
    body = {**weight(), field: value}
    assert pointers(problem(await athlete.post("measurements", body), 422, "invalid")) == {f"/{field}"}
    assert pointers(problem(await athlete.post("measurements", [weight(), body]), 422, "invalid")) == {f"/1/{field}"}
    assert await listed(athlete) == []


async def test_a_number_that_json_does_not_have_is_refused(athlete: Person) -> None:
    response = await athlete.post(
        "measurements",
        content=b'{"metric":"body-weight","measured_value":NaN,"unit":"kg"}',
        headers={"content-type": "application/json"},
    )
    problem(response, 400, "malformed-json")


async def test_all_wrong_fields_are_named_at_once(athlete: Person) -> None:
    body = [
        weight(unit="cm", day="2099-01-01"),
        weight(),
        {"metric": "nonsense", "measured_value": 1, "unit": "kg"},
        {"metric": "bmi", "measured_value": 24, "unit": "kg/m2"},
    ]
    document = problem(await athlete.post("measurements", body), 422, "invalid")
    assert pointers(document) == {"/0/unit", "/0/measurement_date", "/2/metric", "/3/metric"}
    shape = [{**weight(), "measured_value": -1, "unit": "", "colour": 1}, {"metric": "height"}]
    document = problem(await athlete.post("measurements", shape), 422, "invalid")
    assert pointers(document) == {"/0/measured_value", "/0/unit", "/0/colour", "/1/measured_value", "/1/unit"}


async def test_a_refused_unit_says_which_are_taken(athlete: Person) -> None:
    document = problem(await athlete.post("measurements", weight(unit="kilos")), 422, "invalid")
    units = "kg, g, lb, [lb_av], st, [stone_av]"
    wrong = {"pointer": "/unit", "detail": f"must be one of {units}", "code": "not_one_of", "values": {"choices": units}}
    assert document["errors"] == [wrong]


@pytest.mark.parametrize(("value", "unit"), [(19, "kg"), (351, "kg"), (10, "lb"), (800, "lb"), (80, "g"), (60, "st")])
async def test_an_implausible_value_needs_confirmation(athlete: Person, value: float, unit: str) -> None:
    document = problem(await athlete.post("measurements", [weight(), weight(value, unit)]), 422, "implausible")
    assert pointers(document) == {"/1/measured_value"}
    assert "from 20 to 350 kg" in document["errors"][0]["detail"]
    assert await listed(athlete) == []
    made = await stored(athlete, weight(value, unit, confirm=True))
    assert (made["measured_value"], made["unit"]) == (value, unit)


@pytest.mark.parametrize(("value", "unit"), [(20, "kg"), (350, "kg"), (44.1, "lb"), (55, "st"), (20_000, "g")])
async def test_a_plausible_value_is_stored_as_it_is(athlete: Person, value: float, unit: str) -> None:
    assert (await stored(athlete, weight(value, unit)))["measured_value"] == value


async def test_every_implausible_value_is_named_with_its_own_bounds(athlete: Person) -> None:
    height = {"metric": "height", "measured_value": 1.8, "unit": "cm"}
    document = problem(await athlete.post("measurements", [weight(8000), weight(), height]), 422, "implausible")
    assert [{"pointer": each["pointer"], "detail": each["detail"]} for each in document["errors"]] == [
        {"pointer": "/0/measured_value", "detail": "8000 kg is outside the plausible range from 20 to 350 kg"},
        {"pointer": "/2/measured_value", "detail": "1.8 cm is outside the plausible range from 90 to 250 cm"},
    ]


async def test_without_a_date_it_is_of_the_athletes_own_today(http: httpx.AsyncClient) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        person = await register(http, time_zone=zone)
        body = {"metric": "body-weight", "measured_value": 80, "unit": "kg"}
        assert (await stored(person, body))["measurement_date"] == clock.today(zone).isoformat()
        ahead = clock.today(zone) + timedelta(days=1)
        assert (await stored(person, weight(day=ahead.isoformat())))["measurement_date"] == ahead.isoformat()
        too_far = weight(day=(ahead + timedelta(days=1)).isoformat())
        assert pointers(problem(await person.post("measurements", too_far), 422, "invalid")) == {"/measurement_date"}


async def test_a_list_answers_in_its_order(athlete: Person) -> None:
    days = ["2024-03-01", "2024-01-01", "2024-02-01", "2024-01-01"]
    made = await stored(athlete, [weight(70 + n, day=day) for n, day in enumerate(days)])
    assert [(m["measurement_date"], m["measured_value"]) for m in made] == list(zip(days, (70, 71, 72, 73), strict=True))
    many = [weight(70, day=(date(2023, 1, 1) + timedelta(days=n)).isoformat()) for n in range(201)]
    assert len(await stored(athlete, many[:200])) == 200
    problem(await athlete.post("measurements", many), 422, "invalid")
    problem(await athlete.post("measurements", []), 422, "invalid")


async def test_the_same_again_answers_what_is_stored(athlete: Person) -> None:
    body = {"id": str(uuid7()), "metric": "body-weight", "measured_value": 80.0, "unit": "kg"}
    first = await stored(athlete, body)
    assert first["id"] == body["id"]
    assert await stored(athlete, {**body, "measured_value": 80}) == first
    assert await stored(athlete, [body, weight(81)]) == [first, (await listed(athlete, metric="body-weight"))[1]]
    assert len(await listed(athlete)) == 2


async def test_an_implausible_one_again_needs_no_second_confirmation(athlete: Person) -> None:
    body = weight(400, id=str(uuid7()), confirm=True)
    first = await stored(athlete, body)
    assert await stored(athlete, {**body, "confirm": False}) == first


@pytest.mark.parametrize(
    "change",
    [
        {"measured_value": 81},
        {"unit": "[lb_av]", "confirm": True},
        {"measurement_date": "2024-05-02"},
        {"measurement_notes": "x"},
        {"measurement_source": "DEVICE"},
        {"metric": "lean-mass"},
    ],
)
async def test_an_id_with_other_contents_is_taken(athlete: Person, change: dict[str, Any]) -> None:
    body = weight(id=str(uuid7()))
    await stored(athlete, body)
    document = problem(await athlete.post("measurements", {**body, **change}), 409, "id-taken")
    assert pointers(document) == {"/id"}
    assert document["current"]["measured_value"] == 80
    assert pointers(problem(await athlete.post("measurements", [weight(), {**body, **change}]), 409, "id-taken")) == {"/1/id"}


async def test_an_id_is_taken_twice_deleted_or_by_somebody_else(athlete: Person, stranger: Person) -> None:
    body = weight(id=str(uuid7()))
    document = problem(await athlete.post("measurements", [body, weight(), body]), 422, "invalid")
    assert pointers(document) == {"/0/id", "/2/id"}
    await stored(stranger, body)
    assert pointers(problem(await athlete.post("measurements", body), 409, "id-taken")) == {"/id"}
    assert (await stranger.delete(f"measurements/{body['id']}")).status_code == 204
    problem(await stranger.post("measurements", body), 409, "id-taken")


async def test_editing(athlete: Person) -> None:
    made = await stored(athlete, weight(measurement_notes="before"))
    path = f"measurements/{made['id']}"
    response = await athlete.patch(path, {"measured_value": 176, "unit": "lb"}, headers={"if-match": '"1"'})
    edited = response.json()
    assert (edited["measured_value"], edited["unit"], edited["canonical_value"]) == (176, "lb", 79.83225712)
    assert (edited["version"], response.headers["etag"], edited["updated_by"]) == (2, '"2"', athlete.user_id)
    assert (await athlete.patch(path, {"measurement_notes": None})).json()["measurement_notes"] is None
    moved = await athlete.patch(path, {"measurement_date": "2024-06-01", "measurement_source": "ESTIMATED"})
    assert (moved.json()["measurement_date"], moved.json()["measurement_source"]) == ("2024-06-01", "ESTIMATED")


async def test_an_edit_is_checked_like_an_entry(athlete: Person) -> None:
    path = f"measurements/{(await stored(athlete, weight()))['id']}"
    wrong = {"unit": "cm", "measurement_date": "2099-01-01"}
    assert pointers(problem(await athlete.patch(path, wrong), 422, "invalid")) == set(map("/{}".format, wrong))
    for field, value in {
        "metric": "height",
        "measured_value": None,
        "measurement_source": "CALCULATED",
        "is_active": False,
    }.items():
        assert pointers(problem(await athlete.patch(path, {field: value}), 422, "invalid")) == {f"/{field}"}
    # 80 is fine in kg and not in g: the unit alone makes it implausible.
    assert pointers(problem(await athlete.patch(path, {"unit": "g"}), 422, "implausible")) == {"/measured_value"}
    assert (await athlete.patch(path, {"unit": "g", "confirm": True})).json()["canonical_value"] == 0.08
    assert (await athlete.patch(path, {"measurement_notes": "really"})).status_code == 200


async def test_an_edit_of_an_old_version_is_refused_with_the_row(athlete: Person) -> None:
    path = f"measurements/{(await stored(athlete, weight()))['id']}"
    assert (await athlete.patch(path, {"measured_value": 81})).status_code == 200
    old = {"headers": {"if-match": '"1"'}}
    for response in (await athlete.patch(path, {"measured_value": 82}, **old), await athlete.delete(path, **old)):
        assert problem(response, 412, "precondition-failed")["current"] == (await athlete.get(path)).json()
    assert (await athlete.get(path)).json()["measured_value"] == 81


async def test_a_deleted_measurement_is_nowhere(athlete: Person) -> None:
    path = f"measurements/{(await stored(athlete, weight()))['id']}"
    response = await athlete.delete(path, headers={"if-match": '"1"'})
    assert (response.status_code, response.content) == (204, b"")
    assert await listed(athlete) == []
    for refused in (await athlete.get(path), await athlete.patch(path, {"measured_value": 1}), await athlete.delete(path)):
        problem(refused, 404, "not-found")


async def test_filters(athlete: Person) -> None:
    await stored(athlete, [weight(80, day=f"2024-01-0{n}") for n in (1, 2, 3)])
    await stored(athlete, {**weight(30, day="2024-01-02"), "metric": "waist", "unit": "in", "measurement_source": "DEVICE"})
    waist = str(builtin_id("metric", "waist"))

    async def found(**params: Any) -> list[tuple[str, str]]:
        return [(m["metric"], m["measurement_date"][-2:]) for m in await listed(athlete, **params)]

    assert await found(metric="body-weight") == [("body-weight", "03"), ("body-weight", "02"), ("body-weight", "01")]
    assert await found(metric="waist") == await found(metric=waist) == await found(source="DEVICE") == [("waist", "02")]
    assert await found(to="2024-01-01") == [("body-weight", "01")]
    assert await found(**{"from": "2024-01-03"}) == [("body-weight", "03")]
    assert len(await found(**{"from": "2024-01-02", "to": "2024-01-02"})) == 2
    assert await found(source="CALCULATED") == await found(metric="no-such") == await found(metric=str(uuid4())) == []
    for name, value in {"from": "x", "to": "1", "source": "X", "limit": "201", "cursor": "abc", "colour": "red"}.items():
        refused = await athlete.get("measurements", params={name: value})
        assert pointers(problem(refused, 422, "invalid")) == {f"query/{name}"}


async def test_pages_hold_each_measurement_once_newest_first(athlete: Person) -> None:
    days = [(date(2024, 1, 1) + timedelta(days=n // 3)).isoformat() for n in range(23)]
    await stored(athlete, [weight(70 + n / 10, day=day) for n, day in enumerate(days)])
    seen: list[tuple[str, str]] = []
    params: dict[str, Any] = {"limit": 5}
    while True:
        page = (await athlete.get("measurements", params=params)).json()
        seen += [(m["measurement_date"], m["id"]) for m in page["items"]]
        if page["next_cursor"] is None:
            break
        assert len(page["items"]) == 5
        params["cursor"] = page["next_cursor"]
    assert len(seen) == 23
    assert seen == sorted(seen, reverse=True)


async def test_two_athletes_do_not_meet(athlete: Person, stranger: Person) -> None:
    path = f"measurements/{(await stored(athlete, weight()))['id']}"
    assert await listed(stranger) == []
    for refused in (
        await stranger.get(path),
        await stranger.patch(path, {"measured_value": 1}),
        await stranger.delete(path),
        await stranger.get(f"/api/v1/athletes/{athlete.user_id}/measurements"),
        await stranger.post(f"/api/v1/athletes/{athlete.user_id}/measurements", weight()),
    ):
        problem(refused, 404, "not-found")
    assert (await athlete.get(path)).json()["version"] == 1


async def test_a_token_needs_the_scope(athlete: Person) -> None:
    made = await stored(athlete, weight())
    for scopes, read, write in ((["measurements:read"], 200, 403), (["training:read", "training:write"], 403, 403)):
        body = {"name": "t", "scopes": scopes}
        token = (await athlete.post("/api/v1/me/tokens", body)).json()["token"]
        reader = Person(athlete.http, athlete.user_id, athlete.email, token, "")
        assert (await reader.get("measurements")).status_code == read
        assert (await reader.get(f"measurements/{made['id']}")).status_code == read
        assert (await reader.post("measurements", weight())).status_code == write
        assert (await reader.patch(f"measurements/{made['id']}", {"measured_value": 1})).status_code == write
        assert (await reader.delete(f"measurements/{made['id']}")).status_code == write


async def test_every_change_is_in_the_ledger(athlete: Person, services: Services) -> None:
    made = await stored(athlete, weight())
    await athlete.patch(f"measurements/{made['id']}", {"measured_value": 81})
    await athlete.delete(f"measurements/{made['id']}")
    user_id = UUID(athlete.user_id)
    async with services.database.act_as_system(user_id, uuid7()) as tx:
        changes = await tx.rows(
            "SELECT action, domain, actor_id FROM change WHERE user_id = $1 AND table_name = 'user_measurement' ORDER BY seq",
            user_id,
        )
    assert [(c["action"], c["domain"], c["actor_id"]) for c in changes] == [
        (action, "measurements", user_id) for action in ("INSERT", "UPDATE", "UPDATE")
    ]
