"""Translations: of each line one, asked for in parts, and after a correction for what is new only."""

import json
from collections.abc import Callable

import msgspec
import pytest

from pipelines.kind import Ask, Made, Task, Unwritten
from pipelines.transcript import translation
from pipelines.transcript.model import MISSED
from schema.recordings import TranscriptSegment, Translation
from tests.pipelines.builders import said, source

LESSON = [said(n * 2_000, n * 2_000 + 1_500, f"Line {n} <of> it.") for n in range(90)]


class Model:
    """Writes each line in capitals with the language before it; `tells` says how it answers a list."""

    def __init__(self, tells: Callable[[list[str]], list[str]] = lambda lines: lines) -> None:
        self.asked: list[list[str]] = []
        self._tells = tells

    def put(self, prompt: str, text: str) -> str:
        language = prompt.partition("the code ")[2].partition(".")[0]
        lines = json.loads(text)
        self.asked.append(lines)
        told = self._tells([f"{language}: {line.upper()}" for line in lines])
        return f"Here you are: {json.dumps({'lines': told})}"

    def make(
        self, spoken: list[TranscriptSegment], *languages: str, before: Made | None = None
    ) -> Made:
        """Also `before` the transcript was made anew."""
        done = {"translation": "t/s/old.json"} if before else {}
        task = Task(
            source([], done=done),
            {"transcript": msgspec.json.encode(spoken)},
            read=lambda key: before.files["json"] if before and key == "t/s/old.json" else None,
            ask=Ask("small", self.put, languages),
        )
        return translation.make(task)


def translations(made: Made) -> list[Translation]:
    return msgspec.json.decode(made.files["json"], type=list[Translation])


def test_every_line_is_there_in_every_language_with_its_subtitles() -> None:
    model = Model()
    made = model.make(LESSON, "de", "pt-BR")
    assert set(made.files) == {"json", "de.vtt", "pt-BR.vtt"}
    german, portuguese = translations(made)
    assert (german.language, portuguese.language) == ("de", "pt-BR")
    assert [line.segment_id for line in german.lines] == [one.id for one in LESSON]
    assert german.lines[7].text == "de: LINE 7 <OF> IT."
    assert portuguese.lines[7].text == "pt-BR: LINE 7 <OF> IT."
    subtitles = made.files["de.vtt"].decode()
    assert subtitles.count("-->") == 90
    assert "de: LINE 7 &lt;OF&gt; IT." in subtitles
    assert max(len(lines) for lines in model.asked) == translation.AT_ONCE
    assert made.recipe.model == "small"


def test_a_corrected_line_is_translated_alone() -> None:
    before = Model().make(LESSON, "de")
    corrected = [*LESSON[:5], said(10_000, 11_500, "Something else."), *LESSON[6:]]
    model = Model()
    (german,) = translations(model.make(corrected, "de", before=before))
    assert model.asked == [["Something else."]]
    assert german.lines[5].text == "de: SOMETHING ELSE."
    assert german.lines[6].text == "de: LINE 6 <OF> IT."


def test_a_model_that_miscounts_is_asked_for_less() -> None:
    model = Model(lambda lines: lines if len(lines) <= 10 else lines[1:])
    (german,) = translations(model.make(LESSON, "de"))
    assert [line.text for line in german.lines] == [f"de: {one.text.upper()}" for one in LESSON]


@pytest.mark.parametrize("tells", [lambda _: [], lambda lines: [*lines, "And more."]])
def test_a_model_that_cannot_count_to_one_fails_the_job(
    tells: Callable[[list[str]], list[str]],
) -> None:
    with pytest.raises(Unwritten, match=MISSED):
        Model(tells).make(LESSON, "de")


def test_without_languages_nothing_is_asked() -> None:
    model = Model()
    made = model.make(LESSON)
    assert (made.files, model.asked) == ({"json": b"[]"}, [])
    assert made.recipe.model == ""
