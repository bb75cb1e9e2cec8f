"""The service over its socket: priorities hold, finals survive, a broken client harms nobody."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.asr.client import AsrClient, AsrUnavailable, DecodeFailed, Speech
from agents.asr.engine import Engine
from agents.asr.service import AsrService
from agents.asr.wire import LENGTH, MAX_FRAME_BYTES
from agents.room.track.ear import downsample, new_downsampler
from tests.support.engines import SlowEngine
from tests.support.rooms import clip

PCM = bytes(3200)


def named(number: int) -> bytes:
    return number.to_bytes(2, "little") + PCM


async def until_waiting(client: AsrClient, count: int) -> None:
    """Only the service knows when a request is in its backlog, so it is asked."""
    while (await client.load()).waiting < count:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@pytest.fixture
def socket(tmp_path: Path) -> Path:
    return tmp_path / "asr.sock"


@pytest.fixture
async def client(socket: Path) -> AsyncIterator[AsrClient]:
    client = AsrClient(socket)
    yield client
    await client.close()


async def test_real_speech_is_heard_over_the_socket(
    engine: Engine, socket: Path, client: AsrClient
) -> None:
    pcm = downsample(new_downsampler(), clip("sense_0930")).tobytes()
    async with AsrService(engine, threads=2).listening(socket):
        partial, final = await asyncio.gather(
            client.partial(Speech("a", pcm), first=True), client.final(Speech("b", pcm))
        )
    assert partial is not None
    assert "amiable himself" in partial.text
    assert final.text == "He might even have been made amiable himself."
    assert [word.text for word in final.words] == final.text.split()
    assert final.words[-1].end_ms > 2000


async def test_a_final_overtakes_partials_that_wait(socket: Path, client: AsrClient) -> None:
    engine = SlowEngine()
    async with AsrService(engine, threads=1).listening(socket):
        asked = [asyncio.create_task(client.partial(Speech("u0", named(0)), first=False))]
        await asyncio.to_thread(engine.began.wait, 5)
        asked += [
            asyncio.create_task(client.partial(Speech(f"u{n}", named(n)), first=n == 3))
            for n in (1, 2, 3)
        ]
        final = asyncio.create_task(client.final(Speech("u4", named(4))))
        await until_waiting(client, 4)
        engine.go.release(5)
        await asyncio.gather(final, *asked)
    assert engine.order == ["partial 0", "final 4", "partial 3", "partial 1", "partial 2"]


async def test_a_final_makes_its_own_waiting_partial_pointless(
    socket: Path, client: AsrClient
) -> None:
    engine = SlowEngine()
    async with AsrService(engine, threads=1).listening(socket):
        busy = asyncio.create_task(client.final(Speech("other", named(0))))
        await asyncio.to_thread(engine.began.wait, 5)
        partial = asyncio.create_task(client.partial(Speech("mine", named(1)), first=True))
        await until_waiting(client, 1)
        final = asyncio.create_task(client.final(Speech("mine", named(2))))
        assert await partial is None
        engine.go.release(2)
        assert (await final).text == "final 2"
        await busy


async def test_a_final_waits_for_a_service_that_restarts(socket: Path, client: AsrClient) -> None:
    engine = SlowEngine()
    async with AsrService(engine, threads=1).listening(socket):
        final = asyncio.create_task(client.final(Speech("a", named(7))))
        await asyncio.to_thread(engine.began.wait, 5)
        engine.go.release()
        assert (await final).text == "final 7"
    waiting = asyncio.create_task(client.final(Speech("b", named(8))))
    with pytest.raises(AsrUnavailable):
        await client.partial(Speech("c", named(9)), first=True)
    engine.go.release()
    async with AsrService(engine, threads=1).listening(socket):
        assert (await waiting).text == "final 8"


async def test_a_decode_that_never_ends_is_noticed_and_its_final_heard_by_the_next_service(
    socket: Path, client: AsrClient
) -> None:
    hung = SlowEngine()
    service = AsrService(hung, threads=1, stuck_after_s=0.05)
    async with service.listening(socket):
        final = asyncio.create_task(client.final(Speech("a", named(7))))
        async with asyncio.timeout(10):
            await service.stuck()
        assert not final.done()
    hung.go.release()
    engine = SlowEngine()
    engine.go.release()
    async with AsrService(engine, threads=1).listening(socket):
        assert (await final).text == "final 7"


async def test_audio_that_cannot_be_decoded_fails_alone(
    engine: Engine, socket: Path, client: AsrClient
) -> None:
    async with AsrService(engine, threads=1).listening(socket):
        for pcm in (b"odd", bytes(31 * 32_000)):
            with pytest.raises(DecodeFailed):
                await client.final(Speech("a", pcm))
        assert (await client.final(Speech("b", bytes(32_000)))).language == "en"


async def test_a_frame_beyond_all_reason_ends_only_its_own_connection(
    socket: Path, client: AsrClient
) -> None:
    async with AsrService(SlowEngine(), threads=1).listening(socket):
        reader, writer = await asyncio.open_unix_connection(socket)
        writer.write(LENGTH.pack(MAX_FRAME_BYTES + 1))
        assert await reader.read() == b""
        writer.close()
        assert (await client.load()).waiting == 0


async def test_the_socket_is_ours_alone(socket: Path) -> None:
    async with AsrService(SlowEngine(), threads=1).listening(socket):
        mode = (await asyncio.to_thread(socket.stat)).st_mode
    assert mode & 0o777 == 0o600
