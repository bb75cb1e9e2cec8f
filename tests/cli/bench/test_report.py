"""A bar that falls short is seen everywhere: in the table, in the JSON, and in the exit code."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from orchestrator.cli.bench.main import BENCHES, parse, tried
from orchestrator.cli.ground.conditions import Conditions
from orchestrator.cli.ground.report import Figure, show, write

FAST = Figure(key="rate", what="requests", value=9.0, unit="/s", bar=10.0)
SLOW = Figure(key="wait_ms", what="wait", value=9.0, unit="ms", bar=10.0, least=False)
PLAIN = Figure(key="size", what="size", value=3.0, unit="KiB")


def test_a_rate_has_to_reach_its_bar_and_a_wait_to_stay_below() -> None:
    assert [figure.holds for figure in (FAST, SLOW, PLAIN)] == [False, True, True]


def test_the_json_has_every_figure_and_every_bar(tmp_path: Path) -> None:
    write(tmp_path / "bench.json", "core", ["append"], [FAST, SLOW, PLAIN], Conditions().told())
    said = json.loads((tmp_path / "bench.json").read_text())
    assert (said["name"], said["rows"]) == ("core", ["append"])
    machine = said["machine"]
    assert machine["cores"] > 0
    assert 0 <= machine["stolenShare"] < 1
    assert min(machine["pieceMs"]) > 0
    assert said["results"] == {"rate": 9.0, "wait_ms": 9.0, "size": 3.0}
    assert [(bar["key"], bar["bar"], bar["holds"]) for bar in said["bars"]] == [
        ("rate", 10.0, False),
        ("wait_ms", 10.0, True),
    ]


def test_minutes_of_measuring_are_not_lost_for_want_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "new" / "bench.json", "core", [], [FAST], {})
    assert json.loads((tmp_path / "new" / "bench.json").read_text())["results"] == {"rate": 9.0}


def test_the_table_marks_what_falls_short() -> None:
    console = Console(record=True, width=80)
    show("core", [FAST, SLOW, PLAIN], console)
    lines = console.export_text().splitlines()
    assert [word for line in lines for word in ("NO", "ok") if f" {word} " in line] == ["NO", "ok"]


def test_what_could_not_be_measured_keeps_its_row_and_holds_no_bar(tmp_path: Path) -> None:
    missing = Figure(key="hour", what="an hour", value=None, unit="core-min", bar=12.0, least=False)
    console = Console(record=True, width=80)
    show("artifacts", [missing], console)
    assert "not measured" in console.export_text()
    write(tmp_path / "bench.json", "artifacts", [], [missing], {})
    said = json.loads((tmp_path / "bench.json").read_text())
    assert (said["results"]["hour"], said["bars"][0]["holds"]) == (None, False)


def test_a_row_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["core", "speed"])
    assert f"there are: {', '.join(BENCHES['core'])}" in capsys.readouterr().err


async def test_a_row_that_breaks_costs_none_of_the_others() -> None:
    async def broken() -> list[Figure]:
        raise ValueError("a file that is none")

    async def whole() -> list[Figure]:
        return [FAST]

    console = Console(record=True, width=200)
    (lost,) = await tried("speed", broken(), console)
    assert (lost.key, lost.value, lost.holds) == ("speed_broken", None, False)
    assert "a file that is none" in console.export_text()
    assert await tried("rate", whole(), console) == [FAST]
