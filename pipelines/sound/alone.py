"""`python -m pipelines.sound.alone MODEL FOLDER`: hears a folder of closed segments, each ten seconds, as the careful pass does.

What `lectern bench artifacts` measures; the answer is one JSON line.
"""

import sys
import time
from pathlib import Path
from uuid import UUID

import msgspec

from agents.asr.registry import load_engine
from pipelines.kind import Task
from pipelines.sound.speech import listen
from schema.jobs import ArtifactInput, JobRecording, RecordingPart

SEGMENT_MS = 10_000


class Cost(msgspec.Struct, frozen=True):
    """Processor seconds of this whole process, loading the model included."""

    processor_s: float
    speech_s: float
    words: int


def hear(model: str, folder: Path) -> Cost:
    """Raises agents.asr.engines.models.ModelRefused."""
    task = Task(_source(folder), {}, lambda key: (folder / key).read_bytes())
    careful = listen(task, model, load_engine(model, 1).final)
    words = sum(len(one.words) for one in careful.utterances)
    return Cost(time.process_time(), careful.speech_ms / 1000, words)


def _source(folder: Path) -> ArtifactInput:
    names = sorted(file.name for file in folder.glob("*.ogg"))
    nobody = UUID(int=0)
    recording = JobRecording(
        id=nobody,
        kind="speaker",
        key="",
        mime_type="audio/ogg",
        started_at_unix_ms=0,
        duration_ms=len(names) * SEGMENT_MS,
        participant_id=nobody,
        parts=tuple(
            RecordingPart(key=name, started_at_unix_ms=n * SEGMENT_MS, duration_ms=SEGMENT_MS)
            for n, name in enumerate(names)
        ),
    )
    return ArtifactInput(
        session_id=nobody,
        tenant_id=nobody,
        title="",
        origin_unix_ms=0,
        ended_unix_ms=0,
        last_sequence=0,
        speakers={},
        captions=[],
        recordings=[recording],
        done={},
    )


def main() -> None:
    model, folder = sys.argv[1:]
    sys.stdout.write(msgspec.json.encode(hear(model, Path(folder))).decode() + "\n")


if __name__ == "__main__":
    main()
