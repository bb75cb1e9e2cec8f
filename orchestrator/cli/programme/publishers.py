"""People with cameras in a process of their own: `python -m orchestrator.cli.programme.publishers` reads a Crowd from stdin.

Prints a line Began when all have sent their first picture; ends with stdin.
"""

import asyncio
import contextlib
import sys
import time
from typing import Protocol

import msgspec
import numpy as np
from livekit import rtc

from orchestrator.cli.classroom.picture import HEIGHT, WIDTH, Picture
from orchestrator.cli.classroom.script import Line, add_beeps
from orchestrator.cli.classroom.seat import Seat, speak
from orchestrator.cli.probe.media import SAMPLE_RATE
from orchestrator.cli.probe.sync import PERIOD_S
from schema.sessions import LiveKitAccess

FPS = 30
LEAD_S = 0.5
TONE_HZ, TONE_LEVEL = 220, 0.02
# A camera in a room: a slow light, somebody who moves, and the noise of the sensor; three seconds, then again.
FRAMES, NOISE = 90, 2.0


class Crowd(msgspec.Struct, frozen=True):
    """With `simulcast` three layers, sent when somebody takes them, as a browser does.

    For the first `marks_s` they flash and beep together; they go after `lasts_s` at the latest.
    """

    seats: list[LiveKitAccess]
    simulcast: bool = True
    marks_s: float = 0
    lasts_s: float = 240


class Began(msgspec.Struct, frozen=True):
    """time.monotonic of the first picture, and with it of the first mark."""

    at_s: float


class Drawn(Protocol):
    """What a camera films."""

    def draw(self, at_s: float) -> bytearray: ...


class Person:
    """Pictures made beforehand, so that filming them costs the measured machine nothing."""

    def __init__(self) -> None:
        noise = np.random.default_rng(7).normal(0, NOISE, (HEIGHT, WIDTH)).astype(np.float32)
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        self._frames = [_filmed(number, x, y, noise) for number in range(FRAMES)]

    def draw(self, at_s: float) -> bytearray:
        return self._frames[int(at_s * FPS) % FRAMES]


class Marks:
    """Flashes until `until_s`, and then no more, so that what was seen last is known by its number."""

    def __init__(self, until_s: float) -> None:
        self._picture = Picture(["Marks"])
        self._until_s = until_s

    def draw(self, at_s: float) -> bytearray:
        return self._picture.draw(at_s if at_s < self._until_s else PERIOD_S / 2)


def _filmed(number: int, x: np.ndarray, y: np.ndarray, noise: np.ndarray) -> bytearray:
    turn = 2 * np.pi * number / FRAMES
    left, top = WIDTH * (0.5 + 0.12 * np.sin(turn)), HEIGHT * (0.45 + 0.05 * np.cos(2 * turn))
    head = np.exp(-(((x - left) / 170) ** 2 + ((y - top) / 220) ** 2) * 2)
    room = 70 + 30 * x / WIDTH + 12 * np.sin(y / 37) + 8 * np.sin(x / 23)
    luma = room + 90 * head + np.roll(noise, number * 17, axis=1)
    chroma = np.full((2, HEIGHT // 2, WIDTH // 2), 128, np.uint8)
    chroma[0] -= (20 * head[::2, ::2]).astype(np.uint8)
    chroma[1] += (25 * head[::2, ::2]).astype(np.uint8)
    return bytearray(np.clip(luma, 16, 235).astype(np.uint8).tobytes() + chroma.tobytes())


async def publish(crowd: Crowd) -> None:
    picture: Drawn = Marks(crowd.marks_s) if crowd.marks_s else Person()
    async with contextlib.AsyncExitStack() as stack:
        options = rtc.RoomOptions(auto_subscribe=False, dynacast=crowd.simulcast)
        seats = [await stack.enter_async_context(Seat(one, options)) for one in crowd.seats]
        cameras = [await _open_camera(seat, simulcast=crowd.simulcast) for seat in seats]
        microphones = [await seat.open_microphone() for seat in seats]
        begin = time.monotonic() + LEAD_S
        playing = [asyncio.create_task(speak(one, _line(crowd), begin)) for one in microphones]
        playing.append(asyncio.create_task(_film(cameras, picture, crowd.lasts_s, begin)))
        print(msgspec.json.encode(Began(begin)).decode(), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


def _line(crowd: Crowd) -> Line:
    samples = round(crowd.lasts_s * SAMPLE_RATE)
    if crowd.marks_s:
        line = np.zeros(samples, np.int16)
        marked = round(crowd.marks_s * SAMPLE_RATE)
        line[:marked] = add_beeps(line[:marked])
        return line
    phase = 2 * np.pi * TONE_HZ / SAMPLE_RATE * np.arange(samples)
    tone: Line = (32768 * TONE_LEVEL * np.sin(phase)).astype(np.int16)
    return tone


async def _open_camera(seat: Seat, *, simulcast: bool) -> rtc.VideoSource:
    source = rtc.VideoSource(WIDTH, HEIGHT)
    track = rtc.LocalVideoTrack.create_video_track("camera", source)
    options = rtc.TrackPublishOptions(
        source=rtc.TrackSource.SOURCE_CAMERA,
        video_encoding=rtc.VideoEncoding(max_bitrate=1_700_000, max_framerate=FPS),
        simulcast=simulcast,
    )
    await seat.room.local_participant.publish_track(track, options)
    return source


async def _film(
    cameras: list[rtc.VideoSource], picture: Drawn, lasts_s: float, begin: float
) -> None:
    """Late pictures follow at once; everybody films the same."""
    for number in range(round(lasts_s * FPS)):
        await asyncio.sleep(max(0.0, begin + number / FPS - time.monotonic()))
        frame = rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, picture.draw(number / FPS))
        for camera in cameras:
            camera.capture_frame(frame, timestamp_us=round((begin + number / FPS) * 1e6))


if __name__ == "__main__":
    asyncio.run(publish(msgspec.json.decode(sys.stdin.readline(), type=Crowd)))
