"""`lectern demo`: a whole class on an ephemeral stack, and a table of what held."""

import argparse
import asyncio
import logging
import platform
import shutil
import signal
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import psutil
from rich.console import Console

from orchestrator.cli.classroom.people import Person, Refused
from orchestrator.cli.classroom.teach import REFUSED, Classroom, People
from orchestrator.cli.demo import findings, verdict
from orchestrator.cli.demo.ephemeral import database_url, ephemeral_stack
from orchestrator.cli.demo.facts import Facts
from orchestrator.cli.install.everything import install
from orchestrator.cli.probe.receivers import ClosedPort, ReceiverError, receivers
from orchestrator.cli.runfile import RunFile

KEYS = ["first", "second"]


class Options(msgspec.Struct, frozen=True):
    json: Path | None
    keep: bool


def parse(argv: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="lectern demo", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the table to FILE")
    parser.add_argument("--keep", action="store_true", help="leave the data folder behind")
    return Options(**vars(parser.parse_args(argv)))


def run(argv: list[str]) -> int:
    """0 only if everything in the table held; 130 when told to stop."""
    options = parse(argv)
    console = Console(highlight=False)
    # SIGTERM as Ctrl-C: the stack and the receivers stop in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    data = Path(tempfile.mkdtemp(prefix="lectern-demo-"))
    try:
        install(console)
        return report(judge(console, data), options, console)
    except (ReceiverError, Refused, findings.NotTaught) as failure:
        console.print(f"lectern: {failure}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("stopped")
        return 130
    finally:
        if options.keep:
            console.print(f"data folder: {data}")
        else:
            shutil.rmtree(data, ignore_errors=True)


def judge(console: Console, data: Path) -> list[verdict.Row]:
    # LiveKit's client tells of each connection that the end of a class closes: not for the screen.
    logging.basicConfig(filename=data / "demo.log", level=logging.INFO)
    return verdict.rows(Demo(console, data).run())


def report(found: list[verdict.Row], options: Options, console: Console) -> int:
    verdict.show(found, console)
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(as_json(found)))
    return 0 if all(row.holds for row in found) else 1


class Demo:
    def __init__(self, console: Console, data: Path) -> None:
        self._console = console
        self._data = data
        self._begun = time.monotonic()

    def say(self, text: str) -> None:
        self._console.print(f"[dim]{time.monotonic() - self._begun:6.1f} s[/]  {text}")

    def run(self) -> Facts:
        self.say("starting a stack of its own")
        with ephemeral_stack(self._data) as running, ClosedPort() as closed:
            setup_s = time.monotonic() - self._begun
            self.say(f"healthy at {running.web}")
            return asyncio.run(self._class(running, closed, setup_s))

    async def _class(self, running: RunFile, closed: str, setup_s: float) -> Facts:
        async with AsyncExitStack() as stack:
            people = await self._sign_in(stack, running)
            server = await stack.enter_async_context(receivers(KEYS))
            seen = await Classroom(people, self.say).teach(server, KEYS, closed)
            self.say("measuring what the destinations and the replay hold")
            return Facts(
                setup_s=setup_s,
                receiver=server.kind,
                lesson_s=seen.lesson.duration_s,
                joins_s=seen.joins_s,
                captions=findings.captions(seen),
                live=[await findings.destination(seen, server, key) for key in KEYS],
                refused=await findings.destination(seen, server, REFUSED),
                replay=await findings.replay(seen, running.web),
                log=await findings.log(seen, people.teacher, database_url(self._data, running)),
            )

    async def _sign_in(self, stack: AsyncExitStack, running: RunFile) -> People:
        teachers = [a for a in running.accounts if a.role == "teacher"]
        students = [a for a in running.accounts if a.role == "student"]
        signed_in = [
            await stack.enter_async_context(Person(running.web, who.email, who.password))
            for who in (teachers[0], *students[:2])
        ]
        return People(*signed_in)


def as_json(found: list[verdict.Row]) -> bytes:
    machine = {
        "system": platform.platform(),
        "cores": psutil.cpu_count(),
        "memoryBytes": psutil.virtual_memory().total,
    }
    return msgspec.json.encode({"name": "demo", "machine": machine, "rows": found})
