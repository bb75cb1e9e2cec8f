"""Live captions from real speech in real time, through livekit-server and the agents as they run."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from statistics import median

import msgspec

from orchestrator.cli.classroom.script import load_clips
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.cli.hearing import scores, sounds
from orchestrator.cli.hearing.house import House, Line, Played
from orchestrator.cli.hearing.scores import Latencies, Spoken
from orchestrator.cli.hearing.stage import Caption
from orchestrator.cli.probe.media import SAMPLE_RATE

SPEAKERS = 6
# Of one crowd's 140 words 17 % were wrong in one run and 22 in the next, by the same code; of four crowds' 18 and 22.
CROWDS, AT_ONCE = 8, 4
MICROPHONES = 10
NOISE_S = 60.0
# The host's slow moments last for a round or two: of eight in nine minutes the least was 0.0071 core, the most 0.0105.
QUIET_S, ROUNDS = 15.0, 5
# Noises of all kinds, recorded ones twice, make ten microphones: ten minutes of noise in one.
NOISY = 10
MIB = 2**20


class Bars(msgspec.Struct, frozen=True):
    first_p50_s: float = 1.0
    first_p95_s: float = 1.6
    word_p50_s: float = 0.6
    word_p95_s: float = 1.4
    final_p50_s: float = 1.1
    final_p95_s: float = 1.6


BARS = Bars()


async def speech(here: Ground) -> list[Figure]:
    """One speaker."""
    house = House(here)
    sound = sounds.talk(sounds.CLIPS)
    offline = await house.offline(sound)
    played = await house.play([Line(sound)])
    captions = played.seen.captions
    heard, said = scores.heard(captions), _said(sounds.CLIPS)
    live, careful = scores.errors(said, heard), scores.errors(said, _words(offline))
    return [
        *_timing("speech", "one speaker", _latencies(played, [offline])),
        _added("speech", "one speaker", 100 * (live - careful) / len(said)),
        Figure(
            key="speech_wer",
            what="word error rate of live finals",
            value=100 * live / len(said),
            unit="%",
        ),
        _rewritten("speech", "one speaker", captions),
        Figure(
            key="speech_core",
            what="processor per second of speech",
            value=played.used.both_s / _seconds(sound),
            unit="core",
            bar=0.25,
            least=False,
        ),
        Figure(
            key="speech_asr_core",
            what="of that the recogniser",
            value=played.used.asr_s / _seconds(sound),
            unit="core",
        ),
    ]


async def crowd(here: Ground) -> list[Figure]:
    """Six who speak at the same time, each another text."""
    house = House(here)
    names = [_turned(sounds.CLIPS, n) for n in range(SPEAKERS)]
    lines = [sounds.talk(one) for one in names]
    offline = [await house.offline(line) for line in lines]
    played = await house.play([Line(sound, 0.37 * n) for n, sound in enumerate(lines)])
    said = [_said(one) for one in names]
    live = sum(map(scores.errors, said, [scores.heard(own) for own in _by_speaker(played)]))
    careful = sum(map(scores.errors, said, [_words(one) for one in offline]))
    asr, room = house.memory_bytes()
    return [
        *_timing("crowd", f"{SPEAKERS} speakers at once", _latencies(played, offline)),
        _added("crowd", f"{SPEAKERS} at once", 100 * (live - careful) / sum(map(len, said))),
        _rewritten("crowd", f"{SPEAKERS} at once", played.seen.captions),
        Figure(
            key="crowd_core",
            what=f"processor per second of speech, {SPEAKERS} at once",
            value=played.used.both_s / sum(_seconds(sound) for sound in lines),
            unit="core",
            bar=0.25,
            least=False,
        ),
        _memory("asr_mib", "memory of the recogniser", asr, 500),
        _memory("room_mib", "memory of a room's agent", room, 200),
    ]


async def babble(here: Ground) -> list[Figure]:
    """Speakers who are each alone before a room full of voices, at two distances."""
    house, figures = House(here), []
    talk, said = sounds.even_talk(sounds.CLIPS), _said(sounds.CLIPS)
    for snr_db, bar in ((15, 10.0), (10, 20.0)):
        rooms = [Line(sounds.with_babble(talk, snr_db, crowd)) for crowd in range(CROWDS)]
        wrong = 0
        for start in range(0, CROWDS, AT_ONCE):
            played = await house.play(rooms[start : start + AT_ONCE])
            wrong += sum(scores.errors(said, scores.heard(own)) for own in _by_speaker(played))
        figures.append(
            Figure(
                key=f"babble_{snr_db}_wer",
                what=f"word error rate under babble at {snr_db} dB",
                value=100 * wrong / (len(said) * CROWDS),
                unit="%",
                bar=bar,
                least=False,
            )
        )
    return figures


async def noise(here: Ground) -> list[Figure]:
    """Ten minutes of typing, music, engines and hiss, on ten microphones at once; no singing, for that is words."""
    made = [kind(NOISE_S) for kind in sounds.NOISES]
    lines = [Line(made[n % len(made)], after_s=0.1 * n) for n in range(NOISY)]
    played = await House(here).play(lines)
    shown = {caption.segment for caption in played.seen.captions if caption.text}
    return [
        Figure(
            key="noise_captions",
            what="captions in ten minutes of noise",
            value=len(shown),
            unit="",
            bar=0,
            least=False,
        ),
    ]


async def quiet(here: Ground) -> list[Figure]:
    """Open microphones of people who say nothing, with and without what filters the noise of their rooms; medians of rounds."""
    house, silence, tone = House(here), sounds.pause(QUIET_S), sounds.room_tone(QUIET_S)
    silent: list[float] = []
    sending: list[float] = []
    for _ in range(ROUNDS):
        nobody = await house.play([Line(silence)])
        for sound, found in ((silence, silent), (tone, sending)):
            played = await house.play([Line(sound)] * (MICROPHONES + 1))
            found.append((played.used.cores - nobody.used.cores) / MICROPHONES)
    # The bar is a silent one's: LiveKit's client takes 0.009 core by itself for one that sends (ADR 0045).
    return [
        _microphone("quiet", "an open silent microphone", silent, 0.01),
        _microphone("tone", "an open microphone that sends its room's noise", sending, None),
    ]


ROWS: Mapping[str, Callable[[Ground], Awaitable[list[Figure]]]] = {
    "speech": speech,
    "crowd": crowd,
    "babble": babble,
    "noise": noise,
    "quiet": quiet,
}


def _microphone(row: str, which: str, cores: list[float], bar: float | None) -> Figure:
    return Figure(
        key=f"{row}_core",
        what=f"processor for {which}",
        value=median(cores),
        unit="core",
        bar=bar,
        least=False,
    )


def _said(names: Sequence[str]) -> list[str]:
    clips = load_clips(sounds.SPEECH)
    return [word for name in names for word in scores.plain(clips[name].text)]


def _words(spoken: Sequence[Spoken]) -> list[str]:
    return [word for one in spoken for word in scores.plain(one.text)]


def _seconds(sound: sounds.Sound) -> float:
    return len(sound) / SAMPLE_RATE


def _turned(names: Sequence[str], by: int) -> list[str]:
    by %= len(names)
    return [*names[by:], *names[:by]]


def _latencies(played: Played, offline: Sequence[Sequence[Spoken]]) -> Latencies:
    """Of all speakers together."""
    found = []
    began_s = played.seen.began_s
    for captions, start_s, words in zip(_by_speaker(played), began_s, offline, strict=True):
        spoken = [Spoken(w.text, start_s + w.start_s, start_s + w.end_s) for w in words]
        found.append(scores.latencies(spoken, captions))
    return Latencies(
        [s for one in found for s in one.firsts],
        [s for one in found for s in one.words],
        [s for one in found for s in one.finals],
    )


def _by_speaker(played: Played) -> list[list[Caption]]:
    """In the order of the lines."""
    return [[c for c in played.seen.captions if c.speaker == one] for one in played.speakers]


def _added(row: str, who: str, points: float) -> Figure:
    return Figure(
        key=f"{row}_wer_added",
        what=f"word error rate of live finals, {who}, beyond the same model offline",
        value=points,
        unit="points",
        bar=1.5,
        least=False,
    )


def _rewritten(row: str, who: str, captions: Sequence[Caption]) -> Figure:
    return Figure(
        key=f"{row}_rewritten",
        what=f"words rewritten, {who}, per final word",
        value=scores.rewritten(captions) / max(len(scores.heard(captions)), 1),
        unit="",
        bar=0.5,
        least=False,
    )


def _timing(row: str, who: str, found: Latencies) -> list[Figure]:
    kinds = {
        "first": ("first caption after speech begins", found.firsts),
        "word": ("word on the screen after it is spoken", found.words),
        "final": ("final after the end of speech", found.finals),
    }
    return [
        Figure(
            key=f"{row}_{kind}_p{percent}_s",
            what=f"{what}, {who}, p{percent}",
            value=_percentile(values, percent),
            unit="s",
            bar=getattr(BARS, f"{kind}_p{percent}_s"),
            least=False,
        )
        for kind, (what, values) in kinds.items()
        for percent in (50, 95)
    ]


def _percentile(values: list[float], percent: int) -> float:
    """Infinite for nothing: nothing was heard."""
    ordered = sorted(values)
    return (
        ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] if ordered else float("inf")
    )


def _memory(key: str, what: str, used_bytes: int, bar_mib: float) -> Figure:
    return Figure(key=key, what=what, value=used_bytes / MIB, unit="MiB", bar=bar_mib, least=False)
