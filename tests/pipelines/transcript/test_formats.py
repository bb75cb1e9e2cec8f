import re

from hypothesis import given
from hypothesis import strategies as st

from pipelines.transcript.formats import one_line, plain_text, segments, srt, webvtt
from schema.recordings import TranscriptSegment
from tests.pipelines.builders import caption, person, said, source

TEXT = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda t: bool(one_line(t)))
TRANSCRIPTS = st.lists(
    st.builds(
        lambda start, length, text, name: said(start, start + length, text, name),
        st.integers(0, 400_000_000),
        st.integers(1, 60_000),
        TEXT,
        TEXT,
    ),
    max_size=8,
)
CUE_TIME = re.compile(r"(\d{2,}):(\d\d):(\d\d)[.,](\d{3})")


def parse_time(text: str) -> int:
    match = CUE_TIME.fullmatch(text)
    assert match is not None
    hour, minute, second, ms = map(int, match.groups())
    return ((hour * 60 + minute) * 60 + second) * 1000 + ms


def blocks(text: str) -> list[list[str]]:
    return [block.split("\n") for block in re.split(r"\n{2,}", text.strip("\n")) if block]


def times(line: str) -> tuple[int, int]:
    start, end = line.split(" --> ")
    return parse_time(start), parse_time(end)


@given(TRANSCRIPTS)
def test_webvtt_reads_back_as_it_was(transcript: list[TranscriptSegment]) -> None:
    header, *cues = blocks(webvtt(transcript))
    assert header == ["WEBVTT"]
    assert len(cues) == len(transcript)
    for (name, time, text), segment in zip(cues, transcript, strict=True):
        voice = re.fullmatch(r"<v ([^<>]+)>([^<>]+)</v>", text)
        assert voice is not None
        assert name == segment.id
        assert times(time) == (segment.start_ms, segment.end_ms)
        assert voice[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == one_line(
            segment.speaker
        )
        assert voice[2].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == one_line(
            segment.text
        )


@given(TRANSCRIPTS)
def test_srt_reads_back_as_it_was(transcript: list[TranscriptSegment]) -> None:
    cues = blocks(srt(transcript))
    assert [cue[0] for cue in cues] == [str(n + 1) for n in range(len(transcript))]
    for (_, time, text), segment in zip(cues, transcript, strict=True):
        assert times(time) == (segment.start_ms, segment.end_ms)
        assert "-->" not in text
        said_by = f"{one_line(segment.speaker)}: {one_line(segment.text)}"
        assert text == said_by.replace("-->", "→") or "-->" in said_by


def test_segments_are_in_order_on_the_programmes_clock_and_overlaps_stay() -> None:
    made = segments(
        source(
            [
                caption(2, "Ben", 4_000, 6_000, "May I ask?"),
                caption(1, "Ada", 1_000, 5_000, "Good morning."),
            ]
        )
    )
    assert [(s.speaker, s.start_ms, s.end_ms) for s in made] == [
        ("Ada", 1_000, 5_000),
        ("Ben", 4_000, 6_000),
    ]
    assert made[0].words[0].start_ms == 1_000


def test_speech_before_the_programme_is_kept_at_its_start() -> None:
    early = segments(source([caption(1, "Ada", -3_000, -1_000, "Is it on?")]))[0]
    assert (early.start_ms, early.end_ms) == (0, 1)
    assert (early.words[0].start_ms, early.words[0].end_ms) == (0, 0)
    assert early.text == "Is it on?"


def test_somebody_unknown_is_said_to_be_unknown() -> None:
    made = segments(source([caption(1, "Eve", 0, 1_000, "Hello.")]))
    assert made[0].speaker == "Unknown speaker"
    assert made[0].participant_id == person("Eve")


def test_plain_text_has_a_paragraph_for_each_turn_to_speak() -> None:
    text = plain_text(
        [
            said(5_000, 6_000, "Good morning."),
            said(7_000, 9_000, "Sit\ndown."),
            said(9_500, 10_000, "Why?", "Ben"),
            said(3_661_000, 3_662_000, "Because.", "Ben"),
        ]
    )
    assert text.split("\n\n") == [
        "[0:00:05] Ada: Good morning. Sit down.",
        "[0:00:09] Ben: Why?",
        "[1:01:01] Ben: Because.\n",
    ]
    assert plain_text([]) == ""
