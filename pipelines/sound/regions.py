"""Where there is speech, in regions that a recogniser hears at once; the neural VAD decides, with all of the sound before it."""

import msgspec

from pipelines.sound.pcm import RATE_HZ, Samples

# Whisper hears 30 s at once; longer regions hear better than many short ones, for they carry more context.
LONGEST_S = 28
JOIN_S = 1.5
PAD_MS = 200
PAUSE_MS = 500


class Region(msgspec.Struct, frozen=True):
    """In samples; `open` when speech goes on at the end of the sound."""

    start: int
    end: int
    open: bool


def regions(samples: Samples, *, cut: bool) -> list[Region]:
    """`cut` says that the sound goes on behind its end."""
    found: list[Region] = []
    for start, end in _speech(samples):
        reaches_end = cut and end >= len(samples) - RATE_HZ // 2
        last = found[-1] if found else None
        near = last is not None and start - last.end <= JOIN_S * RATE_HZ
        if last is not None and near and end - last.start <= LONGEST_S * RATE_HZ:
            found[-1] = Region(last.start, end, reaches_end)
        else:
            found.append(Region(start, end, reaches_end))
    return found


def _speech(samples: Samples) -> list[tuple[int, int]]:
    from faster_whisper.vad import VadOptions, get_speech_timestamps  # noqa: PLC0415 loads onnxruntime

    options = VadOptions(
        max_speech_duration_s=LONGEST_S,
        min_silence_duration_ms=PAUSE_MS,
        speech_pad_ms=PAD_MS,
    )
    return [(int(s["start"]), int(s["end"])) for s in get_speech_timestamps(samples, options)]
