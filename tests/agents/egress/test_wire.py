"""The envelope and the names of channels, as the Go side reads and writes them."""

import re
import string

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from agents.egress.psrpc import wire

PLAIN = string.ascii_letters + string.digits + "_"


def unescape(name: str) -> str:
    return re.sub(r"u\+([0-9a-f]{4})|U\+([0-9a-f]{8})", lambda m: chr(int(m[1] or m[2], 16)), name)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("EgressInternal", "StartEgress", "", "REQ"), "EgressInternal|StartEgress|REQ"),
        (
            ("EgressHandler", "StopEgress", "EG_a-b", "REQ"),
            "EgressHandler|StopEgress|EG_au+002db|REQ",
        ),
        (("IOInfo", "CLI_abc", "RES"), "IOInfo|CLI_abc|RES"),
        (("S", "\U0001f600"), "S|U+0001f600"),
    ],
)
def test_channels_are_named_as_the_go_side_names_them(
    parts: tuple[str, ...], expected: str
) -> None:
    assert wire.channel(*parts) == expected


@given(st.text(st.characters(exclude_characters="uU+"), min_size=1))
def test_escaping_leaves_only_plain_characters_and_loses_nothing(part: str) -> None:
    escaped = wire.escape(part)
    assert set(escaped) <= set(PLAIN + "+")
    assert unescape(escaped) == part


@given(st.text(alphabet=PLAIN))
def test_plain_names_stay_as_they_are(part: str) -> None:
    assert wire.escape(part) == part


@given(st.binary(), st.text(alphabet=PLAIN), st.integers(0, 2**62))
def test_a_request_survives_the_envelope(raw: bytes, request_id: str, expiry: int) -> None:
    request = wire.Request(request_id=request_id, expiry=expiry, raw_request=raw)
    assert wire.unpack(wire.pack(request)) == request


def test_the_envelope_names_the_type_that_the_go_registry_knows() -> None:
    payload = wire.pack(wire.ClaimRequest(request_id="REQ_1", server_id="SRV_1", affinity=1.0))
    # Msg{1: type_url}: tag 0x0a, length, text
    name = b"type.googleapis.com/internal.ClaimRequest"
    assert payload.startswith(b"\x0a" + bytes([len(name)]) + name)


def test_an_unknown_type_is_ignored_and_garbage_is_refused() -> None:
    stranger = wire.pack(wire.Empty()).replace(b"internal.Empty", b"internal.Other")
    assert wire.unpack(stranger) is None
    with pytest.raises(DecodeError):
        wire.unpack(b"\xff\xff\xff")


def test_start_request_reads_the_fields_that_the_server_sets() -> None:
    request = wire.StartEgressRequest(egress_id="EG_1", room_id="RM_1")
    request.room_composite.room_name = "session-1"
    read = wire.StartEgressRequest.FromString(request.SerializeToString())
    assert read.WhichOneof("request") == "room_composite"
    assert read.room_composite.room_name == "session-1"


def test_ids_are_prefixed_and_differ() -> None:
    ids = {wire.new_id("CLI_") for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"CLI_[0-9A-Za-z]{12}", one) for one in ids)
