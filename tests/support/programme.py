"""A short recorded programme, as the recorder leaves it in the store."""

from functools import cache
from uuid import UUID

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


def whole() -> bytes:
    """As one file."""
    files = recorded()
    (run,) = runs(files[PROGRAMME.key].decode())
    return b"".join(files[f"{FOLDER}/{name}"] for name in [run.header, *run.segments])
