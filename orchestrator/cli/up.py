"""`up`: set up what is missing, then run one stack in the foreground, or detached until `down`."""

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from orchestrator.cli.install.everything import install
from orchestrator.cli.runfile import RunFile, read_run_file, supervisor_pid
from orchestrator.cli.serve import STARTING, serve
from orchestrator.cli.stack import binaries
from orchestrator.cli.stack.child import with_death_signal
from orchestrator.cli.stack.plan import Options, encode
from orchestrator.cli.stack.supervisor import START_BUDGET_S, StartFailed, tail


def up(options: Options, console: Console, *, detach: bool) -> int:
    install(console)
    if detach:
        with console.status(STARTING):
            run = up_detached(options)
        announce(run, console)
        return 0
    return asyncio.run(serve(options, console, lambda run: announce(run, console)))


def announce(run: RunFile, console: Console) -> None:
    """The address and the accounts, for the person who started it; never into a log."""
    table = Table("role", "email", "password", box=box.SIMPLE)
    for account in run.accounts:
        table.add_row(account.role, account.email, account.password)
    console.print(f"Lectern is at [bold]{run.web}")
    console.print(table)


def up_detached(options: Options) -> RunFile:
    """A supervisor that outlives us; returns when all is healthy. Raises StartFailed."""
    log = options.data / "logs" / "supervisor.log"
    process = launch(options, log)
    try:
        return wait_healthy(options.data, process, log)
    except BaseException:
        process.terminate()
        process.wait()
        raise


def launch(
    options: Options, log: Path, death_signal: signal.Signals | None = None
) -> "subprocess.Popen[bytes]":
    """The supervisor, in a session of its own; it outlives us without a `death_signal`. Its options go by standard input: overrides may hold secrets."""
    command = [sys.executable, "-m", "orchestrator.cli.serve"]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            with_death_signal(command, death_signal) if death_signal else command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd=binaries.ROOT,
        )
    if process.stdin is not None:
        process.stdin.write(encode(options))
        process.stdin.close()
    return process


def wait_healthy(data: Path, process: "subprocess.Popen[bytes]", log: Path) -> RunFile:
    """Raises StartFailed with the end of the log."""
    deadline = time.monotonic() + START_BUDGET_S + 10
    while process.poll() is None and time.monotonic() < deadline:
        run = read_run_file(data)
        if run and run.state == "healthy" and supervisor_pid(data) == process.pid:
            return run
        time.sleep(0.1)
    raise StartFailed(tail(log, lines=25))
