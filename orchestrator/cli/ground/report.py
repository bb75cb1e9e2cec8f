"""What a bench measured, beside the bars that were stated: as a table and as JSON."""

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import psutil
from rich.console import Console
from rich.table import Table


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured value, None where it could not be; with a `bar` it is judged: at least that much, or at most with `least=False`."""

    key: str
    what: str
    value: float | None
    unit: str
    bar: float | None = None
    least: bool = True

    @property
    def holds(self) -> bool:
        if self.bar is None:
            return True
        if self.value is None:
            return False
        return self.value >= self.bar if self.least else self.value <= self.bar


def machine() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": psutil.cpu_count(),
        "memoryBytes": psutil.virtual_memory().total,
        "loadAverage": psutil.getloadavg()[0],
    }


def as_json(
    name: str, rows: Sequence[str], figures: Sequence[Figure], conditions: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "rows": rows,
        "machine": {**machine(), **conditions},
        "results": {figure.key: figure.value for figure in figures},
        "bars": [
            {
                "key": figure.key,
                "what": figure.what,
                "value": figure.value,
                "bar": figure.bar,
                "least": figure.least,
                "unit": figure.unit,
                "holds": figure.holds,
            }
            for figure in figures
            if figure.bar is not None
        ],
    }


def write(
    path: Path,
    name: str,
    rows: Sequence[str],
    figures: Sequence[Figure],
    conditions: Mapping[str, Any],
) -> None:
    """`rows` as they were asked for; none of them is all."""
    told = msgspec.json.encode(as_json(name, rows, figures, conditions))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(told) + b"\n")


def show(name: str, figures: Sequence[Figure], console: Console) -> None:
    table = Table(title=f"Lectern bench: {name}")
    for column in ("", "what", "value", "bar"):
        table.add_column(column, overflow="fold", justify="right" if column == "value" else "left")
    for figure in figures:
        table.add_row(_mark(figure), figure.what, _value(figure), _bar(figure))
    console.print(table)


def _mark(figure: Figure) -> str:
    if figure.bar is None:
        return ""
    return "[green]ok[/]" if figure.holds else "[red]NO[/]"


def _value(figure: Figure) -> str:
    return "not measured" if figure.value is None else f"{figure.value:,.4g} {figure.unit}"


def _bar(figure: Figure) -> str:
    if figure.bar is None:
        return ""
    return f"{'>=' if figure.least else '<='} {figure.bar:g} {figure.unit}"
