import json
import re
from decimal import Decimal
from functools import cache

import pint

from helpers import Person
from reptrail.catalog import builtin
from reptrail.http.edge import Services
from reptrail.ids import uuid7

# pint's spelling of each unit and of the canonical unit of its dimension.
PINT_UNITS = {
    "kg": ("kilogram", "kilogram"),
    "g": ("gram", "kilogram"),
    "[lb_av]": ("pound", "kilogram"),
    "[stone_av]": ("stone", "kilogram"),
    "cm": ("centimeter", "centimeter"),
    "m": ("meter", "centimeter"),
    "mm": ("millimeter", "centimeter"),
    "[in_i]": ("inch", "centimeter"),
    "[ft_i]": ("foot", "centimeter"),
    "%": ("percent", "percent"),
    "/min": ("1/minute", "1/minute"),
    "ms": ("millisecond", "millisecond"),
    "mm[Hg]": ("mmHg", "mmHg"),
    "min": ("minute", "minute"),
    "h": ("hour", "minute"),
    "{steps}": ("count", "count"),
    "mL/(kg.min)": ("milliliter/kilogram/minute", "milliliter/kilogram/minute"),
    "kg/m2": ("kilogram/meter**2", "kilogram/meter**2"),
}


@cache
def registry() -> pint.UnitRegistry[Decimal]:
    return pint.UnitRegistry(non_int_type=Decimal)


def by_pint(value: Decimal, code: str) -> Decimal:
    """A value in the canonical unit of its dimension, as pint has it."""
    theirs, canonical = PINT_UNITS[code]
    return Decimal(registry().Quantity(value, theirs).to(canonical).magnitude)


def test_units_agree_with_pint() -> None:
    assert set(builtin.units()) == set(PINT_UNITS)
    for code, unit in builtin.units().items():
        assert abs(unit.factor - by_pint(Decimal(1), code)) <= Decimal("1e-12"), code


def test_units_are_found_by_code_and_by_symbol() -> None:
    pound = builtin.find_unit("lb")
    assert pound is not None
    assert pound is builtin.find_unit("[lb_av]")
    assert pound.factor == Decimal("0.45359237")
    assert builtin.find_unit("furlong") is None
    entered = [text for unit in builtin.units().values() for text in {unit.code, unit.symbol}]
    assert len(entered) == len(set(entered))


async def test_the_database_knows_the_same_factors(services: Services) -> None:
    factors = {spelling: unit.factor for unit in builtin.units().values() for spelling in (unit.code, unit.symbol)}
    async with services.database.act_as_system(None, uuid7()) as tx:
        rows = await tx.rows("SELECT u AS unit, app.unit_factor(u) AS factor FROM unnest($1::text[]) u", list(factors))
        source = await tx.value("SELECT pg_get_functiondef('app.unit_factor'::regproc)")
    assert {row["unit"]: row["factor"] for row in rows} == factors
    assert set(re.findall(r"WHEN '([^']+)'", source)) <= set(factors)


async def test_every_metric_takes_every_spelling_of_its_units_and_converts_it_as_pint_does(athlete: Person) -> None:
    entered = [
        (metric, spelling, unit)
        for metric in builtin.metrics()
        if not metric.calculated
        for unit in map(builtin.units().__getitem__, metric.allowed_units)
        for spelling in dict.fromkeys((unit.code, unit.symbol))
    ]
    assert len(entered) > 150
    for start in range(0, len(entered), 200):
        part = entered[start : start + 200]
        body = [
            {"metric": metric.slug, "measured_value": 12.345678, "unit": spelling, "confirm": True} for metric, spelling, _ in part
        ]
        response = await athlete.post("measurements", body)
        assert response.status_code == 201, response.text
        for (metric, spelling, unit), row in zip(part, json.loads(response.text, parse_float=Decimal), strict=True):
            assert (row["unit"], row["measured_value"], row["metric"]) == (spelling, Decimal("12.345678"), metric.slug)
            assert row["canonical_unit"] == metric.canonical_unit
            assert abs(row["canonical_value"] - by_pint(Decimal("12.345678"), unit.code)) <= Decimal("1e-12"), spelling
