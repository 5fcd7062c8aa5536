"""The made-up athlete on the scales: body weight with its daily noise, and what else is measured now and then."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from reptrail.demo import plan
from reptrail.demo.shapes import Measurement

WEIGHED_CHANCE = 0.9
# Water and food move body weight by about half a kilogram, and what is there today is half there tomorrow.
NOISE_KEPT = 0.5
NOISE_KG = 0.38
WEEKEND_KG = 0.3
MONTH_DAYS = 30
DAYS_PER_WEEK = 7
SUNDAY = 6


def true_weight(day_number: int) -> float:
    """Body weight in kg without the noise, `day_number` days after the first."""
    weeks = day_number / DAYS_PER_WEEK
    kg = plan.BODY_WEIGHT_START_KG
    ends = [start for start, _ in plan.BODY_WEIGHT_SLOPES[1:]] + [math.inf]
    for (start, slope), end in zip(plan.BODY_WEIGHT_SLOPES, ends, strict=True):
        kg += slope * max(0.0, min(weeks, end) - start)
    return kg


def measurements(random: Random, start: date, today: date) -> tuple[Measurement, ...]:
    """Everything measured from the first day up to and with today, in order of days."""
    found = [_measured("height", plan.HEIGHT_CM, "cm", start, digits=0)]
    water = 0.0
    for number in range((today - start).days + 1):
        day = start + timedelta(days=number)
        week = number // DAYS_PER_WEEK
        water = NOISE_KEPT * water + random.gauss(0, NOISE_KG)
        is_weighed = number == 0 or random.random() < WEIGHED_CHANCE
        kg = true_weight(number) + water + (WEEKEND_KG if day.weekday() in (SUNDAY, 0) else 0)
        if week in plan.AWAY_WEEKS or week in plan.HOTEL_WEEKS:
            continue  # nobody takes the scales along
        if is_weighed:
            found.append(_measured("body-weight", kg, "kg", day))
        found += _now_and_then(random, day, number, week)
    return tuple(found)


def _now_and_then(random: Random, day: date, number: int, week: int) -> Iterator[Measurement]:
    months = number / MONTH_DAYS
    leaner = true_weight(number) - plan.BODY_WEIGHT_START_KG
    if number % MONTH_DAYS == 0:
        yield _measured("waist", 86.5 + 0.85 * leaner - 0.12 * months + random.gauss(0, 0.3), "cm", day)
        fat = 19.5 + 0.95 * leaner - 0.13 * months + random.gauss(0, 0.35)
        note = "Skinfold caliper, three sites (Jackson and Pollock 1978)"
        yield _measured("body-fat", fat, "%", day, source="ESTIMATED", notes=note)
    if day.weekday() == SUNDAY:
        ill = 6.0 if week in plan.ILL_WEEKS else 0.0
        rate = 57 + 8 * math.exp(-number / 300) + ill + random.gauss(0, 1.1)
        yield _measured("resting-heart-rate", rate, "/min", day, digits=0, source="DEVICE")


def _measured(
    metric: str, value: float, unit: str, day: date, *, digits: int = 1, source: str = "MANUAL", notes: str | None = None
) -> Measurement:
    return Measurement(metric=metric, value=Decimal(f"{value:.{digits}f}"), unit=unit, day=day, source=source, notes=notes)
