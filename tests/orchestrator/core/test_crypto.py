import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from orchestrator.core.clock import new_id
from orchestrator.core.crypto import Keyring, Place, Undecryptable
from orchestrator.settings import Secret, SettingsError

KEY, OTHER = Secret("0f" * 32), Secret("a0" * 32)
PLACE = Place("multistream_destinations", "stream_key", new_id(), new_id())


@given(st.text())
def test_a_secret_comes_back_as_a_secret(text: str) -> None:
    ring = Keyring(KEY)
    opened = ring.open(ring.seal(Secret(text), PLACE), PLACE)
    assert opened.reveal() == text
    assert repr(opened) == "Secret(***)"


@pytest.mark.parametrize(
    "other",
    [
        replace(PLACE, row_id=new_id()),
        replace(PLACE, tenant_id=new_id()),
        replace(PLACE, column="name"),
        replace(PLACE, table="integrations"),
    ],
)
def test_a_ciphertext_moved_to_another_place_does_not_open(other: Place) -> None:
    ring = Keyring(KEY)
    blob = ring.seal(Secret("key"), PLACE)
    with pytest.raises(Undecryptable):
        ring.open(blob, other)


@given(st.binary(max_size=64))
def test_noise_never_opens(blob: bytes) -> None:
    with pytest.raises(Undecryptable):
        Keyring(KEY).open(blob, PLACE)


@given(st.data())
def test_a_flipped_bit_never_opens(data: st.DataObject) -> None:
    ring = Keyring(KEY)
    blob = bytearray(ring.seal(Secret("stream key"), PLACE))
    position = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[position // 8] ^= 1 << (position % 8)
    with pytest.raises(Undecryptable):
        ring.open(bytes(blob), PLACE)


def test_an_old_key_opens_until_it_leaves_the_ring() -> None:
    blob = Keyring(OTHER).seal(Secret("key"), PLACE)
    assert Keyring(KEY, old=[OTHER]).open(blob, PLACE).reveal() == "key"
    with pytest.raises(Undecryptable, match="no key"):
        Keyring(KEY).open(blob, PLACE)


def test_derived_keys_differ_by_purpose_and_are_stable() -> None:
    ring = Keyring(KEY)
    assert ring.derive("media") == Keyring(KEY).derive("media")
    assert ring.derive("media") not in {ring.derive("other"), Keyring(OTHER).derive("media")}


def test_what_is_derived_changes_when_the_oldest_key_leaves() -> None:
    rotated = Keyring(KEY, old=[OTHER])
    assert rotated.derive("invitation") == Keyring(OTHER).derive("invitation")
    assert rotated.derive("invitation") != Keyring(KEY).derive("invitation")


def test_a_text_shows_which_key_has_sealed_it() -> None:
    ring = Keyring(KEY, old=[OTHER])
    mine, old = ring.key_ids
    assert ring.seal_text(Secret("words"), PLACE).startswith(ring.text_head(mine))
    assert Keyring(OTHER).seal_text(Secret("words"), PLACE).startswith(ring.text_head(old))


def test_no_key_is_said_at_once() -> None:
    with pytest.raises(SettingsError, match="ENCRYPTION_KEY"):
        Keyring(Secret(""))
