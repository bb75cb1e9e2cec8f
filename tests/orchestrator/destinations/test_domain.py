import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from orchestrator.core.clock import new_id
from orchestrator.destinations.domain import (
    NewDestination,
    check,
    key_hint,
    parse_address,
    parse_key,
)
from schema.destinations import CreateDestination
from schema.errors import InvalidField

GOOD = CreateDestination(type="rtmp", url="rtmp://Live.Example.com:1935/app/", stream_key="abc-123")
SAFE = string.ascii_letters + string.digits + "_-.~=&?:%+"


def test_the_url_is_written_anew_from_its_parts() -> None:
    new = check(GOOD)
    assert isinstance(new, NewDestination)
    assert new.address.url == "rtmp://live.example.com:1935/app"
    assert new.name == "live.example.com"
    assert new.key == "abc-123"


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("rtmps://live-api-s.facebook.com:443/rtmp/", "rtmps://live-api-s.facebook.com:443/rtmp"),
        ("rtmp://[2001:DB8::1]:1935/live", "rtmp://[2001:db8::1]:1935/live"),
        ("rtmp://127.0.0.1:19350/a/b", "rtmp://127.0.0.1:19350/a/b"),
        ("RTMP://host./live", "rtmp://host/live"),
    ],
)
def test_good_addresses(url: str, written: str) -> None:
    assert parse_address(url).url == written
    assert parse_address(written).url == written


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://host/live",
        "srt://host:9000",
        "file:///etc/passwd",
        "rtmp://host",
        "rtmp://host/",
        "rtmp:///live",
        "rtmp://user:pass@host/live",
        "rtmp://@host/live",
        "rtmp://host/live?token=1",
        "rtmp://host/live#x",
        "rtmp://host/live|[f=flv]/path",
        "rtmp://host/live live=1",
        "rtmp://host/../live",
        "rtmp://host/live\n",
        "rtmp://host:0/live",
        "rtmp://host:22/live",
        "rtmp://host:99999/live",
        "rtmp://host:port/live",
        "rtmp://-host/live",
        "rtmp://ho st/live",
        "rtmp://[::1/live",
        "rtmp://2130706433/live",
        "rtmp://0x7f.1/live",
        "rtmp://127.1/live",
        "rtmp://hóst/live",
        "rtmp://host/" + "a" * 3000,
        "-report",
    ],
)
def test_bad_addresses(url: str) -> None:
    with pytest.raises(InvalidField) as caught:
        parse_address(url)
    assert caught.value.details == {"field": "url"}


@given(st.text(SAFE, min_size=1, max_size=512).filter(lambda key: not key.startswith("-")))
def test_every_safe_key_is_taken(key: str) -> None:
    assert parse_key(key) == key


@given(st.text(min_size=1), st.characters().filter(lambda c: c not in SAFE), st.text())
def test_a_character_outside_the_safe_set_is_refused_wherever_it_stands(
    before: str, bad: str, after: str
) -> None:
    with pytest.raises(InvalidField):
        parse_key(before + bad + after)


@pytest.mark.parametrize("key", ["", "-report", "a" * 513, "a b", "a|b", "key\n"])
def test_bad_keys_are_refused_without_repeating_them(key: str) -> None:
    with pytest.raises(InvalidField) as caught:
        parse_key(key)
    assert not key or key not in caught.value.message


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (replace(GOOD, oauth_token="token"), "oauthToken"),
        (replace(GOOD, type="youtube", preset="twitch"), "preset"),
        (replace(GOOD, type="twitch", connection_id=new_id()), "url"),
        (replace(GOOD, connection_id=new_id()), "type"),
        (replace(GOOD, preset="tiktok"), "preset"),
        (replace(GOOD, url=None), "url"),
        (replace(GOOD, stream_key=None), "streamKey"),
        (replace(GOOD, name="x" * 201), "name"),
        (replace(GOOD, name="two\nlines"), "name"),
    ],
)
def test_the_refusal_names_the_field(command: CreateDestination, field: str) -> None:
    with pytest.raises(InvalidField) as caught:
        check(command)
    assert caught.value.details == {"field": field}


def test_a_short_key_gives_no_hint() -> None:
    assert key_hint("abcdefghijk") is None
    assert key_hint("abcdefghijkl") == "ijkl"
