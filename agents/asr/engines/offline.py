"""`python -m agents.asr.engines.offline MODEL FILE...`: hears whole WAV files (mono, 16 bit) with all care; a JSON line for each.

The usual 30 s windows, beam 5: what live captions are held against by `lectern bench captions`.
"""

import sys
from pathlib import Path

import msgspec
from faster_whisper import WhisperModel

from agents.asr.engine import SpokenWord
from agents.asr.engines.whisper import load


class Heard(msgspec.Struct, frozen=True):
    file: str
    words: list[SpokenWord]


def hear(whisper: WhisperModel, file: Path) -> Heard:
    segments, _ = whisper.transcribe(
        str(file), beam_size=5, word_timestamps=True, condition_on_previous_text=False
    )
    words = [word for segment in segments for word in segment.words or ()]
    return Heard(
        str(file),
        [SpokenWord(word.word.strip(), float(word.start), float(word.end)) for word in words],
    )


def main() -> None:
    model, *files = sys.argv[1:]
    whisper = load(model, threads=1)
    for file in files:
        sys.stdout.write(msgspec.json.encode(hear(whisper, Path(file))).decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
