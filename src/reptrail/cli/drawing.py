"""Small drawings made of characters: bars, sparklines, columns, lines. Pure: numbers in, text out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Unicode's braille patterns: the bits of the left and right dot of each of the four lines of a cell, from the top.
_BRAILLE = 0x2800
_BRAILLE_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


@dataclass(frozen=True, slots=True)
class Signs:
    """What is drawn with: `levels` from lowest to highest, `eighths` from an eighth of a cell to a full one."""

    levels: str
    eighths: str
    dot: str
    rule: str
    times: str
    minus: str
    dash: str
    ellipsis: str
    new: str


UNICODE = Signs(
    levels="▁▂▃▄▅▆▇█",
    eighths="▏▎▍▌▋▊▉█",
    dot="●",
    rule="─",
    times="\N{MULTIPLICATION SIGN}",
    minus="\N{MINUS SIGN}",
    dash="\N{EN DASH}",
    ellipsis="…",
    new="▲",
)
ASCII = Signs(levels="_.-~=+*#", eighths="-#", dot="o", rule="-", times="x", minus="-", dash="-", ellipsis="~", new="^")


def sparkline(values: Sequence[float | None], signs: Signs, *, least_span: float = 0.0) -> str:
    """One character a value, by its height between the lowest and the highest; a gap is a blank."""
    known = [value for value in values if value is not None]
    if not known:
        return " " * len(values)
    low, high = min(known), max(known)
    span = max(high - low, least_span) or 1.0
    base = (low + high - span) / 2
    top = len(signs.levels) - 1
    return "".join(" " if value is None else signs.levels[round((value - base) / span * top)] for value in values)


def bar(share: float, width: int, signs: Signs) -> str:
    """A horizontal bar of a share of the width, to the eighth of a cell; what is not zero is never drawn as nothing."""
    parts = len(signs.eighths)
    filled = round(share * width * parts)
    if share > 0:
        filled = max(1, filled)
    full, rest = divmod(filled, parts)
    return signs.eighths[-1] * full + (signs.eighths[rest - 1] if rest else "")


def columns(values: Sequence[float | None], rows: int, signs: Signs) -> list[str]:
    """Vertical columns over several rows, top row first: the lowest value is one level high, the highest fills them."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    levels = len(signs.levels)
    tall = [0 if value is None else 1 + round((value - low) / ((high - low) or 1.0) * (rows * levels - 1)) for value in values]
    lines = []
    for row in reversed(range(rows)):
        filled = [max(0, min(levels, height - row * levels)) for height in tall]
        lines.append("".join(signs.levels[level - 1] if level else " " for level in filled))
    return lines


def line(values: Sequence[float | None], rows: int) -> list[str]:
    """A thin line of braille dots, two values a character and four dots a row, top row first; gaps are not drawn."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    top = rows * len(_BRAILLE_DOTS) - 1
    cells = [[0] * ((len(values) + 1) // 2) for _ in range(rows)]
    before: int | None = None
    for x, value in enumerate(values):
        y = None if value is None else round((value - low) / ((high - low) or 1.0) * top)
        if y is not None:
            joint = y if before is None else before + (y > before) - (y < before)
            for dot in range(min(y, joint), max(y, joint) + 1):
                row, part = divmod(top - dot, len(_BRAILLE_DOTS))
                cells[row][x // 2] |= _BRAILLE_DOTS[part][x % 2]
        before = y
    return ["".join(chr(_BRAILLE + bits) if bits else " " for bits in row) for row in cells]


def resample(points: Sequence[tuple[float, float]], width: int) -> list[float | None]:
    """The mean of the values in each of `width` equal parts of 0 to 1; None where a part has none."""
    parts: list[list[float]] = [[] for _ in range(width)]
    for place, value in points:
        parts[min(width - 1, int(place * width))].append(value)
    return [sum(part) / len(part) if part else None for part in parts]


def bridged(values: Sequence[float | None]) -> list[float | None]:
    """Gaps between values bridged by a straight line: for what was there all along and only not measured."""
    known = [i for i, value in enumerate(values) if value is not None]
    filled = list(values)
    for left, right in pairwise(known):
        start, end = values[left] or 0.0, values[right] or 0.0
        for i in range(left + 1, right):
            filled[i] = start + (end - start) * (i - left) / (right - left)
    return filled
