"""What each platform takes, one entry each: a new platform is a new entry. Pure.

Addresses and ceilings are those of OBS's services.json and the platforms' own pages; where neither was found there is none.
Instagram's hours and Kick's ceiling are what streaming services say of them. Teams' rules are those of
learn.microsoft.com/microsoftteams/meetings-rtmp-in.
"""

from schema.destinations import DestinationPreset
from schema.errors import InvalidField

CUSTOM = "custom"
SRT = "srt"

PRESETS = (
    DestinationPreset(
        id="youtube",
        name="YouTube",
        url="rtmps://a.rtmps.youtube.com:443/live2",
        other_urls=("rtmp://a.rtmp.youtube.com/live2",),
        requires_rtmps=False,
        max_bitrate_kbps=51_000,
        one_time_key=False,
        max_audio_kbps=160,
        max_hours=12,
        help="Copy the stream key from YouTube Studio, Create, Go live.",
    ),
    DestinationPreset(
        id="twitch",
        name="Twitch",
        url="rtmp://live.twitch.tv/app",
        other_urls=(),
        requires_rtmps=False,
        max_bitrate_kbps=6_000,
        one_time_key=False,
        max_audio_kbps=320,
        max_hours=48,
        help="Copy the primary stream key from your Creator Dashboard. Whatever arrives goes live at once.",
    ),
    DestinationPreset(
        id="facebook",
        name="Facebook",
        url="rtmps://live-api-s.facebook.com:443/rtmp",
        other_urls=("rtmps://rtmp-api.facebook.com:443/rtmp",),
        requires_rtmps=True,
        max_bitrate_kbps=9_000,
        one_time_key=True,
        max_audio_kbps=256,
        max_hours=8,
        key_hours=24,
        help="Create a live video and copy its stream key; it works for 24 hours and 8 hours of video.",
    ),
    DestinationPreset(
        id="instagram",
        name="Instagram",
        url=None,
        other_urls=(),
        requires_rtmps=True,
        max_bitrate_kbps=6_000,
        one_time_key=True,
        max_audio_kbps=256,
        upright=True,
        max_hours=4,
        help="Open Live Producer on instagram.com shortly before the class and copy the URL and key that it shows; both are new "
        "each time. Instagram is made for upright video.",
    ),
    DestinationPreset(
        id="restream",
        name="Restream",
        url="rtmp://live.restream.io/live",
        other_urls=(),
        requires_rtmps=False,
        max_bitrate_kbps=None,
        one_time_key=False,
        help="Copy the stream key from your Restream dashboard. The strictest of your channels there sets the limits.",
    ),
    DestinationPreset(
        id="linkedin",
        name="LinkedIn",
        url=None,
        other_urls=(),
        requires_rtmps=False,
        max_bitrate_kbps=None,
        one_time_key=True,
        advised_bitrate_kbps=3_500,
        help="Create the live event as a custom stream and copy the URL and key that it shows; each event has its own.",
    ),
    DestinationPreset(
        id="x",
        name="X",
        url=None,
        other_urls=(),
        requires_rtmps=False,
        max_bitrate_kbps=12_000,
        one_time_key=False,
        max_audio_kbps=128,
        help="Create an RTMP source in Live Studio (X Premium) and copy the URL of its region (as in "
        "rtmps://{region}.pscp.tv:443/x) and the key. The broadcast itself is started in X.",
    ),
    DestinationPreset(
        id="kick",
        name="Kick",
        url=None,
        other_urls=(),
        requires_rtmps=True,
        max_bitrate_kbps=8_000,
        one_time_key=False,
        help="Copy the stream URL and the key from the settings of your channel; each channel has its own server.",
    ),
    DestinationPreset(
        id="teams",
        name="Microsoft Teams",
        url=None,
        other_urls=(),
        requires_rtmps=False,
        max_bitrate_kbps=None,
        one_time_key=True,
        max_fps=30,
        help="In the options of a Teams town hall, webinar or meeting allow RTMP-In and copy the URL and key that it shows; each "
        "event has its own. Your Teams administrator decides who may.",
    ),
    DestinationPreset(
        id=SRT,
        name="SRT",
        url=None,
        other_urls=(),
        requires_rtmps=False,
        max_bitrate_kbps=None,
        one_time_key=False,
        help="A receiver that listens, as srt://host:port. The key is its stream id, or "
        "streamid=…&passphrase=…&latency=… with milliseconds; only with a pass phrase is it encrypted.",
    ),
    DestinationPreset(
        id=CUSTOM,
        name="Custom RTMP",
        url=None,
        other_urls=(),
        requires_rtmps=False,
        max_bitrate_kbps=None,
        one_time_key=False,
        help="Any server that takes RTMP or RTMPS: its address with the application, and the stream key.",
    ),
)
_BY_ID = {preset.id: preset for preset in PRESETS}


def preset_of(name: str) -> DestinationPreset:
    """Raises InvalidField."""
    if name not in _BY_ID:
        raise InvalidField("preset", f"There is no such preset; there are {', '.join(_BY_ID)}.")
    return _BY_ID[name]
