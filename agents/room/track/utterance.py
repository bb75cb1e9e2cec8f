"""Where an utterance begins and ends, and when it is worth another look. Pure: decisions of a speech detector in, steps out."""

import msgspec

WINDOW_MS = 32


def windows(duration_ms: float) -> int:
    return round(duration_ms / WINDOW_MS)


class Policy(msgspec.Struct, frozen=True):
    """All in windows of 32 ms; the values were measured on read speech (0.83 s to the first caption, 0.76 s to the final)."""

    onset: int = windows(64)
    lead: int = windows(320)
    hang: int = windows(500)
    tail: int = windows(200)
    shortest: int = windows(190)
    first_look: int = windows(600)
    step: int = windows(500)
    # Where somebody draws breath the last word is whole; too soon after a look there is nothing new to hear.
    breath: int = windows(96)
    worth: int = windows(192)
    cap: int = windows(14_000)
    pause: int = windows(200)
    # From this length on a pause is taken as the end: each look hears the whole utterance again, so long ones cost most
    # (0.14 core a second of speech, against 0.15 from 4.5 s on; from 3 s on words are misheard at the cuts). Not before a
    # babbling room: a short pause is often a soft word there, and half a sentence is misheard.
    ripe: int = windows(3_500)


class Look(msgspec.Struct, frozen=True):
    """A partial is due for all there is from `lead` on; `onset` names the utterance."""

    lead: int
    onset: int


class Close(msgspec.Struct, frozen=True):
    """The utterance is over: hear [lead, end) with care; speech went from `onset` to `last`."""

    lead: int
    onset: int
    last: int
    end: int


class Drop(msgspec.Struct, frozen=True):
    """What went from `onset` to `end` was a click or a cough."""

    onset: int
    end: int


Step = Look | Close | Drop


class Open(msgspec.Struct):
    """The utterance that goes on now; `looked` is the end of the last look, or the onset."""

    lead: int
    onset: int
    spoken: list[bool]
    looked: int

    @property
    def end(self) -> int:
        return self.onset + len(self.spoken)

    @property
    def unseen(self) -> bool:
        """Nobody has had a look at it yet."""
        return self.looked == self.onset

    @property
    def silence(self) -> int:
        """Windows since the last one with speech."""
        return next(
            (n for n, speech in enumerate(reversed(self.spoken)) if speech), len(self.spoken)
        )

    @property
    def voiced(self) -> int:
        return sum(self.spoken)


class Segmenter:
    """Feed it every window once, in order; `step` is how far apart looks are, and `noisy` what is known of the room."""

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy or Policy()
        self._window = 0
        self._run = 0
        # Nothing before this window may be heard again: it belongs to an utterance that was closed.
        self._free_from = 0
        self._open: Open | None = None
        self.step = self._policy.step
        self.noisy = False

    @property
    def oldest_needed(self) -> int:
        """Audio before this window may be forgotten."""
        if self._open is not None:
            return self._open.lead
        return max(self._window - self._policy.lead - self._policy.onset, self._free_from)

    def feed(self, speech: bool) -> list[Step]:
        self._window += 1
        if self._open is None:
            self._wait(speech)
            return []
        self._open.spoken.append(speech)
        return self._follow(self._open)

    def finish(self) -> list[Step]:
        """The track ended or broke off; the next window begins anew."""
        utterance, self._open, self._run = self._open, None, 0
        return [] if utterance is None else [self._closed(utterance, utterance.end)]

    def _wait(self, speech: bool) -> None:
        self._run = self._run + 1 if speech else 0
        if self._run >= self._policy.onset:
            self._begin(self._window - self._run, [True] * self._run)

    def _begin(self, onset: int, spoken: list[bool]) -> None:
        lead = max(onset - self._policy.lead, self._free_from, 0)
        self._open = Open(lead, onset, spoken, looked=onset)
        self._run = 0

    def _follow(self, utterance: Open) -> list[Step]:
        policy = self._policy
        ripe = len(utterance.spoken) >= policy.ripe and not self.noisy
        if utterance.silence >= (policy.pause if ripe else policy.hang):
            self._open = None
            return [self._closed(utterance, utterance.end)]
        if len(utterance.spoken) >= policy.cap:
            return [self._cut(utterance)]
        if utterance.voiced < policy.shortest or not self._is_due(utterance, ripe=ripe):
            return []
        utterance.looked = utterance.end
        return [Look(utterance.lead, utterance.onset)]

    def _is_due(self, utterance: Open, *, ripe: bool) -> bool:
        since = utterance.end - utterance.looked
        if utterance.silence == 0:
            return since >= (self._policy.first_look if utterance.unseen else self.step)
        # A ripe utterance is over in a moment: its final says the word.
        heard_new = since - utterance.silence >= self._policy.worth
        return utterance.silence == self._policy.breath and heard_new and not ripe

    def _cut(self, utterance: Open) -> Step:
        """Nobody paused for long: end in the longest break of the last part, or where we are, and go on from there."""
        kept = _longest_break(utterance.spoken, self._policy.cap * 6 // 10)
        rest = utterance.spoken[kept:]
        closed = self._closed(
            Open(utterance.lead, utterance.onset, utterance.spoken[:kept], utterance.looked),
            utterance.onset + kept,
        )
        self._begin(utterance.onset + kept, rest)
        return closed

    def _closed(self, utterance: Open, latest: int) -> Step:
        if utterance.voiced < self._policy.shortest:
            return Drop(utterance.onset, utterance.end)
        last = utterance.end - utterance.silence
        end = min(last + self._policy.tail, latest)
        self._free_from = end
        return Close(utterance.lead, utterance.onset, last, end)


def _longest_break(spoken: list[bool], after: int) -> int:
    """How many windows to keep: up to the middle of the longest silence behind `after`, else all."""
    best_start, best_length, start = len(spoken), 0, after
    for index in range(after, len(spoken) + 1):
        if index < len(spoken) and not spoken[index]:
            continue
        if index - start > best_length:
            best_start, best_length = start, index - start
        start = index + 1
    return best_start + (best_length + 1) // 2
