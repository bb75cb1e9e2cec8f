"""Every platform whose accounts can be connected: a new one is a file beside this one and a line here."""

from collections.abc import Callable

from orchestrator.platforms.port import Platform
from orchestrator.platforms.transport import Transport
from orchestrator.platforms.vendors.twitch import Twitch
from orchestrator.platforms.vendors.youtube import YouTube
from orchestrator.settings import Settings
from schema.platforms import PlatformName

MAKERS: tuple[Callable[[Settings, Transport], Platform], ...] = (YouTube, Twitch)
Platforms = dict[PlatformName, Platform]


def platforms(settings: Settings, transport: Transport) -> Platforms:
    made = (make(settings, transport) for make in MAKERS)
    return {platform.slug: platform for platform in made}
