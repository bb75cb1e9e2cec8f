"""The word filter: whole words, whatever their case and accents, in any script. The list itself only staff may know."""

import unicodedata
from collections.abc import Callable, Iterable
from uuid import UUID

import msgspec

from orchestrator.core.crypto import Keyring, Place
from orchestrator.settings import Secret
from schema.errors import InvalidField
from schema.texts import clean

MAX_WORDS = 200
MAX_WORD_CHARS = 60


class WordFilter:
    """Seals the list for the log, which everybody in class reads; a seal is bound to the session."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, tenant_id: UUID, session_id: UUID, words: list[str]) -> str:
        """Nothing for no words."""
        text = Secret(msgspec.json.encode(words).decode())
        return self._keyring.seal_text(text, _place(tenant_id, session_id)) if words else ""

    def words(self, tenant_id: UUID, session_id: UUID, sealed: str) -> list[str]:
        """Raises Undecryptable."""
        if not sealed:
            return []
        text = self._keyring.open_text(sealed, _place(tenant_id, session_id)).reveal()
        return msgspec.json.decode(text, type=list[str])

    def refusing(self, tenant_id: UUID, session_id: UUID) -> Callable[[str, str], bool]:
        """Whether a sealed list refuses a text, as a function for decisions."""
        return lambda sealed, text: holds(text, self.words(tenant_id, session_id, sealed))


def spoken(text: str) -> str:
    """The words of a text between single blanks, also before the first and after the last: " no  Café! " is " no cafe "."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    # Invisible characters (Cf) split no word. Only marks that combine are accents: the vowel signs of India do not.
    kept = [c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"]
    words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in kept).split()
    return f" {' '.join(words)} "


def holds(text: str, words: Iterable[str]) -> bool:
    """Whether any of the words, or of the phrases of several words, is said in the text."""
    said = spoken(text)
    return any(spoken(word) in said for word in words)


def checked(words: Iterable[str]) -> list[str]:
    """Trimmed, each once. Raises InvalidField."""
    kept = list(dict.fromkeys(clean(word, "words", MAX_WORD_CHARS) for word in words))
    if len(kept) > MAX_WORDS:
        raise InvalidField("words", f"A filter has at most {MAX_WORDS} words.")
    if any(not spoken(word).strip() for word in kept):
        raise InvalidField("words", "A word needs a letter or a digit.")
    return kept


def _place(tenant_id: UUID, session_id: UUID) -> Place:
    return Place("session_state_events", "sealed_words", tenant_id, session_id)
