"""`python -m agents.egress`: one worker until SIGTERM, which drains it within `drain_s`."""

import asyncio
import contextlib
import signal

import structlog

from agents.egress.child import Recorders
from agents.egress.ledger import Ledger
from agents.egress.psrpc.bus import Bus
from agents.egress.psrpc.client import RpcClient
from agents.egress.psrpc.server import RpcServer
from agents.egress.reports.sender import Sender
from agents.egress.service import INTERNAL, EgressService
from agents.egress.spool.folder import roster_root, spool_root
from agents.egress.spool.leftovers import Leftovers
from agents.egress.spool.roster import Roster
from orchestrator.core.control_client import ControlClient
from orchestrator.core.logs import configure_logs
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings, load_settings
from schema.errors import BusUnavailable

log = structlog.get_logger(__name__)

RETRY_S = 1.0


async def run(settings: Settings) -> None:
    stopped = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stopped.set)
    async with Bus(settings.redis_url) as bus, ControlClient(settings, attempts=1) as control:
        io_info, workers = RpcClient(bus, "IOInfo"), RpcClient(bus, INTERNAL)
        server = RpcServer(bus)
        leftovers = Leftovers(spool_root(settings), Storage.from_settings(settings).put)
        ledger = Ledger(io_info, workers, Roster(roster_root(settings)))
        reports = Sender(control)
        service = EgressService(settings, server, ledger, Recorders(), leftovers, reports, bus)
        serving = asyncio.create_task(_serve(service, [io_info, workers]))
        await stopped.wait()
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        await service.drain(settings.drain_s)
        await reports.close()
        await server.close()
    log.info("stopped")


async def _serve(service: EgressService, clients: list[RpcClient]) -> None:
    """Waits for Redis as long as it takes."""
    while True:
        try:
            for client in clients:
                await client.start()
            await service.serve()
        except BusUnavailable:
            log.warning("bus_unavailable", retry_s=RETRY_S)
            await asyncio.sleep(RETRY_S)
        else:
            log.info("ready")
            return


if __name__ == "__main__":
    loaded = load_settings()
    configure_logs(loaded)
    asyncio.run(run(loaded))
