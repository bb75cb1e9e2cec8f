"""RTMP's messages and values: what goes in comes out, however it is cut, and rubbish is told as such."""

import socket
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.media.rtmp.amf import decode, encode
from agents.media.rtmp.chunks import (
    MAX_CHANNELS,
    MAX_MESSAGE_BYTES,
    Broken,
    Joiner,
    Message,
    cut,
)
from agents.media.rtmp.client import NoRtmp, Place, Publisher, place_of, tags

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


def test_kinds_of_values_that_we_never_send_are_read() -> None:
    """As Adobe's own servers and Wowza put them beside what a publisher asks for."""
    strict_array = b"\x0a\0\0\0\2" + encode("a", 1)
    date = b"\x0b" + struct.pack(">dh", 1000.0, 0)
    long_text = b"\x0c\0\0\0\3abc"
    assert decode(strict_array + date + long_text + encode("last")) == [
        ["a", 1.0],
        1000.0,
        "abc",
        "last",
    ]


def test_values_without_end_within_each_other_are_rubbish() -> None:
    assert decode(encode("first") + b"\3\0\1a" * 10_000) == ["first"]


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


def test_a_message_that_shrinks_on_its_way_is_no_rtmp() -> None:
    begun = bytes([3, 0, 0, 0, 0, 0, 200, 20, 0, 0, 0, 0]) + bytes(128)
    shrunk = bytes([0x43, 0, 0, 0, 0, 0, 50, 20])
    joiner = Joiner()
    assert list(joiner.feed(begun)) == []
    with pytest.raises(Broken):
        list(joiner.feed(shrunk))


def test_a_server_cannot_fill_the_memory_with_messages_that_never_end() -> None:
    begun = bytes([0, 0, 0, 0, 0, 200, 20, 0, 0, 0, 0]) + bytes(128)
    wire = [b"\0" + bytes([number]) + begun for number in range(MAX_CHANNELS + 1)]
    joiner = Joiner()
    assert list(joiner.feed(b"".join(wire[:-1]))) == []
    with pytest.raises(Broken):
        list(joiner.feed(wire[-1]))


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\3" + bytes(100)])
def test_what_hangs_up_before_the_greeting_is_over_speaks_no_rtmp(answer: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(answer)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(NoRtmp):
            Publisher(ours, Place("rtmp://host/app", "app", "key"))


def test_the_key_is_what_follows_the_last_slash() -> None:
    assert place_of("rtmps://host:443/app/inst/key?a=b live=1") == Place(
        "rtmps://host:443/app/inst", "app/inst", "key?a=b"
    )


def test_tags_have_their_time_of_four_bytes() -> None:
    tag = bytes([9, 0, 0, 3, 0, 0, 2, 1, 0, 0, 0]) + b"abc" + bytes([0, 0, 0, 14])
    assert list(tags(tag + tag)) == [(9, 0x01000002, b"abc")] * 2
