"""The process that holds one destination: MPEG-TS on stdin, the same to an RTMP(S) or SRT URL, JSON lines on stdout.

It runs by its path, alone: a peer that stops answering keeps this process waiting, and only this one. The URL comes as the
first line of stdin, for argv is public; with it come the fields of `Trust`.
"""

import contextlib
import ctypes
import json
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

# `-I` keeps the environment and the working directory out of the search for modules.
sys.path.insert(0, str(Path(__file__).parents[3]))

from agents.media.relay import srt
from agents.media.relay.dial import Trust, checked, dial, first
from agents.media.relay.reasons import Failure, failure_of
from agents.media.rtmp.client import VIDEO, NoRtmp, Publisher, Refused, place_of, tags
from agents.media.sink import Sink

PR_SET_PDEATHSIG = 1
TS_PACKET = 188
FLV_HEADER_BYTES = 13
# In FLV's tags of H.264: not the decoder's parameters, nor the stream's end.
PICTURE = 1
RTMP_PORTS = {"rtmp": 1935, "rtmps": 443}
PROGRESS_EVERY_S = 0.5
# Some servers accept any publisher and hang up on the wrong key a moment later: until then it is not live.
PROBATION_S = 0.3
# The streams are known from their first tables and keyframe; libav's default of 5 MB waits for seconds.
# The frame rate stands in the stream itself; counting frames to guess it would cost the first half second.
PROBE = {"probesize": "300000", "analyzeduration": "500000", "fpsprobesize": "0"}
FLV = {"flvflags": "no_duration_filesize", "flush_packets": "1"}


def main() -> int:
    _die_with_parent()
    asked = json.loads(sys.stdin.buffer.readline())
    url, trust = asked.pop("url"), Trust(**asked)
    try:
        (_call if url.startswith("srt:") else _publish)(url, trust)
    except OSError as error:
        failed = failure_of(error)
        _say(event="failed", reason=failed.reason, message=failed.message, said=failed.said)
        return 1
    except Exception as error:  # noqa: BLE001  told by its place: its words may hold the URL
        _say(event="failed", reason="crashed", message=_place(error), said="")
        return 1
    _say(event="finished")
    return 0


def _place(error: Exception) -> str:
    """In our own code, which a library's call may have left."""
    ours = str(Path(__file__).parents[2])
    places = traceback.extract_tb(error.__traceback__)
    last = next(at for at in reversed(places) if at.filename.startswith(ours))
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def _die_with_parent() -> None:
    """Linux only; elsewhere the end of stdin has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _call(url: str, trust: Trust) -> None:
    """SRT carries MPEG-TS as it is."""
    parts = urlsplit(url)
    addresses = checked(parts.hostname or "", trust)
    with contextlib.closing(first(addresses, lambda ip: srt.Caller(parts, ip))) as caller:
        progress = _Progress()
        for payload in _payloads(sys.stdin.buffer, srt.PAYLOAD_BYTES):
            caller.send(payload)
            progress.count(len(payload), _pictures(payload))
        caller.play_out()
    progress.say()


def _payloads(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """What is there at once, in whole packets of MPEG-TS."""
    waiting = b""
    while data := stream.read1(1 << 16):  # type: ignore[attr-defined]
        waiting += data
        whole = len(waiting) // TS_PACKET * TS_PACKET
        for at in range(0, whole, size):
            yield waiting[at : min(at + size, whole)]
        waiting = waiting[whole:]


def _pictures(payload: bytes) -> int:
    """How many begin there: packets of the picture's stream with a payload's start."""
    starts = range(0, len(payload), TS_PACKET)
    return sum(payload[at + 1] & 0x5F == 0x41 and payload[at + 2] == 0 for at in starts)


def _publish(url: str, trust: Trust) -> None:
    """Raises OSError."""
    parts = urlsplit(url)
    connection = dial(parts, parts.port or RTMP_PORTS[parts.scheme], trust)
    try:
        _feed(Publisher(connection, place_of(url)))
    except NoRtmp:
        raise Failure("no_rtmp", "it speaks no RTMP") from None
    except Refused as error:
        raise Failure("rejected", error.message, error.said) from None


def _feed(peer: Publisher) -> None:
    progress = _Progress()
    for kind, time_ms, body in _tags():
        peer.send(kind, time_ms, body)
        progress.count(len(body), int(kind == VIDEO and body[1] == PICTURE))
    peer.close()
    progress.say()


def _tags() -> Iterator[tuple[int, int, bytes]]:
    import av  # noqa: PLC0415  takes 100 ms and 20 MiB, which SRT does without

    av.logging.set_level(av.logging.PANIC)
    written = Sink()
    with av.open(_Pipe(sys.stdin.buffer), "r", format="mpegts", options=PROBE) as source:
        streams = [source.streams.video[0], source.streams.audio[0]]
        with av.open(written, "w", format="flv", options=FLV) as muxer:
            copies = {s.index: muxer.add_stream_from_template(s) for s in streams}
            muxer.start_encoding()
            yield from tags(written.take()[FLV_HEADER_BYTES:])
            for packet in _from_zero(source.demux(streams)):
                packet.stream = copies[packet.stream.index]
                muxer.mux(packet)
                yield from tags(written.take())
        yield from tags(written.take())


def _from_zero(packets: Iterator[Any]) -> Iterator[Any]:
    """From the first keyframe on, in its time: a late joiner's clock starts at zero.

    The demuxer gives a picture only when the next one begins, so the first sound comes before it and has to wait.
    """
    start = None
    early = []
    for packet in packets:
        if packet.dts is None:  # libav's end-of-stream marker
            continue
        if start is None:
            early.append(packet)
            if packet.stream.type != "video" or not packet.is_keyframe:
                continue
            start = packet.dts
        for due in early or [packet]:
            if due.dts >= start:
                due.dts -= start
                due.pts -= start
                yield due
        early = []


class _Pipe:
    """stdin for libav, which must get what is there instead of waiting for a full buffer."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        return self._stream.read1(size)  # type: ignore[attr-defined,no-any-return]


class _Progress:
    """Says that the peer has the stream, and now and then how much of it."""

    def __init__(self) -> None:
        self._frames = self._bytes = 0
        self._opened_ns = time.time_ns()
        self._say_at_s = time.monotonic() + PROBATION_S
        self._connected = False

    def count(self, size: int, pictures: int) -> None:
        self._frames += pictures
        self._bytes += size
        if time.monotonic() >= self._say_at_s:
            self.say()

    def say(self) -> None:
        if not self._connected:
            self._connected = True
            _say(event="connected", at_ns=self._opened_ns)
        self._say_at_s = time.monotonic() + PROGRESS_EVERY_S
        _say(event="progress", frames=self._frames, bytes=self._bytes)


def _say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
