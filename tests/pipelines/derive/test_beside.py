"""What is made of things beside the speech: slides, hands, chat, polls, and how much each spoke."""

from uuid import UUID

import msgspec

from pipelines.derive import search, slides, statistics
from pipelines.derive.highlights import highlights
from pipelines.derive.stir import stirs
from pipelines.kind import Task
from schema.heard import SoundHeard, SoundKind
from schema.jobs import Deck, JobRecording, Sign, SignKind
from schema.recordings import ClassStatistics, SearchEntry, SlideShown, TranscriptSegment
from tests.pipelines.builders import ORIGIN, person, said, source

DECK = Deck(id=UUID(int=8), name="Cells.pdf", key="t/s/assets/8", pages=3)
PROGRAMME = JobRecording(
    id=UUID(int=5),
    kind="programme",
    key="t/s/programme/1/index.m3u8",
    mime_type="application/vnd.apple.mpegurl",
    started_at_unix_ms=ORIGIN,
    duration_ms=100_000,
)


def sign(kind: SignKind, at_ms: int, text: str = "", key: int = 1, who: str = "Ben") -> Sign:
    return Sign(
        kind=kind,
        at_unix_ms=ORIGIN + at_ms,
        id=UUID(int=key),
        participant_id=person(who),
        text=text,
    )


def sound(kind: SoundKind, at_ms: int, who: str) -> SoundHeard:
    at = ORIGIN + at_ms
    return SoundHeard(
        kind=kind,
        participant_id=person(who),
        start_unix_ms=at,
        end_unix_ms=at + 960,
        confidence=0.5,
    )


def shown() -> list[SlideShown]:
    signs = (
        sign("slide", 5_000, f"{DECK.id}:1"),
        sign("slide", 20_000, f"{DECK.id}:2"),
        sign("slide", 20_400, f"{DECK.id}:3"),
        sign("slide", 60_000, ""),
    )
    given = source([], recordings=[PROGRAMME], signs=signs, decks=(DECK,))
    pages = msgspec.json.encode(["The cell\nMembrane and nucleus", "Skipped", ""])
    made = slides.make(Task(given, {}, {"t/s/assets/8/text.json": pages}.get))
    return msgspec.json.decode(made.files["json"], type=list[SlideShown])


def test_slides_stand_with_their_text_for_as_long_as_they_were_shown() -> None:
    first, last = shown()
    assert (first.page, first.start_ms, first.end_ms) == (1, 5_000, 20_000)
    assert (first.title, first.text) == ("The cell", "The cell\nMembrane and nucleus")
    assert first.thumbnail_key == "t/s/assets/8/0001.small.webp"
    # Page 2 was leafed through in less than a second.
    assert (last.page, last.start_ms, last.end_ms, last.title) == (3, 20_400, 60_000, "")


def test_what_can_be_found_has_its_second_and_its_author() -> None:
    spoken = [said(1_000, 4_000, "The membrane of a cell.")]
    signs = (sign("chat", 7_000, "Like a wall?", 2), sign("question", 9_000, "Why?", 3))
    made = search.make(
        Task(
            source([], signs=signs),
            {"transcript": msgspec.json.encode(spoken), "slides": msgspec.json.encode(shown())},
        )
    )
    found = msgspec.json.decode(made.files["json"], type=list[SearchEntry])
    assert [(e.kind, e.start_ms, e.speaker) for e in found] == [
        ("transcript", 1_000, "Ada"),
        ("slide", 5_000, "Cells.pdf"),
        ("chat", 7_000, "Ben"),
        ("question", 9_000, "Ben"),
    ]


def test_what_stirs_the_class_makes_a_highlight_and_says_why() -> None:
    talk = [said(n * 30_000, n * 30_000 + 8_000, f"Now we just go on, part {n}.") for n in range(6)]
    signs = [sign("hand", 91_000 + n, who=f"P{n}") for n in range(3)]
    signs += [sign("chat", 121_000 + n * 100, "wow") for n in range(8)]
    signs += [sign("poll", 151_000, "Which?")]
    made = highlights(talk, stirs(signs, ORIGIN))
    assert {h.start_ms: h.reason for h in made} == {
        90_000: "3 hands go up.",
        120_000: "8 messages at once.",
        150_000: "A poll opens.",
    }


def test_reactions_laughter_and_applause_stir_the_class() -> None:
    talk = [said(n * 30_000, n * 30_000 + 8_000, f"Now we just go on, part {n}.") for n in range(6)]
    signs = [sign("reaction", 31_000 + n, "laugh", who=f"P{n}") for n in range(3)]
    signs += [sign("reaction", 32_000, "heart"), sign("reaction", 61_000, "thinking")]
    sounds = [
        *(sound("laughter", 95_000 + 900 * n, who) for n, who in enumerate(("Ada", "Ben", "Ada"))),
        sound("applause", 155_000, "Cy"),
    ]
    made = highlights(talk, stirs(signs, ORIGIN, sounds))
    assert {h.start_ms: h.reason for h in made} == {
        30_000: "4 reactions, most often laugh.",
        90_000: "Laughter of 2 people.",
        150_000: "Applause.",
    }


def test_the_more_laugh_the_more_it_counts_up_to_a_bound() -> None:
    def weight(people: int) -> float:
        sounds = [sound("laughter", 100 * n, f"P{n}") for n in range(people)]
        (stir,) = stirs([], ORIGIN, sounds)
        return stir.weight

    assert weight(1) < weight(2) < weight(3) < weight(4) == weight(40)


def test_a_class_that_always_chats_has_no_burst_of_chat() -> None:
    steady = [sign("chat", n * 2_000, "hm") for n in range(300)]
    assert stirs(steady, ORIGIN) == []
    wanted = [sign("question", 5_000, "Why?", 9), *(sign("upvote", 6_000, key=9) for _ in range(4))]
    (stir,) = stirs(wanted, ORIGIN)
    assert (stir.at_ms, stir.what) == (5_000, "a question with 4 votes")


def test_a_question_that_comes_again_is_marked() -> None:
    talk = [
        said(0, 5_000, "What is the mitochondria of a cell?", "Ben"),
        said(30_000, 35_000, "Let us look at something else for now."),
        said(60_000, 65_000, "The mitochondria of a cell, what is it?", "Cy"),
    ]
    reasons = [h.reason for h in highlights(talk)]
    assert sum("asked more than once" in reason for reason in reasons) == 2


def test_how_much_each_spoke_adds_up_also_where_two_spoke_at_once() -> None:
    spoken: list[TranscriptSegment] = [
        said(0, 10_000, "one two three four five six"),
        said(5_000, 15_000, "seven eight?", "Ben"),
        said(20_000, 30_000, "nine ten"),
    ]
    given = source(
        [], recordings=[PROGRAMME], signs=(sign("hand", 4_000), sign("chat", 5_000, "x"))
    )
    made = statistics.make(Task(given, {"transcript": msgspec.json.encode(spoken)}))
    found = msgspec.json.decode(made.files["json"], type=ClassStatistics)
    assert (found.spoken_ms, found.overlap_ms, found.silence_ms) == (30_000, 5_000, 75_000)
    ada, ben = found.speakers
    assert (ada.speaker, ada.spoken_ms, ada.words, ada.turns) == ("Ada", 20_000, 8, 2)
    assert (ben.questions, ben.messages, ben.hands, ben.share) == (1, 1, 1, 0.3333)
    assert ada.words_per_minute == 24
