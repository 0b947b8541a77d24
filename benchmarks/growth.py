"""A picture of how something grows with size: lines over two logarithmic axes, as SVG, with nothing to install."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 760, 420
_LEFT, _TOP, _RIGHT, _BOTTOM = 60, 50, 250, 50
# Okabe and Ito's colours, told apart by everybody.
_COLOURS = ("#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


@dataclass(frozen=True)
class Line:
    """A name, and (size, value) pairs in the order of their sizes."""

    name: str
    points: Sequence[tuple[float, float]]


def picture(title: str, size: str, lines: Sequence[Line]) -> str:
    """An SVG with the decades as its grid; `size` names the axis of sizes."""
    sizes = [x for line in lines for x, _ in line.points]
    values = [max(y, 0.1) for line in lines for _, y in line.points]
    across = _Axis(sizes, _LEFT, _WIDTH - _RIGHT)
    up = _Axis(values, _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13"><rect width="100%" height="100%" fill="white"/>',
        f'<text x="{_LEFT}" y="26" font-size="16">{escape(title)}</text>',
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.0f}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(size)}</text>',
    ]
    for decade in across.decades:
        at = across.place(decade)
        parts.append(f'<path d="M{at:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{at:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{decade:,.0f}</text>')
    for decade in up.decades:
        at = up.place(decade)
        parts.append(f'<path d="M{_LEFT} {at:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{decade:,g}</text>')
    # Names beside the ends of their lines, kept apart from each other.
    lowest = math.inf
    for number, line in sorted(enumerate(lines), key=lambda each: each[1].points[-1][1]):
        colour = _COLOURS[number % len(_COLOURS)]
        spots = [(across.place(x), up.place(max(y, 0.1))) for x, y in line.points]
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{_joined(spots)}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        lowest = min(spots[-1][1] + 4, lowest - 17)
        told = f"{line.name}: {line.points[-1][1]:,.0f}"
        parts.append(f'<text x="{spots[-1][0] + 10:.1f}" y="{lowest:.1f}" fill="{colour}">{escape(told)}</text>')
    return "\n".join([*parts, "</svg>\n"])


class _Axis:
    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        self.decades = [10.0**power for power in range(low, max(high, low + 1) + 1)]
        self._low, self._span = low, max(high, low + 1) - low
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        return self._start + (math.log10(value) - self._low) / self._span * (self._end - self._start)


def _joined(spots: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
