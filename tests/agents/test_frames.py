"""Frames of several tracks at once, by the real client: each stream gets its own, in order, and is told its end."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from livekit import rtc
from livekit.rtc._ffi_client import FfiClient
from livekit.rtc._proto.ffi_pb2 import FfiEvent
from numpy.typing import NDArray

from agents.frames import FrameRouter, route, router
from agents.room.track.listener import OwnFrames
from agents.room.track.recorder import SAMPLE_RATE_HZ

SECOND = SAMPLE_RATE_HZ
TENTH = SECOND // 10
SIDE = 16
FRAME_S = 0.02


def rising(first: int) -> NDArray[np.int16]:
    """int16[48000], each sample another one than its neighbours."""
    return (first + np.arange(SECOND) % 1000).astype(np.int16)


@asynccontextmanager
async def played(samples: NDArray[np.int16]) -> AsyncIterator[OwnFrames]:
    """A track that plays `samples`, once somebody hears it."""
    source = rtc.AudioSource(SAMPLE_RATE_HZ, 1)
    stream = OwnFrames(rtc.LocalAudioTrack.create_audio_track("voice", source))  # type: ignore[arg-type]
    playing = asyncio.create_task(play(source, samples))
    try:
        yield stream
    finally:
        await playing
        await stream.aclose()
        await source.aclose()


async def play(source: rtc.AudioSource, samples: NDArray[np.int16]) -> None:
    for part in np.split(samples, len(samples) // TENTH):
        await source.capture_frame(rtc.AudioFrame(part.tobytes(), SAMPLE_RATE_HZ, 1, len(part)))


async def heard(stream: OwnFrames) -> NDArray[np.int16]:
    """From the first sample on that is none of silence; the last frame may lack its end."""
    samples = np.zeros(0, np.int16)
    while len(samples) < SECOND - TENTH:
        batch = await stream.batch()
        assert batch is not None
        samples = np.concatenate([samples, *(frame.samples for frame in batch)])
        samples = samples[np.argmax(samples != 0) :] if samples.any() else samples[:0]
    return samples


@asynccontextmanager
async def filmed(grey: int) -> AsyncIterator[rtc.VideoStream]:
    """A camera before a wall."""
    source = rtc.VideoSource(SIDE, SIDE)
    track = rtc.LocalVideoTrack.create_video_track("camera", source)
    stream = route(rtc.VideoStream(track, format=rtc.VideoBufferType.I420))
    filming = asyncio.create_task(film(source, grey))
    try:
        yield stream
    finally:
        filming.cancel()
        await stream.aclose()
        await source.aclose()


async def film(source: rtc.VideoSource, grey: int) -> None:
    picture = bytes([grey]) * SIDE**2 + b"\x80" * (SIDE**2 // 2)
    while True:
        source.capture_frame(rtc.VideoFrame(SIDE, SIDE, rtc.VideoBufferType.I420, picture))
        await asyncio.sleep(FRAME_S)


def told(handle: int, *, over: bool = False) -> FfiEvent:
    event = FfiEvent()
    event.audio_stream_event.stream_handle = handle
    if over:
        event.audio_stream_event.eos.SetInParent()
    else:
        event.audio_stream_event.frame_received.SetInParent()
    return event


async def test_a_frame_is_told_to_its_own_stream_until_its_end() -> None:
    one, two = list[FfiEvent](), list[FfiEvent]()
    frames = FrameRouter()
    frames.add(1, one.append)
    frames.add(2, two.append)
    events = [told(1), told(2), told(1), told(3), told(1, over=True), told(1), told(2)]
    assert not any(frames._route(event) for event in events)
    assert one == [told(1), told(1), told(1, over=True)]
    assert two == [told(2), told(2)]


async def test_each_microphone_is_heard_by_its_own_stream() -> None:
    one, two = rising(1_000), rising(20_000)
    async with played(one) as first, played(two) as second:
        for sound, stream in ((one, first), (two, second)):
            samples = await heard(stream)
            assert np.array_equal(samples[:SECOND], sound[: len(samples)])


async def test_each_camera_is_seen_by_its_own_stream() -> None:
    async with filmed(40) as first, filmed(200) as second:
        for grey, stream in ((40, first), (200, second)):
            for _ in range(5):
                frame = (await anext(stream)).frame
                assert bytes(frame.data[: SIDE**2]) == bytes([grey]) * SIDE**2


async def test_a_closed_stream_is_told_its_end_and_forgotten() -> None:
    async with played(rising(1)) as stream:
        await heard(stream)
    while (batch := await stream.batch()) is not None:
        assert batch
    assert stream._ffi_handle.handle not in router()._takes


async def test_a_thread_of_livekits_keeps_its_python_state_between_calls() -> None:
    mine, calls, new = threading.local(), list[int](), list[int]()

    def note(_: FfiEvent) -> bool:
        calls.append(threading.get_ident())
        if not hasattr(mine, "known"):
            mine.known = True
            new.append(threading.get_ident())
        return False

    async with played(rising(1)) as stream:
        noted = FfiClient.instance.queue.subscribe(filter_fn=note)
        await heard(stream)
        FfiClient.instance.queue.unsubscribe(noted)
    assert sorted(new) == sorted(set(calls))
