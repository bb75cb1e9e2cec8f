"""Word error rate, on words as they sound: case and punctuation do not count."""

import json
import re
from pathlib import Path

SPEECH = Path(__file__).parents[1] / "data" / "speech"


def spoken_text(name: str) -> str:
    manifest = json.loads((SPEECH / "manifest.json").read_text())
    return str(next(clip["text"] for clip in manifest if clip["id"] == name))


def plain(text: str) -> list[str]:
    text = re.sub(r"\bmr\.", "mister", text.lower())
    return re.sub(r"[^a-z' ]", " ", text).split()


def word_error_rate(said: str, heard: str) -> float:
    """Edits per word that was said."""
    reference, found = plain(said), plain(heard)
    row = list(range(len(found) + 1))
    for number, word in enumerate(reference, 1):
        diagonal, row[0] = row[0], number
        for column, other in enumerate(found, 1):
            best = min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
            diagonal, row[column] = row[column], best
    return row[-1] / len(reference)
