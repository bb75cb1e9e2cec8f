"""A short recorded programme, as the recorder leaves it in the store."""

import io
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

import av

from agents.media.codecs.spec import EncoderSpec
from agents.media.engine import ProgrammeSpec
from agents.media.segmenter import Segmenter
from orchestrator.core.hls.runs import runs
from schema.jobs import JobRecording
from tests.agents.media.studio import BLUE, ORIGIN_S, Studio, flat, tone
from tests.pipelines.builders import ORIGIN

FOLDER = "t/s/programme/1"
LENGTH_S = 9.0
FPS = 10
PROGRAMME = JobRecording(
    id=UUID(int=5),
    kind="programme",
    key=f"{FOLDER}/index.m3u8",
    mime_type="application/vnd.apple.mpegurl",
    started_at_unix_ms=ORIGIN,
    duration_ms=9_000,
)


@cache
def recorded() -> dict[str, bytes]:
    """Objects by key: nine seconds of one colour and a tone, in segments of two seconds."""
    studio = Studio(ProgrammeSpec(EncoderSpec(width=640, height=360, fps=FPS, gop_frames=2 * FPS)))
    files: dict[str, bytes] = {}
    segmenter = Segmenter(lambda name, data: files.update({f"{FOLDER}/{name}": data}), 2.0)
    segmenter.started_at_ns = ORIGIN * 1_000_000
    record(studio, BLUE, LENGTH_S, segmenter)
    return files


def record(
    studio: Studio, color: tuple[int, int, int], length_s: float, segmenter: Segmenter
) -> None:
    """One participant of this colour, with a tone, from the first frame to the end of the recording."""
    studio.engine.add_source("a", "Ada")
    studio.run(
        0.0,
        length_s,
        lambda engine, now_s: engine.push_video("a", flat(color), ORIGIN_S + now_s),
        lambda engine, now_s: engine.push_audio("a", tone(now_s, 0.01), ORIGIN_S + now_s),
    )
    studio.finish()
    for piece in studio.pieces[:-1]:
        segmenter.feed(piece)
    segmenter.close(studio.pieces[-1:], length_s)


@cache
def recorded_as_ts(begins_s: float) -> dict[str, bytes]:
    """The same as LiveKit's own egress leaves it: MPEG-TS whose times begin anywhere, each segment by itself, and a date for each."""
    files = recorded()
    (run,) = runs(files[PROGRAMME.key].decode())
    lines, objects, at_s = ["#EXTM3U", "#EXT-X-VERSION:4", "#EXT-X-TARGETDURATION:2"], {}, 0.0
    for name, length_ms in run.segments.items():
        date = datetime.fromtimestamp(ORIGIN / 1000 + at_s, UTC).isoformat(timespec="milliseconds")
        lines += [f"#EXT-X-PROGRAM-DATE-TIME:{date}", f"#EXTINF:{length_ms / 1000:.3f},"]
        lines.append(name.replace(".m4s", ".ts"))
        segment = files[f"{FOLDER}/{run.header}"] + files[f"{FOLDER}/{name}"]
        objects[f"{FOLDER}/{lines[-1]}"] = _as_ts(segment, begins_s)
        at_s += length_ms / 1000
    return objects | {PROGRAMME.key: "\n".join([*lines, "#EXT-X-ENDLIST\n"]).encode()}


def _as_ts(segment: bytes, begins_s: float) -> bytes:
    written = io.BytesIO()
    with (
        av.open(io.BytesIO(segment), "r", format="mp4") as source,
        av.open(written, "w", format="mpegts") as copy,
    ):
        copies = [copy.add_stream_from_template(stream) for stream in source.streams]
        for packet in source.demux():
            if packet.pts is None or packet.dts is None or packet.time_base is None:
                continue
            ticks = round(begins_s / packet.time_base)
            packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
            packet.stream = copies[packet.stream.index]
            copy.mux(packet)
    return written.getvalue()


def whole() -> bytes:
    """As one file."""
    files = recorded()
    (run,) = runs(files[PROGRAMME.key].decode())
    return b"".join(files[f"{FOLDER}/{name}"] for name in [run.header, *run.segments])
