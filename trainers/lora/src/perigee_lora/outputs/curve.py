"""The losses of a job as a small picture, drawn by plain code so that equal numbers are equal bytes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perigee_lora.train.state import RunState

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 300, 56, 16, 40, 36
_TRAIN, _HELD = "#3b6fb6", "#c4622d"


@dataclass(frozen=True)
class Points:
    """(step, loss) of training and of the held-out rows; ``label`` says what a training point is."""

    train: list[tuple[int, float]]
    held: list[tuple[int, float]]
    label: str


def points(state: RunState, metrics: list[dict[str, Any]]) -> Points:
    """Of the whole job where it is evaluated, because its state then carries them; else of the last segment."""
    held = [(int(e["step"]), float(Decimal(e["loss"]))) for e in state.evaluations]
    if state.curve:
        return Points([(step, float(loss)) for step, loss in state.curve], held, "training, mean of each segment")
    return Points([(int(m["step"]), float(m["loss"])) for m in metrics], held, "training, steps of the last segment")


def draw(found: Points) -> str:
    """An SVG."""
    everything = found.train + found.held
    steps = [step for step, _ in everything] or [0]
    losses = [loss for _, loss in everything] or [0.0]
    first, last = min(steps), max(max(steps), min(steps) + 1)
    low, high = _around(min(losses), max(losses))

    def at(step: int, loss: float) -> str:
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * (step - first) / (last - first)
        y = _TOP + (_HEIGHT - _TOP - _BOTTOM) * (high - loss) / (high - low)
        return f"{x:.1f},{y:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
    ]
    for i in range(5):
        loss = low + (high - low) * i / 4
        x1, y = at(first, loss).split(",")
        x2 = at(last, loss).split(",")[0]
        parts.append(f'<line x1="{x1}" y1="{y}" x2="{x2}" y2="{y}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{float(y) + 4:.1f}" text-anchor="end" fill="#444444">{loss:.3f}</text>')
    for step in sorted({first, (first + last) // 2, last}):
        x = at(step, low).split(",")[0]
        parts.append(f'<text x="{x}" y="{_HEIGHT - 14}" text-anchor="middle" fill="#444444">{step}</text>')
    for index, (series, colour, label) in enumerate(
        ((found.train, _TRAIN, found.label), (found.held, _HELD, "held-out rows"))
    ):
        if not series:
            continue
        line = " ".join(at(step, loss) for step, loss in series)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(series) <= 40:
            for step, loss in series:
                x, y = at(step, loss).split(",")
                parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>')
        parts.append(f'<rect x="{_LEFT + 270 * index}" y="14" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + 18 + 270 * index}" y="24" fill="#222222">{label}</text>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _around(low: float, high: float) -> tuple[float, float]:
    """A range with some room, never empty."""
    room = max((high - low) * 0.05, abs(high) * 0.01, 1e-6)
    return low - room, high + room
