"""What could keep a destination from going live, in words, before the class begins; pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from schema.destinations import DestinationPreset, ReadinessNote
from schema.platforms import ConnectionStatus
from schema.quality import Encoding


class Outlook(msgspec.Struct, frozen=True):
    """One destination of one planned or running class. `account` is its account's status, None for a stream key; `elsewhere`
    the title of another class that it is on air with."""

    preset: DestinationPreset
    url: str
    account: ConnectionStatus | None
    key_changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    elsewhere: str | None = None


def notes(outlook: Outlook, encoding: Encoding) -> list[ReadinessNote]:
    """The blocking ones first: with those it will not work."""
    found = [*_connection(outlook), *_programme(outlook.preset, encoding), *_time(outlook)]
    return sorted(found, key=lambda note: not note.blocking)


def _connection(outlook: Outlook) -> Iterator[ReadinessNote]:
    preset = outlook.preset
    if outlook.account not in {None, "connected"}:
        yield _stop("account_expired", f"{preset.name} takes this account no more: reconnect it.")
    if preset.requires_rtmps and not outlook.url.startswith("rtmps:"):
        yield _stop("rtmps_required", f"{preset.name} takes encrypted streams only (rtmps://).")
    if outlook.elsewhere is not None and outlook.account is None:
        yield _stop(
            "on_air_elsewhere",
            f"“{outlook.elsewhere}” streams there now, and a stream key carries one class at a time.",
        )


def _programme(preset: DestinationPreset, encoding: Encoding) -> Iterator[ReadinessNote]:
    if preset.max_bitrate_kbps is not None and encoding.video_kbps > preset.max_bitrate_kbps:
        yield _stop(
            "bitrate_too_high",
            f"{preset.name} takes at most {preset.max_bitrate_kbps} kbit/s of video; this class sends {encoding.video_kbps}.",
        )
    advised = preset.advised_bitrate_kbps
    if advised is not None and encoding.video_kbps > advised:
        yield _hint(
            "bitrate_over_advised",
            f"{preset.name} advises at most {advised} kbit/s of video; this class sends {encoding.video_kbps}.",
        )
    if preset.max_audio_kbps is not None and encoding.audio_kbps > preset.max_audio_kbps:
        yield _stop(
            "audio_bitrate_too_high",
            f"{preset.name} takes at most {preset.max_audio_kbps} kbit/s of sound; this class sends {encoding.audio_kbps}.",
        )
    if preset.max_fps is not None and encoding.fps > preset.max_fps:
        yield _stop(
            "frame_rate_too_high",
            f"{preset.name} takes at most {preset.max_fps} frames a second; this class sends {encoding.fps}.",
        )
    if preset.upright and encoding.width_px > encoding.height_px:
        yield _hint(
            "upright_wanted",
            f"{preset.name} is made for upright video (9:16); this class is shown with bars above and below.",
        )


def _time(outlook: Outlook) -> Iterator[ReadinessNote]:
    preset = outlook.preset
    hours = (outlook.ends_at - outlook.starts_at) / timedelta(hours=1)
    if preset.max_hours is not None and hours > preset.max_hours:
        yield _hint(
            "too_long",
            f"{preset.name} ends a stream after {preset.max_hours} hours; this class is longer.",
        )
    if outlook.account is not None:
        return
    if preset.key_hours is not None:
        over = outlook.key_changed_at + timedelta(hours=preset.key_hours)
        if over < outlook.starts_at:
            yield _stop(
                "key_over",
                f"Keys of {preset.name} work for {preset.key_hours} hours; enter a new one shortly before the class.",
            )
    elif preset.one_time_key and outlook.key_changed_at < outlook.starts_at - timedelta(days=1):
        yield _hint(
            "key_old",
            f"Keys of {preset.name} work for one broadcast: make sure that this one is new.",
        )


def _stop(code: str, message: str) -> ReadinessNote:
    return ReadinessNote(code=code, message=message, blocking=True)


def _hint(code: str, message: str) -> ReadinessNote:
    return ReadinessNote(code=code, message=message, blocking=False)
