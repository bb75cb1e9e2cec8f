"""The process that makes what a destination is tried with: two seconds of colour bars and a tone, MPEG-TS on stdout.

It runs by its path, alone: encoding would hold up whoever the control plane serves meanwhile.
"""

import ctypes
import signal
import sys
import time
from fractions import Fraction
from typing import Any

import av
import numpy as np

PR_SET_PDEATHSIG = 1
WIDTH, HEIGHT, FPS = 640, 360, 30
SAMPLE_RATE, SAMPLES = 48_000, 1024
SECONDS = 2
# White, yellow, cyan, green, magenta, red, blue at 75 %: the bars of a test card.
BARS = ((191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191))  # fmt: skip
# A line-up tone: 1 kHz at -18 dBFS.
TONE_HZ, TONE_PEAK = 1000, 0.126
X264 = {"preset": "ultrafast", "tune": "zerolatency", "threads": "1", "g": str(FPS * SECONDS)}


def main() -> int:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        with av.open(sys.stdout.buffer, "w", format="mpegts") as stream:
            video = stream.add_stream("libx264", rate=FPS, options=X264)
            video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            audio = stream.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
            _send(stream, video, audio)
    except BrokenPipeError:  # whoever took them has said why
        return 1
    return 0


def _send(stream: Any, video: Any, audio: Any) -> None:
    """In real time, as a server expects it."""
    picture, began_s, sent = _bars(), time.monotonic(), 0
    for number in range(SECONDS * FPS):
        picture.pts, picture.time_base = number, Fraction(1, FPS)
        stream.mux(video.encode(picture))
        while sent * FPS < (number + 1) * SAMPLE_RATE:
            stream.mux(audio.encode(_tone(sent)))
            sent += SAMPLES
        time.sleep(max(0.0, began_s + (number + 1) / FPS - time.monotonic()))
    for track in (video, audio):
        stream.mux(track.encode(None))


def _bars() -> av.VideoFrame:
    columns = np.arange(WIDTH) * len(BARS) // WIDTH
    row = np.array(BARS, np.uint8)[columns]
    return av.VideoFrame.from_ndarray(np.tile(row, (HEIGHT, 1, 1)), format="rgb24").reformat(
        format="yuv420p"
    )


def _tone(position: int) -> av.AudioFrame:
    """One AAC frame of the tone that starts at sample `position`."""
    times_s = (position + np.arange(SAMPLES)) / SAMPLE_RATE
    wave = (TONE_PEAK * np.sin(2 * np.pi * TONE_HZ * times_s)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts = SAMPLE_RATE, position
    frame.time_base = Fraction(1, SAMPLE_RATE)
    return frame


if __name__ == "__main__":
    sys.exit(main())
