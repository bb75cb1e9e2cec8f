"""The careful pass on real speech: what it hears, when, and what a broken recording costs."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from agents.asr.engine import SpokenWord, Transcript
from pipelines.kind import Task, Unmakeable
from pipelines.sound import speech
from pipelines.sound.pcm import Samples
from pipelines.transcript import make as transcript
from schema.heard import CarefulPass
from schema.jobs import JobRecording, Parameters, Span, Treatment
from schema.recordings import TranscriptSegment
from tests.pipelines.builders import ORIGIN, caption, person, source
from tests.support.speech import clip, recorded
from tests.support.words import spoken_text, word_error_rate

SILENCE = np.zeros(16_000 * 3, np.int16)


def hear(
    recordings: list[JobRecording],
    objects: dict[str, bytes],
    treatment: Treatment = Treatment(),  # noqa: B008 immutable
) -> tuple[CarefulPass, list[int]]:
    said: list[int] = []
    given = Task(
        replace(source([], recordings=recordings), treatment=treatment),
        {},
        objects.get,
        progress=said.append,
    )
    return msgspec.json.decode(speech.make(given).files["json"], type=CarefulPass), said


def alone(name: str, samples: NDArray[np.int16]) -> CarefulPass:
    recording, objects = recorded(name, samples)
    return hear([recording], objects)[0]


def spoken_until_ms(samples: NDArray[np.int16]) -> int:
    """Where the last loud sample is."""
    return int(np.flatnonzero(np.abs(samples) > 2_000)[-1]) // 16


def text_of(careful: CarefulPass, name: str) -> str:
    own = [u for u in careful.utterances if u.participant_id == person(name)]
    return " ".join(word.text for utterance in own for word in utterance.words)


@pytest.fixture(scope="module")
def reading() -> tuple[CarefulPass, list[int]]:
    """Ada reads for three quarters of a minute; Ben speaks into the middle of it."""
    ada, ada_objects = recorded("Ada", clip("two_cities"))
    ben, ben_objects = recorded("Ben", clip("sense_0870"), start_ms=20_000)
    return hear([ada, ben], ada_objects | ben_objects)


def test_it_hears_nearly_every_word_across_the_segments(
    reading: tuple[CarefulPass, list[int]],
) -> None:
    careful, _ = reading
    assert word_error_rate(spoken_text("two_cities"), text_of(careful, "Ada")) <= 0.08
    assert word_error_rate(spoken_text("sense_0870"), text_of(careful, "Ben")) <= 0.1


def test_words_lie_where_they_were_said_also_where_two_speak_at_once(
    reading: tuple[CarefulPass, list[int]],
) -> None:
    careful, _ = reading
    for name, start_ms, of in (("Ada", 0, "two_cities"), ("Ben", 20_000, "sense_0870")):
        end_ms = start_ms + spoken_until_ms(clip(of))
        words = [w for u in careful.utterances if u.participant_id == person(name) for w in u.words]
        starts = [word.start_unix_ms - ORIGIN for word in words]
        assert starts == sorted(starts)
        assert start_ms <= starts[0] <= start_ms + 1_500
        assert abs(words[-1].end_unix_ms - ORIGIN - end_ms) <= 700


def test_progress_goes_up(reading: tuple[CarefulPass, list[int]]) -> None:
    _, said = reading
    assert said == sorted(said)
    assert said[-1] <= 99


def test_a_broken_segment_costs_its_own_words_and_no_more() -> None:
    recording, objects = recorded("Ada", clip("two_cities"))
    broken, gone = recording.parts[1].key, recording.parts[3].key
    objects[broken] = b"OggS" + bytes(200)
    del objects[gone]
    careful, _ = hear([recording], objects)
    assert careful.unreadable == [broken, gone]
    heard = text_of(careful, "Ada").lower()
    assert "best of times" in heard
    assert "comparison only" in heard
    missing = [(10_500, 19_500), (30_500, 39_500)]
    at = [w.start_unix_ms - ORIGIN for u in careful.utterances for w in u.words]
    assert not [ms for ms in at if any(start < ms < end for start, end in missing)]


def test_what_was_said_while_captions_were_off_is_not_written_down() -> None:
    recording, objects = recorded("Ada", clip("two_cities"))
    off = Span(start_unix_ms=ORIGIN + 5_000, end_unix_ms=ORIGIN + 33_000)
    unread = recording.parts[1].key
    del objects[unread]
    careful, _ = hear([recording], objects, Treatment(silent=(off,)))
    assert unread not in careful.unreadable
    at = [w.start_unix_ms for u in careful.utterances for w in u.words]
    assert at
    # The detector keeps a fifth of a second around speech.
    assert not [ms for ms in at if off.start_unix_ms <= ms < off.end_unix_ms - 300]
    assert "incredulity" not in text_of(careful, "Ada")


def test_of_a_class_without_captions_nothing_is_read() -> None:
    recording, objects = recorded("Ada", clip("sense_0880"))
    objects.clear()
    off = Span(start_unix_ms=0, end_unix_ms=2**53 - 1)
    careful, _ = hear([recording], objects, Treatment(silent=(off,)))
    assert (careful.utterances, careful.speech_ms, careful.unreadable) == ([], 0, [])


def test_a_speaker_is_heard_as_the_class_wants_it() -> None:
    recording, objects = recorded("Ada", clip("sense_0880"))
    asked: list[tuple[str, Sequence[str]]] = []

    def swearing(_: Samples, language: str, glossary: Sequence[str]) -> Transcript:
        asked.append((language, glossary))
        return Transcript("Oh shit.", language, (SpokenWord("shit.", 0.1, 0.4),))

    treatment = Treatment(
        language="de",
        languages={str(person("Ada")): "fr"},
        glossary=("Barton",),
        mask_profanity=True,
    )
    given = replace(source([], recordings=[recording]), treatment=treatment)
    careful = speech.listen(Task(given, {}, objects.get), "any", swearing)
    assert asked == [("fr", ("Barton",))]
    assert text_of(careful, "Ada") == "s***."


def test_a_word_or_two_are_in_the_language_that_the_speaker_was_heard_in() -> None:
    said = [clip("sense_0870"), SILENCE, clip("sense_0880"), SILENCE, clip("sense_0870")]
    recording, objects = recorded("Ada", np.concatenate(said))
    asked: list[str] = []

    def german(_: Samples, language: str, __: Sequence[str]) -> Transcript:
        asked.append(language)
        return Transcript("Ja.", language or "de", (SpokenWord("Ja.", 0.1, 0.4),))

    careful = speech.listen(Task(source([], recordings=[recording]), {}, objects.get), "m", german)
    assert asked == ["", "de", ""]
    assert {utterance.language for utterance in careful.utterances} == {"de"}


def test_a_model_that_is_none_is_for_the_operator() -> None:
    given = Task(source([]), {}, parameters=Parameters(model="huge.fr"))
    with pytest.raises(Unmakeable, match=r"there are: .*tiny\.en"):
        speech.make(given)


def test_silence_and_long_pauses_are_no_words() -> None:
    samples = np.concatenate([SILENCE, clip("sense_0880"), SILENCE, SILENCE, clip("sense_0930")])
    careful = alone("Ada", samples)
    said = f"{spoken_text('sense_0880')} {spoken_text('sense_0930')}"
    assert word_error_rate(said, text_of(careful, "Ada")) <= 0.15
    first = careful.utterances[0].words[0].start_unix_ms - ORIGIN
    assert 2_700 <= first <= 3_800
    assert alone("Ben", SILENCE).utterances == []


def test_the_transcript_gets_better_and_what_a_person_wrote_stays(
    reading: tuple[CarefulPass, list[int]],
) -> None:
    careful, _ = reading
    live = [
        caption(1, "Ada", 200, 6_000, "it was the vest of rhymes it was the worst of time"),
        caption(2, "Ada", 6_100, 12_000, "It was the age of wisdom, wrote Dickens."),
        caption(3, "Ben", 20_100, 27_000, "and mister john dash would had pleasure to consider"),
    ]
    ada, _ = recorded("Ada", clip("two_cities"))
    ben, _ = recorded("Ben", clip("sense_0870"), start_ms=20_000)
    given = source(live, recordings=[ada, ben], corrected=frozenset({"SG_2"}))
    made = transcript.make(Task(given, {"speech": msgspec.json.encode(careful)}))
    spoken = msgspec.json.decode(made.files["json"], type=list[TranscriptSegment])
    by_id = {segment.id: segment for segment in spoken}
    assert "best of times" in by_id["SG_1"].text.lower()
    assert by_id["SG_2"].text == "It was the age of wisdom, wrote Dickens."
    assert word_error_rate(spoken_text("sense_0870"), by_id["SG_3"].text) <= 0.1
    assert [s.start_ms for s in spoken] == sorted(s.start_ms for s in spoken)
    # Ben is heard inside of what Ada reads at the same time.
    around = [s for s in spoken if s.speaker == "Ada" and s.end_ms > by_id["SG_3"].start_ms]
    assert min(s.start_ms for s in around) < by_id["SG_3"].end_ms
    rest = " ".join(s.text for s in spoken if s.speaker == "Ada" and s.id not in {"SG_1", "SG_2"})
    assert "superlative degree of comparison" in rest
    assert (made.recipe.method, made.recipe.model) == (
        "careful pass over live captions",
        careful.model,
    )
