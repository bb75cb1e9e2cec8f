"""Runs one stack until SIGTERM or Ctrl-C: `up` calls `serve`; detached, `python -m orchestrator.cli.serve` reads its options from stdin."""

import asyncio
import signal
import sys
from collections.abc import Callable

import msgspec
from rich.console import Console

from orchestrator.cli.refusals import REFUSALS
from orchestrator.cli.runfile import (
    Component,
    LiveKitAccess,
    RunFile,
    end_leftovers,
    hold,
    run_path,
    write_run_file,
)
from orchestrator.cli.stack import binaries, servers
from orchestrator.cli.stack.credentials import Credentials, credentials
from orchestrator.cli.stack.plan import Components, Options, decode, programs
from orchestrator.cli.stack.ports import Ports, choose
from orchestrator.cli.stack.prepare import is_prepared
from orchestrator.cli.stack.supervisor import StartFailed, Supervisor, states

LOG_WIDTH = 1000  # one line per message, however long
GOOD = {"healthy", "done"}
STARTING = "starting PostgreSQL, Redis, LiveKit, the control plane and its workers"


async def serve(options: Options, console: Console, healthy: Callable[[RunFile], None]) -> int:
    """Calls `healthy` once all is. Raises AlreadyRunning, PortTaken, DataFolderError or MissingProgram before anything is started."""
    with hold(options.data):
        for name in end_leftovers(options.data):
            console.print(f"ended {name}, which a killed supervisor had left")
        ports = choose(options.port_base)
        secret, components = credentials(options.data), find_components(options)
        make_folders(options, secret, components)
        publish = Publisher(options, ports, secret, components)
        supervisor = Supervisor(
            programs(options, ports, secret, components, prepare=not is_prepared(options.data)),
            options.data / "logs",
            say=lambda text: console.print(f"[yellow]{text}"),
            changed=publish,
            cwd=binaries.ROOT,
        )
        try:
            return await run_until_signal(
                supervisor, console, lambda: healthy(publish.run_file(supervisor))
            )
        finally:
            run_path(options.data).unlink(missing_ok=True)


async def run_until_signal(
    supervisor: Supervisor, console: Console, healthy: Callable[[], None]
) -> int:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    starting, stopping = (
        asyncio.ensure_future(supervisor.start()),
        asyncio.ensure_future(stopped.wait()),
    )
    try:
        console.print(STARTING)  # a spinner would be a thread beside our forks
        await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            healthy()
            await stopping
    except StartFailed as failure:
        console.print(str(failure), style="red", markup=False)
        return 1
    else:
        return 0
    finally:
        starting.cancel()
        console.print("stopping")
        await supervisor.stop()


def find_components(options: Options) -> Components:
    livekit = binaries.livekit()
    if livekit is None:
        raise binaries.MissingProgram("livekit-server is not built; ./lectern up builds it")
    return Components(binaries.postgres(options.postgres_bin), binaries.redis(), livekit)


def make_folders(options: Options, secret: Credentials, components: Components) -> None:
    for name in ("redis", "livekit", "objects", "logs"):
        (options.data / name).mkdir(parents=True, exist_ok=True)
    if servers.init_postgres(components.postgres, options.data / "postgres", secret.postgres):
        (options.data / "prepared").unlink(missing_ok=True)


class Publisher:
    """Keeps run.json true: written at every change of a program's state."""

    def __init__(
        self, options: Options, ports: Ports, secret: Credentials, components: Components
    ) -> None:
        self._options = options
        self._ports = ports
        self._secret = secret
        self._components = components

    def __call__(self, supervisor: Supervisor) -> None:
        write_run_file(self._options.data, self.run_file(supervisor))

    def run_file(self, supervisor: Supervisor) -> RunFile:
        host, secret = self._options.public_host or servers.LOOPBACK, self._secret
        url = f"ws://{host}:{self._ports.livekit}"
        return RunFile(
            web=f"http://{host}:{self._ports.control}",
            livekit=LiveKitAccess(url, secret.livekit_api_key, secret.livekit_api_secret),
            accounts=secret.accounts,
            processes=states(supervisor),
            state=overall(supervisor),
            components={
                name: Component(str(binary.path), binary.version)
                for name, binary in msgspec.structs.asdict(self._components).items()
            },
        )


def overall(supervisor: Supervisor) -> str:
    if all(run.state in GOOD for run in supervisor.running.values()):
        return "healthy"
    return "degraded" if supervisor.started else "starting"


def main() -> int:
    options = decode(sys.stdin.buffer.read())
    console = Console(highlight=False, width=LOG_WIDTH)
    try:
        return asyncio.run(
            serve(options, console, lambda run: console.print(f"healthy at {run.web}"))
        )
    except REFUSALS as refusal:
        console.print(str(refusal), markup=False)
        return 1


if __name__ == "__main__":
    sys.exit(main())
