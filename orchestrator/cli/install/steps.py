"""Set-up steps side by side, each shown with its time while it runs."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from pathlib import Path

import msgspec
from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

REFRESH_PER_S = 4
Futures = Mapping[str, Future[float]]


class InstallFailed(Exception):
    """A step failed; the message is one line on what and how to help, then the end of its output."""


class Step(msgspec.Struct, frozen=True):
    """`needed` is asked first and must be quick; `run` blocks, and raises InstallFailed or MissingProgram."""

    name: str
    needed: Callable[[], bool]
    run: Callable[[], None]


def run_steps(steps: Sequence[Step], console: Console) -> None:
    """Only the needed ones, all at once; raises the first failure after all have ended."""
    needed = [step for step in steps if step.needed()]
    if not needed:
        return
    with ThreadPoolExecutor(len(needed)) as pool:
        futures = {step.name: pool.submit(_timed, step) for step in needed}
        show = _show_live if console.is_terminal else _show_lines
        show(futures, console)
    for future in futures.values():
        future.result()


def _show_live(futures: Futures, console: Console) -> None:
    started = time.monotonic()
    with Live(console=console, refresh_per_second=REFRESH_PER_S) as live:
        while wait(futures.values(), timeout=1 / REFRESH_PER_S).not_done:
            live.update(_picture(futures, time.monotonic() - started))
        live.update(_picture(futures, time.monotonic() - started))


def _show_lines(futures: Futures, console: Console) -> None:
    """For a log: a line when a step starts and one when it ends."""
    names = {future: name for name, future in futures.items()}
    for name in names.values():
        console.print(f"{name} ...")
    for future in as_completed(names):
        result = "failed" if future.exception() else f"{future.result():.1f} s"
        console.print(f"{names[future]}: {result}")


def run_command(
    what: str, command: Sequence[str], cwd: Path, environment: Mapping[str, str], log: Path
) -> None:
    """Output goes to `log`. Raises InstallFailed with its end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        done = subprocess.run(
            command,
            check=False,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    if done.returncode:
        lines = log.read_text(errors="replace").splitlines()[-15:]
        raise InstallFailed("\n".join([f"{what} failed; {log} ends with:", *lines]))


def _timed(step: Step) -> float:
    started = time.monotonic()
    step.run()
    return time.monotonic() - started


def _picture(futures: Futures, elapsed_s: float) -> Table:
    table = Table.grid(padding=(0, 1))
    for name, future in futures.items():
        if not future.done():
            table.add_row(Spinner("dots"), name, f"{elapsed_s:.0f} s")
        elif future.exception():
            table.add_row(Text("✗", style="red"), name, "failed")
        else:
            table.add_row(Text("✓", style="green"), name, f"{future.result():.1f} s")
    return table
