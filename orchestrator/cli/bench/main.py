"""`lectern bench NAME [ROW ...]`: measures on a ground of its own, and says which of the stated bars hold."""

import argparse
import shutil
import signal
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import uvloop
from rich.console import Console

from orchestrator.cli.artifacts import hearing, queue, replay
from orchestrator.cli.bench import append, captions, join, propagation, sse, state
from orchestrator.cli.finding import search
from orchestrator.cli.ground.conditions import Conditions, sentence
from orchestrator.cli.ground.report import Figure, show, write
from orchestrator.cli.ground.stack import Ground, ground
from orchestrator.cli.programme import cost, isolation, marks, scenes, starved, times

Measure = Callable[[Ground], Awaitable[list[Figure]]]

# What each bench measures, in this order; a row is run alone by its name.
BENCHES: Mapping[str, Mapping[str, Measure]] = {
    "core": {
        "append": append.measure,
        "join": join.measure,
        "state": state.measure,
        "propagation": propagation.measure,
        "sse": sse.measure,
    },
    "captions": captions.ROWS,
    "search": {"search": search.measure},
    "artifacts": {
        "replay": replay.measure,
        "queue": queue.measure,
        "hearing": hearing.measure,
    },
    "programme": {
        "cost": cost.measure,
        "single": cost.measure_single_layer,
        "one": cost.measure_one,
        "1080p": cost.measure_full_hd,
        "start": times.measure,
        "recovery": times.measure_recovery,
        "refusal": times.measure_refusal,
        "marks": marks.measure,
        "scenes": scenes.measure,
        "memory": cost.measure_memory,
        "isolation": isolation.measure,
        "starved": starved.measure,
        "long": marks.measure_long,
        "siege": isolation.measure_long,
    },
}
# Only measured when asked for: they take ten and five minutes.
BY_NAME_ONLY = frozenset({"long", "siege"})
# What runs besides the control plane and its servers.
PROGRAMS = {
    "captions": frozenset({"asr", "agents"}),
    "artifacts": frozenset({"pipelines"}),
    "programme": frozenset({"egress"}),
}


def parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="lectern bench", description=__doc__)
    parser.add_argument("name", choices=list(BENCHES))
    parser.add_argument(
        "rows",
        nargs="*",
        metavar="ROW",
        help="some of the rows; by default all but `long` and `siege`",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    options = parser.parse_args(argv)
    if unknown := set(options.rows) - set(BENCHES[options.name]):
        parser.error(f"no row {min(unknown)}; there are: {', '.join(BENCHES[options.name])}")
    return options


def run(argv: Sequence[str]) -> int:
    """0 only if every bar holds; 130 when told to stop."""
    options = parse(argv)
    console = Console(highlight=False)
    # SIGTERM as Ctrl-C: the servers stop in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    data = Path(tempfile.mkdtemp(prefix="lectern-bench-"))
    conditions = Conditions()
    try:
        # The loop that the control plane runs on.
        figures = uvloop.run(measured(options.name, options.rows, data, console))
    except KeyboardInterrupt:
        console.print("stopped")
        return 130
    finally:
        shutil.rmtree(data, ignore_errors=True)
    told = conditions.told()
    show(options.name, figures, console)
    console.print(sentence(told))
    if options.json:
        write(options.json, options.name, options.rows, figures, told)
    return 0 if all(figure.holds for figure in figures) else 1


async def measured(name: str, rows: Sequence[str], data: Path, console: Console) -> list[Figure]:
    """One row after the other, so that none takes from another."""
    figures: list[Figure] = []
    async with ground(data, console, PROGRAMS.get(name, frozenset())) as here:
        for row, measure in BENCHES[name].items():
            if row in (rows or BENCHES[name].keys() - BY_NAME_ONLY):
                console.print(f"measuring {row}")
                figures += await tried(row, measure(here), console)
    return figures


async def tried(row: str, measuring: Awaitable[list[Figure]], console: Console) -> list[Figure]:
    """A row that breaks costs none of the others their minutes; it holds no bar."""
    try:
        return await measuring
    except Exception:  # noqa: BLE001 whatever it is, it is told
        console.print_exception(width=200)
        broken = f"{row}: could not be measured"
        return [Figure(key=f"{row}_broken", what=broken, value=None, unit="", bar=0)]
