"""What a bench stands on: its own PostgreSQL, Redis, livekit-server and one control plane on loopback, gone afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from rich.console import Console

from orchestrator.cli.serve import find_components, make_folders
from orchestrator.cli.stack import binaries
from orchestrator.cli.stack.credentials import credentials
from orchestrator.cli.stack.plan import Components, Options, programs, stack_variables
from orchestrator.cli.stack.ports import Ports, choose
from orchestrator.cli.stack.supervisor import Supervisor
from orchestrator.settings import Settings, load_settings

# Mostly nobody speaks and nothing is sent out: agents and workers would only take from the machine.
NEEDED = frozenset({"postgres", "redis", "livekit", "prepare", "control"})


class Ground(msgspec.Struct, frozen=True):
    """`settings` are the control plane's, which serves at `settings.control_url`; `pids` by the name of the program."""

    data: Path
    settings: Settings
    ports: Ports
    components: Components
    pids: dict[str, int]

    @property
    def control_pid(self) -> int:
        return self.pids["control"]

    @property
    def egress_pid(self) -> int:
        return self.pids["egress"]


@asynccontextmanager
async def ground(
    data: Path, console: Console, also: frozenset[str] = frozenset()
) -> AsyncIterator[Ground]:
    """`also` are further programs to run. Raises StartFailed, MissingProgram."""
    options, ports, secret = Options(data=data), choose(None), credentials(data)
    components = find_components(options)
    make_folders(options, secret, components)
    wanted = programs(options, ports, secret, components, prepare=True)
    supervisor = Supervisor(
        [program for program in wanted if program.name in NEEDED | also],
        data / "logs",
        say=console.print,
        cwd=binaries.ROOT,
    )
    try:
        await supervisor.start()
        settings = load_settings(stack_variables(options, ports, secret))
        pids = {name: one.pid or 0 for name, one in supervisor.running.items()}
        yield Ground(data, settings, ports, components, pids)
    finally:
        await supervisor.stop()
