"""Segments of a recording in, the same with captions drawn into the picture out: one GOP at a time, the sound untouched."""

import io
from collections.abc import Callable
from typing import Any, cast

import av
from av.bitstream import BitStreamFilterContext
from av.video.frame import PictureType

from agents.media.mux import MP4_OPTIONS, Piece, pieces
from agents.media.picture import bars
from agents.media.picture.canvas import Canvas, Overlay
from agents.media.sink import Sink
from pipelines.film.cues import LINES, Texts

# Nobody waits for a picture here, so that x264 may look ahead and give each as many bits as it needs. Keyframes are where the
# recording has them.
X264 = {
    "preset": "veryfast",
    "crf": "22",
    "profile": "main",
    "bf": "0",
    "threads": "2",
    "x264-params": "scenecut=0:open-gop=0:keyint=infinite",
}

# What is shown at a time, in seconds from the first frame.
Shown = Callable[[float], Texts]


class Press:
    """`first` is a segment behind its header; those that follow are like it. Raises av.FFmpegError, IndexError where it can't be read.

    `container` is libav's name of what holds them, `gops` is how many were begun.
    """

    def __init__(self, first: bytes, container: str) -> None:
        self.gops = 0
        self._container = container
        self._drawn: tuple[Texts, Overlay | None] = ((), None)
        self._sink = Sink()
        self._film = av.open(self._sink, "w", format="mp4", options=MP4_OPTIONS)
        with self._open(first) as source:
            self._video = self._picture_of(source.streams.video[0])
            self._audio = [self._film.add_stream_from_template(a) for a in source.streams.audio[:1]]
            # In MPEG-TS every packet of AAC has a header of its own, which MP4 takes as part of the sound.
            self._bare = [
                BitStreamFilterContext("aac_adtstoasc", stream)
                for stream in source.streams.audio[:1]
                if container == "mpegts"
            ]
        self._canvas = Canvas(self._video.width, self._video.height)
        self.area = self._canvas.area

    def _open(self, segment: bytes) -> av.container.InputContainer:
        return av.open(io.BytesIO(segment), "r", format=self._container)

    def _picture_of(self, source: av.VideoStream) -> av.VideoStream:
        rate = source.average_rate or source.guessed_rate
        video = self._film.add_stream("libx264", rate=rate, options=X264)
        video.width, video.height = source.width, source.height
        video.pix_fmt = "yuv420p"
        if source.time_base:
            video.codec_context.time_base = source.time_base
        return video

    def feed(self, segment: bytes, shown: Shown, delay_s: float = 0.0) -> None:
        """One more, behind its header, so much later than it says; what could be read of it is in.

        Raises av.FFmpegError, IndexError.
        """
        key = True
        with self._open(segment) as source:
            source.streams.video[0].codec_context.thread_count = 1
            for packet in source.demux():
                if packet.stream.type == "video":
                    for frame in cast("list[av.VideoFrame]", packet.decode()):
                        _delay(frame, delay_s)
                        self._take(self._captioned(frame, shown(frame.time or 0.0)), key=key)
                        key = False
                elif packet.pts is not None and self._audio:
                    _delay(packet, delay_s)
                    self._copy(packet)

    def begins_s(self, segment: bytes) -> float:
        """By its own times. Raises av.FFmpegError."""
        with self._open(segment) as source:
            return (source.start_time or 0) / av.time_base

    def ready(self) -> list[Piece]:
        """All since the last time: the header, once, and whole GOPs."""
        return list(pieces(self._sink.take()))

    def close(self) -> list[Piece]:
        """What the encoder still held."""
        self._film.mux(self._video.encode(None))
        self._film.close()
        return self.ready()

    def _copy(self, packet: "av.Packet[Any]") -> None:
        for bare in self._bare[0].filter(packet) if self._bare else [packet]:
            bare.stream = self._audio[0]
            self._film.mux(bare)

    def _take(self, picture: av.VideoFrame, *, key: bool) -> None:
        self.gops += key
        picture.pict_type = PictureType.I if key else PictureType.NONE
        self._film.mux(self._video.encode(picture))

    def _captioned(self, frame: av.VideoFrame, texts: Texts) -> av.VideoFrame:
        overlay = self._overlay(texts)
        if overlay is None:
            return frame
        canvas = self._canvas
        canvas.lift()
        canvas.stamp(frame.reformat(format="yuv420p"), 0, 0)
        canvas.lay([overlay])
        canvas.frame.pts, canvas.frame.time_base = frame.pts, frame.time_base
        return canvas.frame

    def _overlay(self, texts: Texts) -> Overlay | None:
        """Drawn once for as long as it is shown."""
        if texts != self._drawn[0]:
            self._drawn = texts, bars.captions(self.area, texts, LINES * len(texts))
        return self._drawn[1]


def _delay(timed: "av.VideoFrame | av.Packet[Any]", delay_s: float) -> None:
    if timed.pts is None or timed.time_base is None:
        return
    ticks = round(delay_s / timed.time_base)
    timed.pts += ticks
    if timed.dts is not None and isinstance(timed, av.Packet):
        timed.dts += ticks
