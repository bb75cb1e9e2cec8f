"""A stack for one run, on free ports and a data folder of its own; it ends with us even if we are killed."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from orchestrator.cli.runfile import RunFile
from orchestrator.cli.stack import servers
from orchestrator.cli.stack.credentials import credentials
from orchestrator.cli.stack.plan import DATABASE, Options
from orchestrator.cli.up import launch, wait_healthy
from orchestrator.settings import Secret

STOP_TIMEOUT_S = 15


@contextmanager
def ephemeral_stack(
    data: Path, settings: Mapping[str, str] | None = None, port_base: int | None = None
) -> Iterator[RunFile]:
    """Healthy inside the block; `settings` are by variable. Raises StartFailed with what the supervisor said."""
    log = data / "logs" / "supervisor.log"
    options = Options(data=data, port_base=port_base, overrides=dict(settings or {}))
    process = launch(options, log, signal.SIGTERM)
    try:
        yield wait_healthy(data, process, log)
    finally:
        process.terminate()
        process.wait(STOP_TIMEOUT_S)


def database_url(data: Path, running: RunFile) -> Secret:
    port = next(p.port for p in running.processes if p.name == "postgres" and p.port)
    return servers.postgres_url(port, credentials(data).postgres, DATABASE)
