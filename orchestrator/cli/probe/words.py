"""Word error rate: edits over words of the reference, after the usual levelling of case, punctuation and spelling."""

import re
from collections.abc import Sequence

# Same word, two spellings: the recogniser writes the left one.
SPELLINGS = {"mr": "mister", "mrs": "missus", "dr": "doctor", "ok": "okay"}


def words(text: str) -> list[str]:
    """Lower-case words; hyphens split, apostrophes stay inside a word."""
    found = re.findall(r"[a-z0-9]+(?:'[a-z]+)*", text.lower().replace("\u2019", "'"))
    return [SPELLINGS.get(word, word) for word in found]


def word_error_rate(reference: str, heard: str) -> float:
    """Substitutions, deletions and insertions per reference word; raises ValueError for an empty reference."""
    expected = words(reference)
    if not expected:
        raise ValueError("the reference has no words")
    return edits(expected, words(heard)) / len(expected)


def edits(left: Sequence[str], right: Sequence[str]) -> int:
    """Levenshtein distance, one row at a time."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(right, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]
