"""`reptrail progress calibrate`: how often forecasts held, as a table."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from rich.console import Console
from rich.table import Table

from reptrail.goals.actions import Calibration
from reptrail.goals.formulas import COVERAGE, Coverage
from reptrail.http.encoding import encode
from reptrail.training.rules import KG_PER_LB, WeightUnit


def calibration_json(found: Sequence[Calibration]) -> str:
    """The table as indented JSON; widths in kg."""
    return msgspec.json.format(encode(found), indent=2).decode()


def show_calibration(found: Sequence[Calibration], unit: WeightUnit, console: Console) -> None:
    """Prints, for each series and horizon, how many forecasts there were, the share that held, and how wide they were."""
    if not any(coverage.forecasts for each in found for coverage in each.horizons):
        console.print("Nothing to hold against: a forecast needs values of five days over two weeks, and one that came after it.")
        return
    table = Table(title=f"How often the {COVERAGE:.0%} interval held", caption=_CAPTION, caption_justify="left")
    table.add_column("Series")
    for title in ("Days", "Ahead", "Forecasts", "Held", "Textbook's", f"Mean width, {unit}"):
        table.add_column(title, justify="right")
    for each in found:
        told = [coverage for coverage in each.horizons if coverage.forecasts]
        for place, coverage in enumerate(told):
            name, days = (each.subject, str(each.days)) if place == 0 else ("", "")
            table.add_row(name, days, *_cells(coverage, unit), end_section=place == len(told) - 1)
    console.print(table)


_CAPTION = (
    "A forecast a week, each from what was known on its day, held against the value nearest to the day it named. "
    "Textbook's: the share that the interval would have held without being widened by past misses."
)


def _cells(coverage: Coverage, unit: WeightUnit) -> tuple[str, ...]:
    width = Decimal(coverage.mean_width or 0) / (KG_PER_LB if unit is WeightUnit.LB else 1)
    return (
        f"{coverage.horizon} d",
        str(coverage.forecasts),
        f"{coverage.held:.0%}",
        f"{coverage.nominal_held:.0%}",
        f"{width:.1f}",
    )
