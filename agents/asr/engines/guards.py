"""Against the two ways in which Whisper makes things up: loops, and words for sounds that are none. Pure."""

import re
import zlib
from collections.abc import Sequence

# Tuned with trimmed windows: unguarded they loop on some clips until the token limit.
LONGEST_LOOP_WORDS = 12
# How often a phrase of n words must stand at the end in a row to be a loop; people do say "no, no, no".
LOOPS = {1: 5, 2: 4}
LOOPS_OF_LONGER = 3

# Whisper's own bound; the most repetitive 14 s of real rhetoric at hand reach 2.1.
MAX_COMPRESSION = 2.4
NO_SPEECH_PROBABILITY = 0.6
# A drum or a horn becomes one word, "Boom.", of which the model is half unsure whether it is speech; 143 short prompts of
# three speakers lose none by this.
FEW_WORDS = 2
NO_SPEECH_OF_FEW = 0.4
UNSURE_LOGPROB = -0.7
HOPELESS_LOGPROB = -1.5
MAX_WORDS_PER_S = 6.0
# A loop inside of one word, as the multilingual models make of noise, "1,5,5,5,5,5,5,5", and short windows of a name's
# beginning, "old-s-s-y-y-y-y".
STUTTER = re.compile(r"(\S{2,8}?)\1{5}|(-\w{1,3})\2{3}")


def before_loop(words: Sequence[str]) -> int:
    """How many words to keep: all, or up to the end of the first round when the text ends in a loop."""
    heard = [_bare(word) for word in words]
    for size in range(1, LONGEST_LOOP_WORDS + 1):
        start = _loop_start(heard, size)
        if len(heard) - start >= size * LOOPS.get(size, LOOPS_OF_LONGER):
            return start + size
    return len(words)


def _loop_start(words: list[str], size: int) -> int:
    """Where the run begins in which each word equals the one `size` before it; the last round may be cut short."""
    start = len(words) - size
    while start > 0 and words[start - 1] == words[start - 1 + size]:
        start -= 1
    return max(start, 0)


def _bare(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum())


def compression_ratio(text: str) -> float:
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw))


def token_limit(duration_s: float) -> int:
    """Nobody speaks more tokens than this in that time; it also bounds what a loop may cost."""
    return int(12 + 7 * duration_s)


def is_invented(
    text: str, duration_s: float, mean_logprob: float, no_speech_probability: float
) -> bool:
    """Whether the text is more likely made up than heard."""
    if not _bare(text) or STUTTER.search(text):
        return True
    if compression_ratio(text) > MAX_COMPRESSION or mean_logprob < HOPELESS_LOGPROB:
        return True
    spoken = len(text.split())
    limit = NO_SPEECH_OF_FEW if spoken <= FEW_WORDS else NO_SPEECH_PROBABILITY
    if no_speech_probability > limit and mean_logprob < UNSURE_LOGPROB:
        return True
    return spoken > MAX_WORDS_PER_S * max(duration_s, 1.0)
