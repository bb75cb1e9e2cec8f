"""The bar for each thing that a class shows, and the table of both."""

from collections.abc import Iterator
from math import inf

import msgspec
from rich.console import Console
from rich.table import Table

from orchestrator.cli.demo.facts import Captions, Destination, Facts, Log, Output
from schema.jobs import FIRST

# The bars. Where a fact sheet of the design gives one it is taken; the others are what a class would notice.
JOIN_S = 3.0
FIRST_CAPTION_S = 2.5
WER = 0.15
SYNC_MS = 80.0
GOP_S, GOP_TOLERANCE_S = 2.0, 0.020
FPS = 29.5
MARKS = 0.90
LIVE_S = 15.0
REPLAY_S = 15.0
TRANSCRIPT_MS = 500.0
RECORDING_SHORT_S = 4.0
DOWN = {"retrying", "failed"}


class Row(msgspec.Struct, frozen=True):
    key: str
    name: str
    value: str
    bar: str
    holds: bool


def rows(facts: Facts) -> list[Row]:
    return [
        Row("setup_s", "set-up", f"{facts.setup_s:.1f} s", "-", True),
        Row("receiver", "destinations are", facts.receiver, "-", True),
        *_joins(facts),
        *_captions(facts.captions),
        *(row for place in facts.live for row in _destination(place)),
        _refused(facts.refused),
        *_replay(facts),
        *_log(facts.log),
    ]


def _joins(facts: Facts) -> Iterator[Row]:
    for who, took in facts.joins_s.items():
        yield Row(f"join_{who}_s", f"join: {who}", f"{took:.2f} s", *at_most(took, JOIN_S, "s"))


def _captions(found: Captions) -> Iterator[Row]:
    first, wer, asked = found.first_s, found.wer_teacher, found.wer_student
    yield Row(
        "first_caption_s",
        "first caption after speech",
        f"{first:.2f} s",
        f"0 to {FIRST_CAPTION_S:g} s",
        0 <= first <= FIRST_CAPTION_S,
    )
    yield Row("wer_teacher", "word error rate, teacher", f"{wer:.3f}", *at_most(wer, WER))
    yield Row("wer_student", "word error rate, question", f"{asked:.3f}", *at_most(asked, WER))
    said = "yes" if found.legacy_agrees else "no"
    yield Row("captions_legacy", "older clients get the same", said, "yes", found.legacy_agrees)


def _destination(place: Destination) -> Iterator[Row]:
    key = name = place.name
    after = inf if place.live_after_s is None else place.live_after_s
    yield Row(
        f"{key}_live_s", f"{name}: live after start", f"{after:.1f} s", *at_most(after, LIVE_S, "s")
    )
    steady = place.statuses[-1:] == ["live"] and set(place.statuses) <= {
        "idle",
        "connecting",
        "live",
    }
    unbroken = steady and place.connections == 1
    shown = f"{' > '.join(place.statuses)}, {place.connections} connection(s)"
    yield Row(f"{key}_unbroken", f"{name}: unbroken", shown, "live to the end, 1", unbroken)
    if place.output is None:
        yield Row(f"{key}_output", f"{name}: programme", "nothing received", "a programme", False)
    else:
        yield from _output(key, name, place.output)


