"""The teacher's camera: slides that turn, a marker that moves, and the white flash of the sync marks; 1280x720 I420."""

from collections.abc import Sequence

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from orchestrator.cli.probe.sync import FLASH_S, PERIOD_S

WIDTH, HEIGHT, FPS = 1280, 720, 25
# Slides turn at 5 s, 15 s, ...: between two marks, because the encoder drops frames when everything changes at once.
SLIDE_S, FIRST_TURN_S = 10.0, 5.0
BACKGROUND = (24, 34, 52)
INK = (190, 205, 225)  # stays below the luma that counts as a flash
FLASH = np.s_[20:100, :]
TRACK_TOP, MARKER = 660, 40
MARKER_LUMA, TRACK_LUMA = 170, 60
MARKER_SPEED = 240  # pixels a second

Plane = NDArray[np.uint8]


class Picture:
    """Draws into one buffer that it keeps: only what moves is touched, because encoding needs the processor more."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._slides = [slide(number, title) for number, title in enumerate(titles, start=1)]
        self._shown = -1
        self.buffer = bytearray(WIDTH * HEIGHT * 3 // 2)
        self._all: Plane = np.frombuffer(self.buffer, np.uint8)
        self._luma = self._all[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)

    def draw(self, at_s: float) -> bytearray:
        """The picture at `at_s` seconds; the same buffer each time."""
        number = int((at_s + SLIDE_S - FIRST_TURN_S) / SLIDE_S) % len(self._slides)
        if number != self._shown:
            self._all[:] = self._slides[number]
            self._shown = number
        template = self._slides[number][: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)
        self._luma[FLASH] = 235 if flashing(at_s) else template[FLASH]
        left = int(at_s * MARKER_SPEED) % (WIDTH - MARKER)
        track = self._luma[TRACK_TOP : TRACK_TOP + MARKER]
        track[:] = TRACK_LUMA
        track[:, left : left + MARKER] = MARKER_LUMA
        return self.buffer


def flashing(at_s: float) -> bool:
    return at_s % PERIOD_S < FLASH_S


def slide(number: int, title: str) -> Plane:
    image = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    pen = ImageDraw.Draw(image)
    pen.text((90, 150), f"Slide {number}", INK, ImageFont.load_default(40))
    pen.multiline_text((90, 260), title, INK, ImageFont.load_default(72), spacing=24)
    frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
    return frame.reformat(format="yuv420p").to_ndarray().reshape(-1).astype(np.uint8)
