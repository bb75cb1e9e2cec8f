"""The process that tries one destination: two seconds of colour bars and a tone to the RTMP(S) URL, JSON lines on stdout.

It runs by its path, alone: PyAV keeps the GIL while it opens a network output, so a silent peer freezes this process, and
only this one (docs/adr/0005-relay-child.md). The URL comes as a line of stdin, for argv is public.
"""

import ctypes
import json
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
# Without threads of the encoder nobody but the main thread writes to libav's log, and PyAV's capture of it is safe.
X264 = {"preset": "ultrafast", "tune": "zerolatency", "threads": "1", "g": str(FPS * SECONDS)}


def main() -> int:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    url = json.loads(sys.stdin.buffer.readline())["url"]
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture() as logged:
        try:
            _publish(url)
        except (OSError, av.FFmpegError) as error:
            _say(event="failed", errno=error.errno, log=[list(line) for line in logged])
            return 1
    _say(event="finished")
    return 0


def _publish(url: str) -> None:
    with av.open(url, "w", format="flv", options={"flvflags": "no_duration_filesize"}) as peer:
        video = peer.add_stream("libx264", rate=FPS, options=X264)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = peer.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        peer.start_encoding()
        _say(event="accepted")
        _send(peer, video, audio)


def _send(peer: Any, video: Any, audio: Any) -> None:
    """In real time, as a server expects it."""
    picture, began_s, sent = _bars(), time.monotonic(), 0
    for number in range(SECONDS * FPS):
        picture.pts, picture.time_base = number, Fraction(1, FPS)
        peer.mux(video.encode(picture))
        while sent * FPS < (number + 1) * SAMPLE_RATE:
            peer.mux(audio.encode(_tone(sent)))
            sent += SAMPLES
        time.sleep(max(0.0, began_s + (number + 1) / FPS - time.monotonic()))
    for stream in (video, audio):
        peer.mux(stream.encode(None))


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


def _say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
