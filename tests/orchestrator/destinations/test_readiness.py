"""What a person is told before the class begins."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from orchestrator.destinations.presets import PRESETS, preset_of
from orchestrator.destinations.readiness import Outlook, notes
from schema.quality import DEFAULT, QUALITIES, Encoding

START = datetime(2027, 1, 11, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
USUAL = QUALITIES[DEFAULT]


def outlook(preset: str, **changes: Any) -> Outlook:
    plain = Outlook(
        preset=preset_of(preset),
        url="rtmps://host/app",
        account=None,
        key_changed_at=START - HOUR,
        starts_at=START,
        ends_at=START + HOUR,
    )
    return replace(plain, **changes)


def codes(seen: Outlook, encoding: Encoding = USUAL) -> list[tuple[str, bool]]:
    return [(note.code, note.blocking) for note in notes(seen, encoding)]


@pytest.mark.parametrize("preset", [p.id for p in PRESETS if not p.upright])
def test_the_usual_programme_and_a_fresh_key_suit_every_platform(preset: str) -> None:
    assert codes(outlook(preset)) == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (outlook("kick", url="rtmp://host/app"), ("rtmps_required", True)),
        (outlook("youtube", account="expired"), ("account_expired", True)),
        (outlook("twitch", elsewhere="Odes"), ("on_air_elsewhere", True)),
        (outlook("instagram"), ("upright_wanted", False)),
        (outlook("facebook", ends_at=START + 9 * HOUR), ("too_long", False)),
        (outlook("facebook", key_changed_at=START - 25 * HOUR), ("key_over", True)),
        (outlook("linkedin", key_changed_at=START - 25 * HOUR), ("key_old", False)),
    ],
)
def test_each_rule_is_told(seen: Outlook, expected: tuple[str, bool]) -> None:
    assert codes(seen) == [expected]


def test_ceilings_hold_for_picture_and_sound() -> None:
    high = replace(USUAL, video_kbps=6001, audio_kbps=321)
    assert codes(outlook("twitch"), high) == [
        ("bitrate_too_high", True),
        ("audio_bitrate_too_high", True),
    ]
    assert codes(outlook("custom"), high) == []


def test_a_programme_of_more_pictures_than_a_platform_takes_is_told_before() -> None:
    assert codes(outlook("teams"), QUALITIES["1080p60"]) == [("frame_rate_too_high", True)]
    assert codes(outlook("teams"), QUALITIES["1080p30"]) == []


def test_what_is_only_advised_does_not_stop_anybody() -> None:
    assert codes(outlook("linkedin"), QUALITIES["1080p30"]) == [("bitrate_over_advised", False)]


def test_an_account_has_no_key_to_renew_and_may_carry_two_classes() -> None:
    old = outlook(
        "youtube", account="connected", elsewhere="Odes", key_changed_at=START - 99 * HOUR
    )
    assert codes(old) == []


def test_what_blocks_comes_first() -> None:
    seen = outlook("instagram", url="rtmp://host/app")
    assert codes(seen) == [("rtmps_required", True), ("upright_wanted", False)]


def test_upright_video_suits_who_wants_it() -> None:
    assert codes(outlook("instagram"), QUALITIES["720p30_vertical"]) == []
