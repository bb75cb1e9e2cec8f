"""The little linguistics that the kinds share: words, stems, sentences, key phrases; pure.

Stop words are English; in another language common words weigh more than they should, and nothing breaks.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}-][^\W\d_]+)*")
STOP = frozenset(
    """a about above after again all also am an and any are aren't as at be because been before being below between both but by
    can can't could did didn't do does doesn't doing don't down during each even every few first for from further get gets go
    going goes gonna good got had has have having he her here hers him his how i i'd i'll i'm i've if in into is isn't it it's
    its just know last let let's like little look lot made make makes many may maybe me mean might more most much must my new
    no nor not now of off oh ok okay on once one only or other our out over own people put really right said same say says
    see she should show so some something such sure take than that that's the their them then there there's these they thing
    things think this those through time to today together too two under until up us use used very want was wasn't way we
    we'll we're we've well were what what's when where which while who why will with won't would yeah yes yet you you'll
    you're you've your""".split()  # noqa: SIM905 a list of 200 strings is no easier to read
)
SUFFIXES = ("ations", "ation", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "ly")
MIN_STEM_CHARS = 4
MAX_PHRASE_WORDS = 3


ASKING = frozenset(
    "what why how when where who which can could do does did is are would should will".split()  # noqa: SIM905
)
SENTENCE = re.compile(r"[^.?!]+[.?!]*")


def words(text: str) -> list[str]:
    return [match.lower() for match in WORD.findall(text)]


def stem(word: str) -> str:
    """Rough on purpose: it only has to make "network" and "networks" meet."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_STEM_CHARS:
            return word.removesuffix(suffix)
    return word


def content(text: str) -> list[str]:
    """Stems of the words that carry meaning."""
    return [stem(word) for word in words(text) if is_content(word)]


def is_content(word: str) -> bool:
    return len(word) > 2 and word not in STOP


def is_question(text: str) -> bool:
    """By its mark, or by its first word where speech came without marks."""
    spoken, end = words(text), text.rstrip()[-1:]
    return end == "?" or bool(spoken and spoken[0] in ASKING and end != ".")


def sentences(text: str) -> list[str]:
    return [found.strip() for found in SENTENCE.findall(text) if found.strip()]


def rarity(texts: Iterable[str]) -> dict[str, float]:
    """Inverse document frequency of each stem over the texts; 0 for one that is in all of them only when there are many."""
    bags = [set(content(text)) for text in texts]
    counts = Counter(word for bag in bags for word in bag)
    return {word: math.log((1 + len(bags)) / count) for word, count in counts.items()}


def key_phrases(text: str, weight: dict[str, float], limit: int) -> list[str]:
    """The most telling phrases of 1 to 3 words as they were spoken, best first, none inside another."""
    counts = Counter(_phrases(text))
    ranked = sorted(
        counts, key=lambda phrase: (-_score(phrase, counts[phrase], weight), " ".join(phrase))
    )
    chosen: list[tuple[str, ...]] = []
    for phrase in ranked:
        stems = {stem(word) for word in phrase}
        if all(stems.isdisjoint(map(stem, other)) for other in chosen):
            chosen.append(phrase)
        if len(chosen) == limit:
            break
    return [" ".join(phrase) for phrase in chosen]


def _phrases(text: str) -> Iterable[tuple[str, ...]]:
    for clause in re.split(r"[.,;:!?()\n]+", text):
        spoken = words(clause)
        for size in range(1, MAX_PHRASE_WORDS + 1):
            for start in range(len(spoken) - size + 1):
                phrase = tuple(spoken[start : start + size])
                if all(is_content(word) for word in phrase):
                    yield phrase


def _score(phrase: Sequence[str], count: int, weight: dict[str, float]) -> float:
    telling = sum(weight.get(stem(word), 1.0) for word in phrase) / len(phrase)
    # A phrase said once is often an accident; one said twice is a term.
    return telling * (count - 0.5) * (1 + 0.4 * (len(phrase) - 1))
