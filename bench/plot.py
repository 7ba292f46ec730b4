"""A chart of lines with two logarithmic axes, as SVG that reads well on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_WIDTH, _HEIGHT = 760, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 590, 40, 390
_GREY = "#808080"


class Line(NamedTuple):
    """A line of a chart: its name, a colour, whether it is dashed, and points above zero."""

    name: str
    color: str
    dashed: bool
    points: Sequence[tuple[float, float]]


def draw_chart(title: str, x_name: str, lines: Sequence[Line]) -> str:
    """The chart as the text of an SVG file; each line's name stands at its right end."""
    x_ticks = _ticks([x for line in lines for x, _ in line.points])
    y_ticks = _ticks([y for line in lines for _, y in line.points])

    def place(x: float, y: float) -> tuple[float, float]:
        across = math.log(x / x_ticks[0]) / math.log(x_ticks[-1] / x_ticks[0])
        up = math.log(y / y_ticks[0]) / math.log(y_ticks[-1] / y_ticks[0])
        return _LEFT + across * (_RIGHT - _LEFT), _BOTTOM - up * (_BOTTOM - _TOP)

    box = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    parts = [
        f'<svg {box} role="img" font-family="sans-serif" font-size="13" fill="{_GREY}">',
        f"<title>{escape(title)}</title>",
        _text(_LEFT, 20, title),
        _text((_LEFT + _RIGHT) / 2, _HEIGHT - 8, x_name, anchor="middle"),
    ]
    for tick in x_ticks:
        x, _ = place(tick, y_ticks[0])
        parts += [_rule(x, _TOP, x, _BOTTOM), _text(x, _BOTTOM + 18, f"{tick:,g}", anchor="middle")]
    for tick in y_ticks:
        _, y = place(x_ticks[0], tick)
        parts += [_rule(_LEFT, y, _RIGHT, y), _text(_LEFT - 8, y + 4, f"{tick:,g}", anchor="end")]
    name_y = math.inf
    for line in sorted(lines, key=lambda line: line.points[-1][1]):
        places = [place(x, y) for x, y in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        style = f'stroke="{line.color}" stroke-width="2"' + ' stroke-dasharray="6 4"' * line.dashed
        parts.append(f'<polyline points="{path}" fill="none" {style}/>')
        for x, y in places:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{line.color}"/>')
        name_y = min(places[-1][1] + 4, name_y - 16)  # names keep clear of each other
        parts.append(_text(places[-1][0] + 10, name_y, line.name, color=line.color))
    return "\n".join((*parts, "</svg>", ""))


def _ticks(values: Sequence[float]) -> list[float]:
    """Once and three times the powers of ten, from below the least value to above the greatest."""
    powers = range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)
    steps = [float(f"{factor}e{power}") for power in powers for factor in (1, 3)]
    first = max(number for number, step in enumerate(steps) if step <= min(values))
    last = min(number for number, step in enumerate(steps) if step >= max(values))
    return steps[first : max(last, first + 1) + 1]


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{_GREY}" stroke-opacity="0.3"/>'


def _text(x: float, y: float, text: str, anchor: str = "start", color: str = _GREY) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{color}">{escape(text)}</text>'
