"""What is shown when there is nobody and nothing to show: a heading and a line under it."""

from PIL import Image

from agents.media.geometry import Rect
from agents.media.picture.colours import ink_on
from agents.media.text.line import RGB, draw, shorten, width_px

STARTS_SOON = "Starts soon"
PLEASE_WAIT = "Please wait a moment"
ANY_MOMENT = "Starting any moment"


def slate(area: Rect, heading: str, line: str, ground: RGB) -> Image.Image:
    """The whole canvas; the middle is left free where `line` is empty, for a clock."""
    image = Image.new("RGB", (area.width, area.height), ground)
    unit = min(area.width, area.height)
    _centred(image, heading, unit // 11, round(area.height * 0.4), ground)
    _centred(image, line, unit // 18, round(area.height * 0.53), ground)
    return image


def clock(area: Rect, left_s: int, ground: RGB) -> tuple[Image.Image, int, int]:
    """The time that is left, and where its picture stands; ANY_MOMENT when there is none."""
    size = min(area.width, area.height) // (6 if left_s > 0 else 18)
    image = Image.new("RGB", (area.width // 4 * 2, area.height // 8 * 2), ground)
    text = time_left(left_s) if left_s > 0 else ANY_MOMENT
    _centred(image, text, size, image.height // 2, ground)
    return image.convert("RGBA"), area.width // 4, round(area.height * 0.57) - image.height // 2


def time_left(left_s: int) -> str:
    """`4:05`, or `1:02:03` from an hour on."""
    minutes, seconds = divmod(left_s, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _centred(image: Image.Image, text: str, size_px: int, middle: int, ground: RGB) -> None:
    text = shorten(text, size_px, image.width * 0.9)
    left = (image.width - width_px(text, size_px)) / 2
    draw(image, (left, middle), text, size_px, ink_on(ground))