def _output(key: str, name: str, got: Output) -> Iterator[Row]:
    shape = f"{got.codec} {got.width}x{got.height}"
    yield Row(
        f"{key}_shape", f"{name}: picture", shape, "h264/aac 1280x720", shape == "h264/aac 1280x720"
    )
    missing = f"{got.frames} in {got.duration_s:.1f} s, gaps {got.frame_gaps}/{got.sound_gaps}, bad {got.decode_errors}"
    whole = got.frame_gaps == got.sound_gaps == got.decode_errors == 0
    yield Row(
        f"{key}_frames", f"{name}: frames, gaps video/sound", missing, "gaps 0/0, bad 0", whole
    )
    yield Row(f"{key}_fps", f"{name}: frame rate", f"{got.fps:.2f}", f">= {FPS}", got.fps >= FPS)
    low, high = got.gop_s
    even = abs(low - GOP_S) <= GOP_TOLERANCE_S and abs(high - GOP_S) <= GOP_TOLERANCE_S
    yield Row(
        f"{key}_gop_s",
        f"{name}: key frames every",
        f"{low:.3f} to {high:.3f} s",
        "2.000 ± 0.020 s",
        even,
    )
    together = abs(got.offset_ms) <= SYNC_MS and got.most_offset_ms <= SYNC_MS
    yield Row(
        f"{key}_sync_ms",
        f"{name}: picture after sound",
        f"{got.offset_ms:+.0f} ms; 90 % {got.most_offset_ms:.0f}, worst {got.worst_offset_ms:.0f}",
        f"median and 90 % ± {SYNC_MS:.0f} ms",
        together,
    )
    share = got.marks_seen / got.marks_sent
    yield Row(
        f"{key}_marks",
        f"{name}: sync marks seen",
        f"{got.marks_seen} of {got.marks_sent}",
        f">= {MARKS:.0%}",
        share >= MARKS,
    )


def _refused(place: Destination) -> Row:
    holds = "live" not in place.statuses and bool(DOWN & set(place.statuses[-1:]))
    shown = f"{' > '.join(place.statuses)}, {place.attempt} attempts"
    return Row("refused", f"{place.name} (closed port)", shown, "retrying or failed", holds)


def _replay(facts: Facts) -> Iterator[Row]:
    replay = facts.replay
    took = replay.complete_after_s
    yield Row(
        "replay_s",
        "replay complete after the end",
        f"{took:.1f} s, {replay.state}",
        f"<= {REPLAY_S:.0f} s, ready",
        took <= REPLAY_S and replay.state == "ready",
    )
    states = ", ".join(f"{kind} {state}" for kind, state in sorted(replay.artifacts.items()))
    first = {replay.artifacts.get(kind) for kind in FIRST}
    yield Row(
        "artifacts", "artifacts", states, f"{', '.join(sorted(FIRST))} done", first == {"done"}
    )
    least = facts.lesson_s - RECORDING_SHORT_S
    length = replay.output.duration_s
    yield Row(
        "recording_s",
        "recording length",
        f"{length:.1f} s of {facts.lesson_s:.1f}",
        f">= {least:.1f} s",
        length >= least,
    )
    yield from _output("recording", "recording", replay.output)
    yield Row(
        "transcript_wer",
        "transcript: word error rate",
        f"{replay.wer:.3f}",
        *at_most(replay.wer, WER),
    )
    drift = replay.drift_ms
    yield Row(
        "transcript_ms",
        "transcript against recording",
        f"{drift:+.0f} ms",
        f"± {TRANSCRIPT_MS:.0f} ms",
        abs(drift) <= TRANSCRIPT_MS,
    )
    yield Row("chapters", "chapters", str(replay.chapters), ">= 1", replay.chapters >= 1)
    yield Row(
        "speakers",
        "recordings per speaker",
        str(replay.speaker_recordings),
        ">= 2",
        replay.speaker_recordings >= 2,
    )


def _log(log: Log) -> Iterator[Row]:
    count = f"{log.events}, {'no hole' if log.contiguous else 'with holes'}"
    yield Row("events", "events in the log", count, "no hole", log.contiguous and log.events > 0)
    yield Row(
        "feed_gaps", "events missed by a live client", str(log.feed_gaps), "0", log.feed_gaps == 0
    )
    same = ", ".join(log.drift) or "equal"
    yield Row("fold", "fold(log) == projections", same, "equal", not log.drift)


def at_most(value: float, bar: float, unit: str = "") -> tuple[str, bool]:
    return f"<= {bar:g} {unit}".rstrip(), value <= bar


def show(found: list[Row], console: Console) -> None:
    table = Table(title="Lectern demo")
    for column in ("", "what", "value", "bar"):
        table.add_column(column, overflow="fold")
    for row in found:
        mark = "[green]ok[/]" if row.holds else "[red]NO[/]"
        table.add_row(mark, row.name, row.value, row.bar)
    console.print(table)
