"""Writes docs/events.md, errors.md, schema.md and openapi.yaml from the code, measured.md from the benches' files: `python docs/generate.py`. A test fails when they have drifted."""

import inspect
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, get_args

import msgspec
import sqlalchemy as sa
import yaml
from sqlalchemy.dialects import postgresql

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from orchestrator.app import create_app  # importing the application also declares every table
from orchestrator.cli.ground.conditions import sentence
from orchestrator.core.database import metadata
from orchestrator.http.problems import FRAMEWORK, STATUS
from orchestrator.settings import Secret, Settings
from schema.errors import DomainError
from schema.events import Event


def type_name(annotation: Any) -> str:
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    text = re.sub(r"\b(?:typing|datetime|uuid|schema(?:\.\w+)+)\.", "", text)
    return text.replace("|", "\\|")


def events_page() -> str:
    lines = [
        "# The events of a session",
        "",
        "Made from `schema/events.py` by `docs/generate.py`. A stored event is",
        "`{id, sessionId, sequence, createdAt, payload: {type, ...}}`; times named `*UnixMs` are Unix milliseconds.",
    ]
    for payload in get_args(Event):
        lines += ["", f"## `{payload.__struct_config__.tag}`", ""]
        if payload.__doc__:
            lines += [inspect.cleandoc(payload.__doc__), ""]
        lines += ["| field | type |", "|---|---|"]
        for field in msgspec.structs.fields(payload):
            lines.append(f"| `{field.encode_name}` | {type_name(field.type)} |")
    return "\n".join(lines) + "\n"


def errors_page() -> str:
    lines = [
        "# What the API refuses",
        "",
        "Made from `schema/errors.py` by `docs/generate.py`. Every refusal is `{code, message, details?}`: programs go by the",
        "code, which stays as it is; the message tells a person what to do. Where it says *again*, `Retry-After` says when to",
        "come back, with the same `Idempotency-Key`.",
        "",
        "| status | code | | what it means |",
        "|---|---|---|---|",
    ]
    # 500 is the base of all, which nobody raises: a mistake of ours.
    refusals = [one for one in STATUS if one is not DomainError]
    rows = [
        (
            STATUS[one],
            one.code,
            "again" if one.retryable else "",
            inspect.cleandoc(one.__doc__ or ""),
        )
        for one in refusals
    ]
    given = {code for _, code, _, _ in rows}
    rows += [
        (status, code, "", message)
        for status, (code, message) in FRAMEWORK.items()
        if code not in given
    ]
    rows.append(
        (500, DomainError.code, "", "Something went wrong on the server's side; its log has it.")
    )
    lines += [
        f"| {status} | `{code}` | {again} | {why} |" for status, code, again, why in sorted(rows)
    ]
    return "\n".join(lines) + "\n"


def schema_page() -> str:
    lines = [
        "# The tables",
        "",
        "Made from the code by `docs/generate.py`; Alembic's migrations build the same.",
    ]
    for table in sorted(metadata.tables.values(), key=lambda found: found.name):
        lines += [
            "",
            f"## `{table.name}`",
            "",
            "| column | type | null | refers to |",
            "|---|---|---|---|",
        ]
        lines += [column_row(column) for column in table.columns]
    return "\n".join(lines) + "\n"


def column_row(column: "sa.Column[Any]") -> str:
    targets = ", ".join(sorted(f"`{key.target_fullname}`" for key in column.foreign_keys))
    name = f"**`{column.name}`**" if column.primary_key else f"`{column.name}`"
    kind = str(column.type.compile(dialect=postgresql.dialect()))
    return f"| {name} | {kind} | {'yes' if column.nullable else ''} | {targets} |"


def openapi_page() -> str:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(encryption_key=Secret("00" * 32), storage_url=f"file://{folder}")
        description = create_app(settings).openapi_schema.to_schema()
    return yaml.safe_dump(description, sort_keys=False, allow_unicode=True, width=100)


def measured_page() -> str:
    lines = [
        "# What was measured",
        "",
        "Made by `docs/generate.py` from what `lectern bench NAME --json FILE` wrote, kept in [measured](measured). Each figure",
        "stands beside its bar; the last column says how much of the bar is used, so that all within 100 % hold. A fixed piece of",
        "work, timed before and after each, tells a slow hour of the machine from a slow program.",
        "[How fast it is](operations.md#how-fast-it-is) says what the rows are and how to measure them yourself.",
    ]
    for path in sorted((HERE / "measured").glob("*.json")):
        lines += run_section(json.loads(path.read_text()))
    return "\n".join(lines) + "\n"


def run_section(run: dict[str, Any]) -> list[str]:
    command = " ".join(["lectern bench", run["name"], *run["rows"]])
    return [
        "",
        f"## `{command}`",
        "",
        machine_line(run["machine"]),
        "",
        "| what | measured | bar | of the bar |",
        "|---|--:|--:|---|",
        *map(bar_row, run["bars"]),
    ]


def machine_line(machine: dict[str, Any]) -> str:
    memory_gib = round(machine["memoryBytes"] / 2**30)
    line = (
        f"{machine['cores']} cores ({machine['processor']}), {memory_gib} GiB; {machine['system']}."
    )
    return f"{line} {sentence(machine)}" if "pieceMs" in machine else line


def bar_row(bar: dict[str, Any]) -> str:
    wanted = f"{'≥' if bar['least'] else '≤'} {with_unit(bar['bar'], bar['unit'])}"
    if bar["value"] is None:
        return f"| {bar['what']} | not measured | {wanted} | |"
    return f"| {bar['what']} | {with_unit(bar['value'], bar['unit'])} | {wanted} | {used(bar)} |"


def with_unit(value: float, unit: str) -> str:
    number = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{number} {unit}".strip()


def used(bar: dict[str, Any]) -> str:
    """The share as text and as a bar of ten cells; a bar of 0 has no share."""
    over, under = (bar["bar"], bar["value"]) if bar["least"] else (bar["value"], bar["bar"])
    if under <= 0:
        return "holds" if bar["holds"] else "**missed**"
    cells = min(10, max(0, round(10 * over / under)))
    share = f"{'█' * cells}{'░' * (10 - cells)} {max(0, 100 * over / under):.0f} %"
    return share if bar["holds"] else f"**{share}**"


PAGES = {
    "events.md": events_page,
    "errors.md": errors_page,
    "schema.md": schema_page,
    "openapi.yaml": openapi_page,
    "measured.md": measured_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page())
