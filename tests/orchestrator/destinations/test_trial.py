"""A trial against real servers, good and bad: how far it gets, what it says, and that nothing is left behind."""

import asyncio
import socket
import ssl
from pathlib import Path
from uuid import uuid4

import av
import pytest

from orchestrator.cli.probe.receivers import ClosedPort, Receivers, receivers
from orchestrator.cli.stack.ports import free_port
from orchestrator.destinations.trial.service import Outcome, Said, Trials, outcome_of
from orchestrator.settings import Secret, Settings
from schema.destinations import DestinationTest
from schema.errors import TooManyTests
from tests.agents.media.peers import srt_listener
from tests.support.certificates import Authority
from tests.support.waiting import eventually

KEY = "canary-stream-key-0042"


LOCAL, PUBLIC = Settings(), Settings(mode="production")


async def tried(url: str, limit_s: float = 10.0) -> DestinationTest:
    return await Trials(LOCAL, limit_s).run(uuid4(), Secret(f"{url}/{KEY}"))


def children() -> list[str]:
    """The command lines of the trials that this process has started."""
    found = Path("/proc/self/task").glob("*/children")
    pids = [pid for path in found for pid in path.read_text().split()]
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in pids]
    return [line for line in lines if "trial/bars.py" in line or "relay/child.py" in line]


async def received(server: Receivers) -> Path:
    async def written() -> list[Path]:
        return [file for file in server.recordings(KEY) if file.stat().st_size]

    return (await eventually(written))[-1]


@pytest.mark.parametrize("nginx", [True, False])
async def test_a_good_server_gets_two_seconds_of_picture_and_sound(nginx: bool) -> None:
    async with receivers([KEY], nginx=nginx) as server:
        result = await tried(server.url(KEY))
        assert (result.ok, result.stage) == (True, "done"), result.message
        assert 1900 <= result.duration_ms < 10_000
        file = await received(server)
        server.stop()
        with av.open(str(file)) as media:
            picture = media.streams.video[0].codec_context
            assert (picture.width, picture.height) == (640, 360)
            assert media.streams.audio[0].codec_context.name == "aac"
            packets = [(p.stream.type, p.is_keyframe) for p in media.demux() if p.size]
        pictures = [is_key for kind, is_key in packets if kind == "video"]
        assert len(pictures) == 60
        assert pictures[0]
        assert len(packets) - len(pictures) >= 90
    assert children() == []


async def test_an_srt_receiver_is_tried_too(tmp_path: Path) -> None:
    port, phrase = free_port(), "a-long-pass-phrase"
    url = Secret(f"srt://127.0.0.1:{port}?streamid={KEY}&passphrase={phrase}")
    with srt_listener(port, phrase, tmp_path / "heard.ts"):
        wrong = Secret(url.reveal().replace(phrase, "another-pass-phrase"))
        refused = await Trials(LOCAL).run(uuid4(), wrong)
        assert (refused.ok, refused.stage) == (False, "publish"), refused.message
        result = await Trials(LOCAL).run(uuid4(), url)
    assert (result.ok, result.stage) == (True, "done"), result.message


async def test_a_closed_port_is_told_as_such() -> None:
    with ClosedPort() as url:
        result = await tried(url)
    assert (result.ok, result.stage) == (False, "connect")
    assert "Nothing listens" in result.message


async def test_a_silent_server_is_given_up_in_time_and_nobody_stays_behind() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"rtmp://127.0.0.1:{listener.getsockname()[1]}/live"
        running = asyncio.create_task(tried(url, limit_s=3))
        found = await eventually(lambda: asyncio.to_thread(children))
        assert KEY not in "".join(found)
        result = await running
    assert (result.ok, result.stage) == (False, "connect")
    assert "did not answer" in result.message
    assert 3000 <= result.duration_ms < 10_000
    assert children() == []


async def test_a_server_that_hangs_up_at_once_has_not_seen_the_key() -> None:
    """As a proxy does whose server is away, or a port that takes encrypted connections only."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        result = await tried(f"rtmp://127.0.0.1:{port}/live")
    assert (result.ok, result.stage) == (False, "connect")
    assert "rtmps:// only" in result.message


async def test_an_application_that_the_server_does_not_have_is_a_refused_stream() -> None:
    async with receivers([KEY]) as server:
        result = await tried(server.url(KEY).replace("/live", "/nowhere"))
    assert (result.ok, result.stage) == (False, "publish")
    assert KEY not in result.message


@pytest.mark.parametrize("answer", [b"this is no TLS\r\n", b""])
async def test_an_encrypted_stream_to_a_plain_server_is_told_as_such(answer: bytes) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        result = await tried(f"rtmps://127.0.0.1:{port}/live", limit_s=3)
    assert (result.ok, result.stage) == (False, "connect")
    assert "encrypted" in result.message


async def test_a_forbidden_address_is_never_called() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        url = Secret(f"rtmp://127.0.0.1:{listener.getsockname()[1]}/live/{KEY}")
        result = await Trials(PUBLIC).run(uuid4(), url)
        assert (result.ok, result.stage) == (False, "resolve")
        assert "private" in result.message
        with pytest.raises(BlockingIOError):
            listener.accept()


async def test_one_destination_is_tried_once_at_a_time_and_two_in_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = Secret(f"rtmp://127.0.0.1:{silent.getsockname()[1]}/live/{KEY}")
        trials, first = Trials(LOCAL, limit_s=2), uuid4()
        running = [asyncio.create_task(trials.run(first, url))]
        await asyncio.sleep(0)
        with pytest.raises(TooManyTests):
            await trials.run(first, url)
        running.append(asyncio.create_task(trials.run(uuid4(), url)))
        await asyncio.sleep(0)
        with pytest.raises(TooManyTests):
            await trials.run(uuid4(), url)
        assert [result.stage for result in await asyncio.gather(*running)] == ["connect"] * 2
    assert (await trials.run(first, Secret("rtmp://nowhere.invalid/live/k"))).stage == "resolve"


async def test_a_server_that_cannot_prove_its_name_is_told_as_such(tmp_path: Path) -> None:
    certificate = Authority(tmp_path).issue()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        result = await tried(f"rtmps://127.0.0.1:{port}/live")
    assert (result.ok, result.stage) == (False, "connect")
    assert "certificate is not to be trusted: unable to get local issuer" in result.message


def test_the_servers_words_are_shown_without_the_key() -> None:
    url = Secret(f"rtmp://host/live/{KEY}")
    answer = f"no stream {KEY} at {url.reveal()}"
    failed = Said("failed", reason="rejected", said=answer)
    assert outcome_of([failed], url) == Outcome(
        "publish", "The server refused the stream: no stream … at …"
    )


def test_a_child_that_dies_without_a_word_is_our_fault() -> None:
    assert outcome_of([], Secret("rtmp://host/live/k")).message.startswith("The test itself")
