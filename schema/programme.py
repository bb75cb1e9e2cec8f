"""What the programme shows, in one small description: the control plane keeps it as the metadata of the LiveKit room.

Our compositor (agents/media/picture) and the page for LiveKit's own egress (web/egress) draw the same from it. Who is
there and who speaks is not in it: each takes that from the room. Upright or wide is a matter of the canvas.
"""

from datetime import datetime
from uuid import UUID

from schema.base import Wire
from schema.studio import Color, Layout


class Picture(Wire, frozen=True):
    """A page, a logo or a background: `key` is its object, `link` opens for minutes, as a path on the control plane, which says the next one in time."""

    key: str
    link: str
    width_px: int
    height_px: int


class Surface(Wire, frozen=True):
    """What is written on or shown beside people; without a picture it is the blank board, else a page of an asset."""

    picture: Picture | None
    width_px: int
    height_px: int
    asset_id: UUID | None = None
    page: int = 1


class Brand(Wire, frozen=True):
    """How a school looks: the title's bar, the mark of who speaks and of the lower third, a logo at the top right."""

    primary_color: Color = "#16324f"
    accent_color: Color = "#40a0ff"
    logo: Picture | None = None


class Shown(Wire, frozen=True):
    """The state of the session after its event `sequence`: an older description that comes later changes nothing.

    `layout` null is the usual one: a shared screen in front, else who speaks. `pinned` is a participant's identity,
    `name` the session's, for slates without a title. `background` covers the whole canvas under everything; a slate's letters
    stand on half of it, half of the colour.
    """

    sequence: int = 0
    name: str = ""
    layout: Layout | None = None
    title: str = ""
    lower_third: str = ""
    background_color: Color | None = None
    background: Picture | None = None
    pinned: str | None = None
    surface: Surface | None = None
    countdown_to: datetime | None = None
    captions: bool = False
    brand: Brand = Brand()
