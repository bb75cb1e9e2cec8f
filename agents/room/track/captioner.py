"""One track's speech into captions: windows in, partials and finals out."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import structlog
from msgspec.structs import replace
from numpy.typing import NDArray

from agents.asr.client import AsrClient, AsrUnavailable, DecodeFailed, Speech
from agents.asr.profanity import masked
from agents.asr.wire import Heard
from agents.room.manner import Treatment
from agents.room.text.agreement import Agreement
from agents.room.text.captions import Caption
from agents.room.track.loudness import Loudness, level_db
from agents.room.track.pace import step_windows
from agents.room.track.speech import SpeechDetector
from agents.room.track.utterance import WINDOW_MS, Close, Drop, Look, Segmenter, Step
from schema.events import Word

log = structlog.get_logger(__name__)

# One is being said, some wait for the recogniser.
UNTOLD = 32


class Speaker(msgspec.Struct, frozen=True):
    """Whose track it is."""

    identity: str
    track_sid: str


class Utterance(msgspec.Struct, frozen=True):
    """Its audio with the absolute time of the audio's start, of the first speech and of the last."""

    segment_id: str
    pcm: bytes
    audio_start_ms: int
    start_ms: int
    end_ms: int


class Spoken(msgspec.Struct, frozen=True):
    """A final with its word times."""

    caption: Caption
    words: list[Word]


