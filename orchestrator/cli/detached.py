"""`down`, `status` and `logs` of a stack that runs elsewhere: they read its data folder and signal its supervisor."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from orchestrator.cli.runfile import read_run_file, supervisor_pid

STOPS_WITHIN_S = 12
FOLLOW_S = 0.25


def down(data: Path, console: Console) -> int:
    pid = supervisor_pid(data)
    if pid is None:
        console.print(f"nothing runs on {data}")
        return 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOPS_WITHIN_S
    while supervisor_pid(data) == pid:
        if time.monotonic() > deadline:
            console.print(f"the supervisor (process {pid}) is still stopping", style="red")
            return 1
        time.sleep(0.05)
    console.print("stopped")
    return 0


def status(data: Path, console: Console) -> int:
    """0 when all is healthy."""
    run, supervisor = read_run_file(data), supervisor_pid(data)
    if run is None or supervisor is None:
        console.print(f"nothing runs on {data}; ./lectern up starts it")
        return 1
    table = Table(
        "process",
        "state",
        "pid",
        "port",
        "restarts",
        "up",
        title=f"{run.state} at {run.web}",
        title_justify="left",
        box=box.SIMPLE,
    )
    for process in run.processes:
        up_s = time.time() - process.started_at if process.pid else 0
        numbers = (process.pid, process.port, process.restarts)
        table.add_row(process.name, process.state, *(str(n or "") for n in numbers), duration(up_s))
    console.print(table)
    return 0 if run.state == "healthy" else 1


def logs(data: Path, name: str | None, lines: int, *, follow: bool) -> int:
    folder = data / "logs"
    names = sorted(path.stem for path in folder.glob("*.log"))
    if name not in names:
        print(f"logs of: {', '.join(names) or 'nothing yet'}", file=sys.stderr)
        return 0 if name is None else 1
    with (folder / f"{name}.log").open(errors="replace") as log:
        sys.stdout.writelines(log.readlines()[-lines:])
        while follow:
            sys.stdout.flush()
            time.sleep(FOLLOW_S)
            shutil.copyfileobj(log, sys.stdout)
    return 0


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
