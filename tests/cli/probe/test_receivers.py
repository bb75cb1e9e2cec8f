"""Both kinds of receiver take a real RTMP stream and write what came."""

import asyncio
import subprocess

import pytest

from orchestrator.cli.probe import media
from orchestrator.cli.probe.receivers import ClosedPort, FfmpegReceivers, ffmpeg, receivers

SECONDS = 4


async def push(url: str) -> int:
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30", "-f", "lavfi", "-i", "sine=r=48000"]
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    end = ["-t", str(SECONDS), "-f", "flv", url]
    process = await asyncio.create_subprocess_exec(
        ffmpeg(), "-re", *source, *encode, *end, stderr=subprocess.DEVNULL
    )
    return await process.wait()


@pytest.mark.parametrize("nginx", [True, False])
async def test_writes_what_it_receives(nginx: bool) -> None:
    async with receivers(["one", "two"], nginx=nginx) as server:
        assert isinstance(server, FfmpegReceivers) != nginx
        codes = await asyncio.gather(*(push(f"{server.url(k)}/{k}") for k in ("one", "two")))
        assert codes == [0, 0]
        await asyncio.sleep(0.3)  # the receivers close their files after the sender has gone
        for key in ("one", "two"):
            (path,) = server.recordings(key)
            programme = media.probe(str(path))
            assert programme.duration_s == pytest.approx(SECONDS, abs=0.2)
            assert len(programme.video.times_s) == SECONDS * 30
    assert server.recordings("one") == []


async def test_nginx_counts_a_second_connection() -> None:
    async with receivers(["one"]) as server:
        for _ in range(2):
            assert await push(f"{server.url('one')}/one") == 0
        await asyncio.sleep(0.3)
        assert len(server.recordings("one")) == 2


async def test_a_closed_port_refuses() -> None:
    with ClosedPort() as url:
        port = int(url.rsplit(":", 1)[1].split("/")[0])
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
