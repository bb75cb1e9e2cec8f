"""The transcript in the languages of the installation: what its language model writes, line by line, with subtitles of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from pipelines.kind import Files, Made, Recipe, Task, as_json
from pipelines.text import reading
from pipelines.transcript import model
from pipelines.transcript.formats import one_line, webvtt
from schema.recordings import TranscriptSegment, TranslatedLine, Translation

NOTHING = Recipe("no language to translate into")
# Enough for a sentence to be understood from those around it, and soon answered by a small model.
AT_ONCE = 40
# By language, what was translated before: a correction of one line costs one line.
Known = Mapping[str, Mapping[str, str]]


def make(task: Task) -> Made:
    spoken = reading.transcript(task)
    if not task.ask.model or not task.ask.languages or not spoken:
        return as_json([], NOTHING)
    known, found = _known(task), list[Translation]()
    for n, language in enumerate(task.ask.languages):
        told = _share(task.progress, n, len(task.ask.languages))
        found.append(_translation(task, language, spoken, known.get(language, {}), told))
    recipe = task.ask.recipe([model.TRANSLATION])
    how = replace(recipe, parameters={**recipe.parameters, "languages": list(task.ask.languages)})
    return Made(_files(spoken, found), how)


def _share(tell: Callable[[int], None], n: int, languages: int) -> Callable[[float], None]:
    """Of the job's progress, for the n-th language."""
    return lambda done: tell(int(100 * (n + done) / languages))


def _translation(
    task: Task,
    language: str,
    spoken: Sequence[TranscriptSegment],
    known: Mapping[str, str],
    told: Callable[[float], None],
) -> Translation:
    texts = dict(known)
    missing = list(dict.fromkeys(one.text for one in spoken if one.text not in texts))
    for start in range(0, len(missing), AT_ONCE):
        some = missing[start : start + AT_ONCE]
        texts |= zip(some, model.translated(task.ask, language, some), strict=True)
        told((start + len(some)) / len(missing))
    return Translation(
        language=language,
        lines=[
            TranslatedLine(segment_id=one.id, source=one.text, text=one_line(texts[one.text]))
            for one in spoken
        ],
    )


def _known(task: Task) -> Known:
    key = task.source.done.get("translation")
    content = task.read(key) if key else None
    before = msgspec.json.decode(content or b"[]", type=list[Translation])
    return {one.language: {line.source: line.text for line in one.lines} for one in before}


def _files(spoken: Sequence[TranscriptSegment], found: Sequence[Translation]) -> Files:
    subtitles = {f"{one.language}.vtt": webvtt(_spoken_in(spoken, one)).encode() for one in found}
    return {"json": msgspec.json.encode(found), **subtitles}


def _spoken_in(
    spoken: Sequence[TranscriptSegment], translation: Translation
) -> Iterator[TranscriptSegment]:
    for segment, line in zip(spoken, translation.lines, strict=True):
        yield replace(segment, text=line.text, words=[])
