"""The official worker's outputs, as ffmpeg children with a small picture of their own: what is on it is not modelled."""

import asyncio
import contextlib
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from pathlib import Path

from orchestrator.cli.probe.receivers import ffmpeg
from tests.fakes.egress.request import Recording, Still

GOP_S = 2
FPS = 10
SOURCE = ["-re", "-f", "lavfi", "-i", f"testsrc2=s=160x90:r={FPS}"]
SOUND = ["-f", "lavfi", "-i", "sine=r=48000"]
ENCODED = ["-c:v", "libx264", "-preset", "ultrafast", "-g", str(GOP_S * FPS), "-c:a", "aac"]
# rtmp2sink's own limit for what a server does not answer; measured: silent after accept is FAILED at 6.5 s.
SILENCE_US = 5_000_000
# libav's word for what gstrtmpclient logs as send_create_stream.
CREATING = "Creating stream..."


class Child:
    """One ffmpeg."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def said(self, tell: Callable[[str], None]) -> str:
        """Every line of its log, until it ends; gives the last of them, without libav's `[rtmp @ 0x...]`."""
        assert self._process.stderr is not None
        last = ""
        while line := await self._process.stderr.readline():
            last = line.decode(errors="replace").strip().rpartition("] ")[2]
            tell(last)
        await self._process.wait()
        return last

    async def stop(self) -> None:
        """Closes its output properly."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)
        try:
            async with asyncio.timeout(5):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


async def start(*output: str, log: str) -> Child:
    command = [ffmpeg(), "-nostdin", "-hide_banner", "-nostats", "-loglevel", log]
    command += [*SOURCE, *SOUND, *ENCODED, *output]
    return Child(await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stderr=PIPE))


async def publish(url: str) -> Child:
    """pkg/pipeline/builder/stream.go BuildStream."""
    return await start("-f", "flv", "-rw_timeout", str(SILENCE_US), url, log="debug")


async def record(recording: Recording, store: Path) -> Child:
    """MPEG-TS segments of a whole number of GOPs and an event playlist (builder/segment.go, sink/m3u8/writer.go)."""
    playlist = store / recording.playlist
    playlist.parent.mkdir(parents=True, exist_ok=True)
    form = ["-f", "hls", "-hls_time", str(recording.segment_s), "-hls_playlist_type", "event"]
    names = ["-hls_segment_filename", f"{store / recording.prefix}_%05d.ts"]
    return await start(*form, *names, "-hls_flags", "temp_file", str(playlist), log="error")


async def photograph(still: Still, store: Path) -> Child:
    """builder/image.go, sink/image.go: the first at once, then one each interval under the same name."""
    target = store / f"{still.prefix}.jpeg"
    target.parent.mkdir(parents=True, exist_ok=True)
    picture = f"fps=1/{still.every_s}:round=up,scale={still.width}:{still.height}"
    form = ["-map", "0:v", "-c:v", "mjpeg", "-vf", picture, "-f", "image2", "-update", "1"]
    return await start(*form, "-strict", "unofficial", str(target), log="error")
