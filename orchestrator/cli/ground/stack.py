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

# Nobody speaks and nothing is sent out: agents and workers would only take from the machine.
NEEDED = frozenset({"postgres", "redis", "livekit", "prepare", "control"})


class Ground(msgspec.Struct, frozen=True):
    """`settings` are the control plane's, which serves at `settings.control_url` in the process `control_pid`.

    `egress_pid` is the egress worker where there is one, else 0.
    """

    data: Path
    settings: Settings
    ports: Ports
    components: Components
    control_pid: int
    egress_pid: int = 0


@asynccontextmanager
async def ground(data: Path, console: Console, *, egress: bool = False) -> AsyncIterator[Ground]:
    """With `egress` a worker for programmes as well. Raises StartFailed, MissingProgram."""
    options, ports, secret = Options(data=data), choose(None), credentials(data)
    components = find_components(options)
    make_folders(options, secret, components)
    wanted = programs(options, ports, secret, components, prepare=True)
    needed = NEEDED | {"egress"} if egress else NEEDED
    supervisor = Supervisor(
        [program for program in wanted if program.name in needed],
        data / "logs",
        say=console.print,
        cwd=binaries.ROOT,
    )
    try:
        await supervisor.start()
        settings = load_settings(stack_variables(options, ports, secret))
        pids = {name: one.pid or 0 for name, one in supervisor.running.items()}
        yield Ground(
            data, settings, ports, components, pids["control"], egress_pid=pids.get("egress", 0)
        )
    finally:
        await supervisor.stop()
