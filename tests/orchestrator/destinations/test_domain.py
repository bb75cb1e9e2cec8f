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
    publish_url,
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
        ("SRT://Host:9000/", "srt://host:9000"),
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
        "srt://host",
        "srt://host:9000/live",
        "srt://host:9000?streamid=x",
        "srt://user@host:9000",
        "srt://host:22",
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


SRT = CreateDestination(type="rtmp", url="srt://host:9000", stream_key="publish:class-7")


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("publish:class-7", "srt://host:9000?streamid=publish:class-7"),
        ("a+b", "srt://host:9000?streamid=a%2Bb"),
        (
            "streamid=x&passphrase=long-enough-1&latency=200",
            "srt://host:9000?streamid=x&passphrase=long-enough-1&latency=200",
        ),
        ("passphrase=long-enough-1", "srt://host:9000?passphrase=long-enough-1"),
    ],
)
def test_an_srt_receiver_is_told_its_key_in_the_query(key: str, url: str) -> None:
    for preset in (None, "custom", "srt"):
        new = check(replace(SRT, stream_key=key, preset=preset))
        assert isinstance(new, NewDestination)
        assert new.preset == "srt"
        assert publish_url(new.address.url, new.key) == url


@pytest.mark.parametrize(
    "key",
    [
        "passphrase=short",
        "latency=soon",
        "mode=listener",
        "streamid=",
        "a&b",
        "streamid=x&oheadbw=9",
    ],
)
def test_what_no_srt_receiver_takes_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(InvalidField) as refused:
        check(replace(SRT, stream_key=key))
    assert refused.value.details == {"field": "streamKey"}
    assert key not in refused.value.message


def test_a_platform_of_rtmp_has_no_srt_address_nor_the_other_way_round() -> None:
    for change in ({"preset": "twitch"}, {"preset": "srt", "url": "rtmp://host/live"}):
        with pytest.raises(InvalidField, match="starts with"):
            check(replace(SRT, **change))
