"""A word is found in any case and with any accents, and never inside another word."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.audience.words import WordFilter, checked, holds
from orchestrator.core.crypto import Keyring, Undecryptable
from orchestrator.settings import Secret
from schema.errors import InvalidField

WORDS = st.text("abcdéßñ", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("darn", "Darn!"),
        ("café", "no CAFE today"),
        ("cafe", "au café."),
        ("strasse", "STRAßE"),
        ("ﬁsh", "a fish"),
        ("what the heck", "What,  the-heck?"),
        ("идиот", "ИДИОТ…"),
        ("darn", "da\u00adrn, da\u200brn"),
        ("\uff44\uff41\uff52\uff4e", "darn"),
        ("İzmir", "izmir"),
        ("कि", "यह कि है"),
    ],
)
def test_a_word_is_found(word: str, text: str) -> None:
    assert holds(text, ["other", word])


@pytest.mark.parametrize(
    ("word", "text"), [("ass", "a class"), ("class", "classes"), ("कि", "यह की है"), ("heck", "")]
)
def test_another_word_is_not(word: str, text: str) -> None:
    assert not holds(text, [word])


@given(word=WORDS, before=WORDS, after=WORDS)
def test_it_is_found_between_words_and_not_within_one(word: str, before: str, after: str) -> None:
    assert holds(f"{before} {word.upper()}, {after}", [word])
    assert not holds(f"x{word}x", [word])


@pytest.mark.parametrize("words", [["  "], ["?!"], ["x" * 61], [str(n) for n in range(201)]])
def test_a_list_that_cannot_filter_is_refused(words: list[str]) -> None:
    with pytest.raises(InvalidField):
        checked(words)


def test_a_list_is_sealed_for_one_session() -> None:
    seals, tenant, session = WordFilter(Keyring(Secret("3c" * 32))), uuid4(), uuid4()
    sealed = seals.seal(tenant, session, ["darn"])
    assert seals.words(tenant, session, sealed) == ["darn"]
    assert seals.refusing(tenant, session)(sealed, "Darn it")
    assert seals.seal(tenant, session, []) == ""
    with pytest.raises(Undecryptable):
        seals.words(tenant, uuid4(), sealed)
