"""RTMP's messages and values: what goes in comes out, however it is cut, and rubbish is told as such."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.media.rtmp.amf import decode, encode
from agents.media.rtmp.chunks import MAX_MESSAGE_BYTES, Broken, Joiner, Message, cut
from agents.media.rtmp.client import Place, place_of, tags

texts = st.text(max_size=20)
plain = st.none() | st.booleans() | st.floats(allow_nan=False) | texts
values = plain | st.dictionaries(st.text(min_size=1, max_size=8), plain, max_size=4)
messages = st.builds(
    Message,
    kind=st.sampled_from([8, 9, 18, 20]),
    body=st.binary(max_size=700),
    time_ms=st.integers(0, 0x1FFFFFF),
    stream=st.integers(0, 3),
)


@given(st.lists(values, max_size=5))
def test_values_come_back_as_they_were(given_values: list[Any]) -> None:
    assert decode(encode(*given_values)) == given_values


@given(st.lists(values, max_size=3), st.binary(max_size=60))
def test_what_comes_before_rubbish_is_read(given_values: list[Any], rubbish: bytes) -> None:
    read = decode(encode(*given_values) + rubbish)
    assert read[: len(given_values)] == given_values


@given(st.lists(messages, min_size=1, max_size=4), st.integers(1, 900), st.integers(1, 300))
def test_messages_come_back_however_they_arrive(
    sent: list[Message], size: int, arrival: int
) -> None:
    told = Message(1, size.to_bytes(4))
    wire = cut(told, 2, 128) + b"".join(cut(message, 4, size) for message in sent)
    joiner = Joiner()
    heard = [
        message
        for at in range(0, len(wire), arrival)
        for message in joiner.feed(wire[at : at + arrival])
    ]
    assert [(m.kind, m.body, m.stream) for m in heard] == [
        (m.kind, m.body, m.stream) for m in [told, *sent]
    ]


def test_a_time_of_more_than_three_bytes_stands_in_every_chunk() -> None:
    wire = cut(Message(9, b"abcdef", time_ms=0x1000000), 6, 4)
    late = bytes([1, 0, 0, 0])
    assert (
        wire
        == bytes([6, 255, 255, 255, 0, 0, 6, 9, 0, 0, 0, 0])
        + late
        + b"abcd"
        + bytes([0xC6])
        + late
        + b"ef"
    )


def test_shorter_headers_take_over_what_the_one_before_said() -> None:
    whole = bytes([3, 0, 0, 0, 0, 0, 2, 20, 1, 0, 0, 0]) + b"ab"
    no_stream = bytes([0x43, 0, 0, 5, 0, 0, 1, 18]) + b"c"
    only_time = bytes([0x83, 0, 0, 5]) + b"d"
    nothing = bytes([0xC3]) + b"e"
    heard = list(Joiner().feed(whole + no_stream + only_time + nothing))
    assert [(m.kind, m.body, m.stream) for m in heard] == [
        (20, b"ab", 1),
        (18, b"c", 1),
        (18, b"d", 1),
        (18, b"e", 1),
    ]


def test_a_message_larger_than_any_answer_is_no_rtmp() -> None:
    header = bytes([3, 0, 0, 0]) + (MAX_MESSAGE_BYTES + 1).to_bytes(3) + bytes([20, 0, 0, 0, 0])
    with pytest.raises(Broken):
        list(Joiner().feed(header))


def test_the_key_is_what_follows_the_last_slash() -> None:
    assert place_of("rtmps://host:443/app/inst/key?a=b live=1") == Place(
        "rtmps://host:443/app/inst", "app/inst", "key?a=b"
    )


def test_tags_have_their_time_of_four_bytes() -> None:
    tag = bytes([9, 0, 0, 3, 0, 0, 2, 1, 0, 0, 0]) + b"abc" + bytes([0, 0, 0, 14])
    assert list(tags(tag + tag)) == [(9, 0x01000002, b"abc")] * 2
