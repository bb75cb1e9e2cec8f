"""One good destination beside bad ones, which are added again and again as the control plane would."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from livekit.protocol import egress as proto

from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.probe.media import Programme, probe
from orchestrator.cli.probe.receivers import ClosedPort, receivers
from orchestrator.cli.programme.stage import Egress, Stage, stage

SECONDS, LONG_S = 45, 300
GOES_DOWN_S = 10
RETRY_S = 2
HALF_FRAME_S = 0.5 / 30
GOOD, MORTAL = "good", "mortal"


class NotIsolated(Exception):
    """The good one failed; what was said of it."""


async def measure(here: Ground) -> list[Figure]:
    return await over(here, SECONDS, "")


async def measure_long(here: Ground) -> list[Figure]:
    return await over(here, LONG_S, "long_")


async def over(here: Ground, seconds: int, prefix: str) -> list[Figure]:
    """A black hole, a refusing port, and a server that goes down mid-stream and refuses from then on."""
    async with (
        receivers([GOOD]) as peers,
        stage(here, "bench-isolation") as on,
        on.people(1, lasts_s=seconds + 60),
        _black_hole() as hole,
    ):
        with ClosedPort() as closed:
            async with receivers([MORTAL]) as mortal:
                bad = [f"{hole}/key", f"{closed}/key", f"{mortal.url(MORTAL)}/{MORTAL}"]
                egress = await on.start([f"{peers.url(GOOD)}/{GOOD}", *bad])
                await _pester(on, egress, bad, GOES_DOWN_S)
            await _pester(on, egress, bad, seconds - GOES_DOWN_S)
        await on.stop(egress)
        recordings = peers.recordings(GOOD)
        sent, made = probe(str(recordings[0])), probe(str(egress.playlist))
    return [
        _figure(
            f"{prefix}isolation_missing", "frames that the good one lacks", lacking(made, sent)
        ),
        _figure(
            f"{prefix}isolation_reconnects",
            "times it had to be connected anew",
            len(recordings) - 1,
        ),
        Figure(
            key=f"{prefix}isolation_s",
            what="its unbroken length",
            value=sent.duration_s,
            unit="s",
            bar=seconds - 2,
        ),
    ]


def lacking(made: Programme, sent: Programme) -> int:
    """Of the recording's frames, from the destination's first one on: both end together."""
    begin = made.video.times_s[-1] - sent.duration_s - HALF_FRAME_S
    return int((made.video.times_s >= begin).sum()) - len(sent.video.times_s)


async def _pester(on: Stage, egress: Egress, urls: list[str], seconds: float) -> None:
    """Adds what has failed anew, without the control plane's patience."""
    for _ in range(round(seconds / RETRY_S)):
        await asyncio.sleep(RETRY_S)
        streams = (await on.info(egress)).stream_results
        # The keys are hidden there, and each server has one key.
        latest = {stream.url.rpartition("/")[0]: stream for stream in streams}
        failed = {
            server: stream.error
            for server, stream in latest.items()
            if stream.status == proto.StreamInfo.FAILED
        }
        again = [url for url in urls if failed.pop(url.rpartition("/")[0], None) is not None]
        if failed:
            raise NotIsolated(*failed.values())
        if again:
            await on.add(egress, again)


@contextlib.asynccontextmanager
async def _black_hole() -> AsyncIterator[str]:
    """Takes connections and never says a word."""

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(keep, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield f"rtmp://127.0.0.1:{port}/live"
    finally:
        server.close()


def _figure(key: str, what: str, value: float) -> Figure:
    return Figure(key=key, what=what, value=value, unit="", bar=0, least=False)