class Captioner:
    """`hear` returns at once; decoding goes on beside it. `finish` returns when the last final is out."""

    def __init__(
        self,
        speaker: Speaker,
        asr: AsrClient,
        show: Callable[[Caption], None],
        keep: Callable[[Spoken], None],
        treatment: Callable[[], Treatment],
    ) -> None:
        """`treatment` is asked again and again, for it may change in the middle of a sentence."""
        self._speaker = speaker
        self._asr = asr
        self._show = show
        self._keep = keep
        self._treatment = treatment
        self._loudness = Loudness()
        self._detector = SpeechDetector()
        self._segmenter = Segmenter()
        self._tape = Tape()
        self._agreement = Agreement()
        self._due: Look | None = None
        # The utterance of which a look was answered last: until there is one of another, all looks at it are first ones.
        self._seen = ""
        # Captions were off for a part of these utterances: they are not told, even if they are on again before the end.
        self._untold = deque[str](maxlen=UNTOLD)
        self._looking: asyncio.Task[None] | None = None
        self._finals: asyncio.Queue[Utterance | None] = asyncio.Queue()
        self._hearing = asyncio.create_task(self._hear_finals())

    def hear(self, windows: Sequence[NDArray[np.int16]], start_ms: float) -> None:
        """`windows`: int16[512] each, mono, 16 kHz, the first one spoken at `start_ms` (Unix)."""
        for number, window in enumerate(windows):
            self._hear_one(window, start_ms + number * WINDOW_MS)
        self._look_if_free()

    def break_off(self) -> None:
        """The sound has a gap here: no utterance reaches across it."""
        self._act(self._segmenter.finish())

    async def finish(self) -> None:
        self.break_off()
        self._finals.put_nowait(None)
        await self._hearing
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _hear_one(self, window: NDArray[np.int16], start_ms: float) -> None:
        self._tape.add(window, start_ms)
        near = self._loudness.is_near(level_db(window))
        self._segmenter.noisy = self._loudness.noisy
        self._act(self._segmenter.feed(self._detector.is_speech(window) and near))
        self._tape.forget_before(self._segmenter.oldest_needed)

    def _act(self, steps: list[Step]) -> None:
        for step in steps:
            self._due = None
            match step:
                case Look():
                    self._due = step
                case Close():
                    utterance = self._utterance(step.lead, step.onset, step.last, step.end)
                    if self._is_told(utterance):
                        self._finals.put_nowait(utterance)
                case Drop():
                    self._take_back(self._utterance(step.onset, step.onset, step.end, step.end))

    def _is_told(self, utterance: Utterance) -> bool:
        """Whether it may be heard; what was shown of one that may not is taken back, for clients keep an open segment for good."""
        if utterance.segment_id not in self._untold:
            if self._treatment().captioned:
                return True
            self._untold.append(utterance.segment_id)
        self._take_back(utterance)
        return False

    def _take_back(self, utterance: Utterance) -> None:
        self._show(self._caption(utterance, "", "", final=True))

    def _utterance(self, lead: int, onset: int, last: int, end: int) -> Utterance:
        start_ms = round(self._tape.time_ms(onset))
        return Utterance(
            # The same after a restart that hears the same sound again: track and time name it.
            segment_id=f"SG_{self._speaker.track_sid}_{start_ms}",
            pcm=self._tape.pcm(lead, end),
            audio_start_ms=round(self._tape.time_ms(lead)),
            start_ms=start_ms,
            # The clock may have been set back meanwhile.
            end_ms=max(round(self._tape.time_ms(last - 1)) + WINDOW_MS, start_ms),
        )

    def _look_if_free(self) -> None:
        if self._due is None or not (self._looking is None or self._looking.done()):
            return
        due, self._due = self._due, None
        # What came since it was due is heard with it: the rest of a frame, or all while another look was under way.
        utterance = self._utterance(due.lead, due.onset, self._tape.end, self._tape.end)
        if self._is_told(utterance):
            self._looking = asyncio.create_task(self._show_partial(utterance))
            self._looking.add_done_callback(lambda _: self._look_if_free())

    async def _show_partial(self, utterance: Utterance) -> None:
        first = utterance.segment_id != self._seen
        try:
            heard = await self._asr.partial(self._speech(utterance), first=first)
        except (AsrUnavailable, DecodeFailed) as error:
            log.warning("partial_not_heard", error=type(error).__name__)
            return
        if heard is not None and self._is_told(utterance):
            self._seen = utterance.segment_id
            empty = not heard.text
            self._segmenter.step = step_windows(heard.queued_ms, heard.decoded_ms, empty=empty)
            stable = self._agreement.stable_words(utterance.segment_id, heard.text)
            caption = self._caption(utterance, heard.text, heard.language, final=False)
            self._show(replace(caption, stable_words=stable))

    async def _hear_finals(self) -> None:
        while (utterance := await self._finals.get()) is not None:
            if not self._is_told(utterance):
                continue
            try:
                heard = await self._asr.final(self._speech(utterance))
            except DecodeFailed:
                log.exception("final_not_heard", bytes=len(utterance.pcm))
                heard = Heard(id=0, text="", language="", words=[], queued_ms=0, decoded_ms=0)
            if not self._is_told(utterance):
                continue
            caption = self._caption(utterance, heard.text, heard.language, final=True)
            if heard.text:
                self._keep(Spoken(caption, self._words(heard, utterance)))
            self._show(caption)
            log.info(
                "final_heard",
                track_sid=self._speaker.track_sid,
                queued_ms=heard.queued_ms,
                decoded_ms=heard.decoded_ms,
                after_ms=round(time.time() * 1000) - utterance.end_ms,
            )

    def _speech(self, utterance: Utterance) -> Speech:
        wanted = self._treatment()
        return Speech(utterance.segment_id, utterance.pcm, wanted.language, wanted.glossary)

    def _words(self, heard: Heard, utterance: Utterance) -> list[Word]:
        words = absolute_words(heard, utterance)
        if not self._treatment().mask_profanity:
            return words
        return [replace(word, text=masked(word.text)) for word in words]

    def _caption(self, utterance: Utterance, text: str, language: str, *, final: bool) -> Caption:
        return Caption(
            segment_id=utterance.segment_id,
            identity=self._speaker.identity,
            track_sid=self._speaker.track_sid,
            text=masked(text) if self._treatment().mask_profanity else text,
            language=language,
            start_ms=utterance.start_ms,
            end_ms=utterance.end_ms,
            final=final,
        )


class Tape:
    """The last windows of a track by their number, with their times."""

    def __init__(self) -> None:
        self._windows: deque[tuple[NDArray[np.int16], float]] = deque()
        self._first = 0

    def add(self, window: NDArray[np.int16], start_ms: float) -> None:
        self._windows.append((window, start_ms))

    def forget_before(self, number: int) -> None:
        while self._first < number and self._windows:
            self._windows.popleft()
            self._first += 1

    @property
    def end(self) -> int:
        """The number of the next window."""
        return self._first + len(self._windows)

    def time_ms(self, number: int) -> float:
        return self._windows[number - self._first][1]

    def pcm(self, start: int, end: int) -> bytes:
        return b"".join(
            self._windows[number - self._first][0].tobytes() for number in range(start, end)
        )


def absolute_words(heard: Heard, utterance: Utterance) -> list[Word]:
    """Unix ms, inside the utterance: the aligner likes to begin the first word with the audio."""

    def inside(offset_ms: int) -> int:
        moment_ms = utterance.audio_start_ms + offset_ms
        return min(max(moment_ms, utterance.start_ms), utterance.end_ms)

    return [
        Word(start_unix_ms=inside(w.start_ms), end_unix_ms=inside(w.end_ms), text=w.text)
        for w in heard.words
    ]
