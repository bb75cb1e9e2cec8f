"""How a school looks in its programmes; bodies of /api/branding."""

from msgspec import UNSET, UnsetType

from schema.base import Command, Wire
from schema.studio import Color


class Branding(Wire, frozen=True):
    """`logo_url` opens for ten minutes, null where there is none."""

    primary_color: str
    accent_color: str
    logo_url: str | None


class ChangeBranding(Command, frozen=True):
    """What is left out stays."""

    primary_color: Color | UnsetType = UNSET
    accent_color: Color | UnsetType = UNSET
