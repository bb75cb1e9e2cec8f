"""The platforms' rules are usable as they stand: every default passes our own checks and its own."""

import pytest

from orchestrator.destinations.domain import (
    NewDestination,
    check,
    check_platform,
    parse_address,
)
from orchestrator.destinations.presets import PRESETS, preset_of
from schema.destinations import CreateDestination, DestinationPreset
from schema.errors import InvalidField

NAMES = ["youtube", "twitch", "facebook", "instagram", "restream", "linkedin", "x", "kick", "teams"]


def made_of(command: CreateDestination) -> NewDestination:
    made = check(command)
    assert isinstance(made, NewDestination)
    return made


def test_the_platforms_are_those_of_the_product() -> None:
    assert [preset.id for preset in PRESETS] == [*NAMES, "srt", "custom"]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_every_address_of_a_preset_passes_its_own_rules(preset: DestinationPreset) -> None:
    for url in filter(None, (preset.url, *preset.other_urls)):
        address = parse_address(url)
        assert address.url == url
        check_platform(preset, address)


@pytest.mark.parametrize("preset", [p for p in PRESETS if p.url], ids=lambda preset: preset.id)
def test_a_preset_gives_the_address_that_was_left_out(preset: DestinationPreset) -> None:
    made = made_of(CreateDestination(type="rtmp", preset=preset.id, stream_key="key-1"))
    assert (made.preset, made.address.url) == (preset.id, preset.url)


def test_an_own_address_goes_before_the_presets() -> None:
    own = "rtmp://b.rtmp.youtube.com/live2"
    made = made_of(CreateDestination(type="rtmp", preset="youtube", url=own, stream_key="key-1"))
    assert made.address.url == own


@pytest.mark.parametrize("preset", [p for p in PRESETS if not p.url], ids=lambda p: p.id)
def test_a_platform_without_a_common_server_asks_for_the_address(preset: DestinationPreset) -> None:
    with pytest.raises(InvalidField, match="Give the server URL") as refused:
        check(CreateDestination(type="rtmp", preset=preset.id, stream_key="key-1"))
    assert preset.help in refused.value.message


def test_the_ports_that_teams_listens_on_are_taken() -> None:
    for url in ("rtmps://a.example.com:1936/live", "rtmp://a.example.com:1935/live"):
        check_platform(preset_of("teams"), parse_address(url))


@pytest.mark.parametrize("name", ["facebook", "instagram", "kick"])
def test_these_take_encrypted_streams_only(name: str) -> None:
    preset = preset_of(name)
    check_platform(preset, parse_address("rtmps://host.example/app"))
    with pytest.raises(InvalidField, match="rtmps://"):
        check_platform(preset, parse_address("rtmp://host.example/app"))
