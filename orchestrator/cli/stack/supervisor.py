"""Keeps programs running: starts them in order, restarts what dies, stops all in reverse, and leaves no orphan."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from orchestrator.cli.stack.child import with_death_signal
from orchestrator.cli.stack.program import Program

POLL_S = 0.1
BACKOFF_FIRST_S = 0.5
BACKOFF_CAP_S = 10.0
HEALTHY_RESETS_S = 30.0
START_BUDGET_S = 120.0
TRIES_TO_START = 4
CANNOT_START = 127  # as a shell says it
LOG_ROTATES_AT_BYTES = 10_000_000

Say = Callable[[str], None]


class StartFailed(Exception):
    """Not all programs became healthy; the message names them and ends with the log of one."""


class Running:
    """One program's present: its process, its state and how often it had to be started again."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.log = log
        self.process: asyncio.subprocess.Process | None = None
        self.state = "waiting"
        self.restarts = 0
        self.started_at = 0.0
        self.ever_healthy = False
        self.healthy = asyncio.Event()

    @property
    def pid(self) -> int | None:
        alive = self.process is not None and self.process.returncode is None
        return self.process.pid if self.process is not None and alive else None


class Supervisor:
    """`changed` is called after every change of state, from the event loop, to publish it."""

    def __init__(
        self,
        programs: Sequence[Program],
        logs: Path,
        say: Say,
        changed: Callable[["Supervisor"], None] = lambda _supervisor: None,
        cwd: Path | None = None,
    ) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.running = {p.name: Running(p, logs / f"{p.name}.log") for p in programs}
        self._say = say
        self._changed = changed
        self._cwd = cwd
        self._keepers: list[asyncio.Task[None]] = []
        self.started = False

    async def start(self, budget_s: float = START_BUDGET_S) -> None:
        """Returns when all are healthy. Raises StartFailed when they are not within the budget; stop() is then due."""
        self._keepers = [asyncio.create_task(self._keep(run)) for run in self.running.values()]
        healthy = asyncio.ensure_future(self._all_healthy())
        broken = asyncio.ensure_future(
            asyncio.wait(self._keepers, return_when=asyncio.FIRST_EXCEPTION)
        )
        ends: set[asyncio.Future[Any]] = {healthy, broken}
        await asyncio.wait(ends, timeout=budget_s, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        if not healthy.done():
            raise StartFailed(self._why_not_healthy())
        self.started = True
        self._changed(self)

    async def _all_healthy(self) -> None:
        for run in self.running.values():
            await run.healthy.wait()

    async def stop(self) -> None:
        """Wave by wave, the highest first; what outlives its grace is killed, with its process group."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for wave in sorted({run.program.wave for run in self.running.values()}, reverse=True):
            group = [run for run in self.running.values() if run.program.wave == wave]
            await asyncio.gather(*(self._end(run) for run in group))

    def _why_not_healthy(self) -> str:
        late = [run for run in self.running.values() if not run.healthy.is_set()]
        # What waits for others is not the cause; what died most often most likely is.
        cause = max(late, key=lambda run: (run.state != "waiting", run.restarts))
        names = ", ".join(run.program.name for run in late)
        return f"not healthy: {names}; {cause.log} ends with:\n{tail(cause.log)}"

    async def _keep(self, run: Running) -> None:
        """Raises StartFailed for a program that was never healthy and died too often."""
        delay_s = BACKOFF_FIRST_S
        while True:
            for name in run.program.after:
                await self.running[name].healthy.wait()
            started = time.monotonic()
            code = await self._run_once(run)
            if run.program.one_shot and code == 0:
                self._mark(run, "done")
                run.healthy.set()
                return
            if time.monotonic() - started > HEALTHY_RESETS_S:
                delay_s = BACKOFF_FIRST_S
            self._mark(run, "restarting")
            if not run.ever_healthy and run.restarts >= TRIES_TO_START:
                raise StartFailed(run.program.name)
            self._say(
                f"{run.program.name} ended with {reason(code)}; starting it again in {delay_s:g} s"
            )
            await asyncio.sleep(delay_s)
            run.restarts += 1
            delay_s = min(delay_s * 2, BACKOFF_CAP_S)

    async def _run_once(self, run: Running) -> int:
        """Its exit code, or minus the signal that ended it."""
        rotate(run.log)
        start = run.log.stat().st_size if run.log.exists() else 0
        try:
            run.process = await self._spawn(run)
        except OSError as error:
            run.log.write_text(f"cannot start: {error}\n")
            return CANNOT_START
        run.started_at = time.time()
        self._mark(run, "starting")
        watch = asyncio.create_task(self._watch(run, start))
        try:
            code = await run.process.wait()
        finally:
            watch.cancel()
        run.healthy.clear()
        self._signal(run, signal.SIGKILL)  # what it may have left in its group
        return code

    async def _spawn(self, run: Running) -> asyncio.subprocess.Process:
        with run.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *with_death_signal(run.program.command, run.program.death_signal),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=run.program.env or None,
                cwd=self._cwd,
                start_new_session=True,
            )

    async def _watch(self, run: Running, start: int) -> None:
        while not await run.program.ready(run.log, start):  # noqa: ASYNC110 another process's state
            await asyncio.sleep(POLL_S)
        if run.restarts:
            self._say(f"{run.program.name} is healthy again")
        run.ever_healthy = True
        run.healthy.set()
        self._mark(run, "healthy")

    async def _end(self, run: Running) -> None:
        if run.pid is None or run.process is None:
            return
        self._send(run, run.program.stop_signal)
        with contextlib.suppress(TimeoutError):
            if run.program.stop_twice:
                await asyncio.sleep(POLL_S)
                self._send(run, run.program.stop_signal)
            await asyncio.wait_for(run.process.wait(), run.program.grace_s)
        self._signal(run, signal.SIGKILL)
        await run.process.wait()
        self._mark(run, "stopped")

    def _send(self, run: Running, number: signal.Signals) -> None:
        """To the program alone, which ends its own children in order."""
        if run.process is not None and run.process.returncode is None:
            run.process.send_signal(number)

    def _signal(self, run: Running, number: signal.Signals) -> None:
        """To the whole group; its id stays ours while a member lives, and is free otherwise."""
        if run.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(run.process.pid, number)

    def _mark(self, run: Running, state: str) -> None:
        run.state = state
        self._changed(self)


def reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_ROTATES_AT_BYTES:
        log.replace(log.with_suffix(".log.1"))


def tail(log: Path, lines: int = 15) -> str:
    if not log.exists():
        return "(it never started)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


class ProcessState(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A row of run.json; `started_at` in Unix seconds tells this process from a later one with its number."""

    name: str
    pid: int | None
    state: str
    port: int | None = None
    restarts: int = 0
    started_at: float = 0


def states(supervisor: Supervisor) -> list[ProcessState]:
    return [
        ProcessState(name, run.pid, run.state, run.program.port, run.restarts, run.started_at)
        for name, run in supervisor.running.items()
        if not run.program.one_shot
    ]
