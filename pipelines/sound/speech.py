"""The careful pass: each speaker's own recording heard again, with time to look ahead; the words on one clock."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np

from agents.asr.engine import Engine, Transcript
from agents.asr.profanity import masked
from pipelines.kind import Made, Recipe, Task, Unmakeable, as_json
from pipelines.sound.pcm import GAP_MS, RATE_HZ, Samples, Stretch, stretches
from pipelines.sound.quiet import Voices, muted
from pipelines.sound.regions import LONGEST_S, regions
from schema.events import Word
from schema.heard import CarefulPass, Utterance
from schema.jobs import JobRecording, Treatment

DEFAULT_MODEL = "tiny.en"
# Of less speech a model takes one language for another.
ENOUGH_S = 5


Hear = Callable[[Samples, str, Sequence[str]], Transcript]


def make(task: Task) -> Made:
    model = task.parameters.model or DEFAULT_MODEL
    careful = listen(task, model, _engine(model).final)
    return as_json(careful, _recipe(task.source.treatment, careful))


def _recipe(treatment: Treatment, careful: CarefulPass) -> Recipe:
    parameters = {
        **msgspec.to_builtins(treatment),
        "windowS": LONGEST_S,
        "unreadableSegments": len(careful.unreadable),
    }
    return Recipe("careful pass over the speakers' recordings", careful.model, parameters)


def _engine(model: str) -> Engine:
    """Takes seconds and hundreds of megabytes. Raises Unmakeable, with what the operator can do about it."""
    from agents.asr.engines.models import ModelRefused  # noqa: PLC0415 loads the recogniser
    from agents.asr.registry import load_engine  # noqa: PLC0415 as above

    try:
        return load_engine(model, 1)
    except ModelRefused as refusal:
        raise Unmakeable(str(refusal)) from refusal


def listen(task: Task, model: str, hear: Hear) -> CarefulPass:
    """`hear` is given at most 28 s at once."""
    treatment = task.source.treatment
    voices = Voices(task)
    unreadable: list[str] = []
    utterances: list[Utterance] = []
    speech_ms = 0
    for recording in voices:
        language, known = _language(treatment, recording), Counter[str]()
        for start_ms, samples in _spoken(recording, task, unreadable):
            speech_ms += len(samples) * 1000 // RATE_HZ
            hearing = hear(samples, language or _guess(known, samples), treatment.glossary)
            known[hearing.language] += len(samples)
            utterances += _utterance(recording, start_ms, hearing, treatment)
            voices.heard_until(start_ms)
    return CarefulPass(model, utterances, speech_ms, unreadable)


def _spoken(
    recording: JobRecording, task: Task, unreadable: list[str]
) -> Iterator[tuple[int, Samples]]:
    """Start (Unix ms) and sound of each region with speech; one that runs over the end of a stretch waits for the next."""
    rest: Stretch | None = None
    for stretch in stretches(recording, task.read, unreadable):
        if rest is not None and stretch.start_unix_ms - rest.end_unix_ms > GAP_MS:
            yield rest.start_unix_ms, rest.samples
            rest = None
        quiet = muted(stretch, task.source.treatment.silent)
        whole = quiet if rest is None else _after(rest, quiet)
        found, rest = regions(whole.samples, cut=whole.cut), None
        if whole.cut and found and found[-1].open:
            begin = found.pop().start
            rest = Stretch(whole.start_unix_ms + _ms(begin), whole.samples[begin:], cut=True)
        for region in found:
            yield whole.start_unix_ms + _ms(region.start), whole.samples[region.start : region.end]
    if rest is not None:
        yield rest.start_unix_ms, rest.samples


def _after(rest: Stretch, stretch: Stretch) -> Stretch:
    gap = max(0, stretch.start_unix_ms - rest.end_unix_ms) * RATE_HZ // 1000
    parts = [rest.samples, np.zeros(gap, np.float32), stretch.samples]
    return Stretch(rest.start_unix_ms, np.concatenate(parts), stretch.cut)


def _ms(samples: int) -> int:
    return samples * 1000 // RATE_HZ


def _utterance(
    recording: JobRecording, start_ms: int, hearing: Transcript, treatment: Treatment
) -> list[Utterance]:
    words = [
        Word(
            start_unix_ms=start_ms + round(word.start_s * 1000),
            end_unix_ms=start_ms + round(word.end_s * 1000),
            text=masked(word.text) if treatment.mask_profanity else word.text,
        )
        for word in hearing.words
    ]
    if not words or recording.participant_id is None:
        return []
    return [Utterance(recording.id, recording.participant_id, hearing.language, words)]


def _language(treatment: Treatment, recording: JobRecording) -> str:
    """What this person chose, else the class; empty for automatic."""
    return treatment.languages.get(str(recording.participant_id), treatment.language)


def _guess(known: Counter[str], samples: Samples) -> str:
    """The speaker's usual language for a word or two, which could be any; empty where there is enough to hear it."""
    if not known or len(samples) >= ENOUGH_S * RATE_HZ:
        return ""
    return known.most_common(1)[0][0]
