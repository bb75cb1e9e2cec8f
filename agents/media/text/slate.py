"""What is shown when there is nobody and nothing to show: a heading and a line under it."""

from PIL import Image

from agents.media.geometry import even
from agents.media.text.line import RGB, draw, shorten, width_px

STARTS_SOON = "Starts soon"
PLEASE_WAIT = "Please wait a moment"
ANY_MOMENT = "Starting any moment"


def slate(ground: Image.Image, heading: str, line: str, ink: RGB) -> Image.Image:
    """The whole canvas; the middle is left free where `line` is empty, for a clock."""
    image = ground.copy()
    unit = min(image.size)
    _centred(image, heading, unit // 11, round(image.height * 0.4), ink)
    _centred(image, line, unit // 18, round(image.height * 0.53), ink)
    return image


def clock(ground: Image.Image, left_s: int, ink: RGB) -> tuple[Image.Image, int, int]:
    """The time that is left, and where its picture stands; ANY_MOMENT when there is none."""
    size = min(ground.size) // (6 if left_s > 0 else 18)
    width, height = ground.width // 4 * 2, ground.height // 8 * 2
    x, y = even(ground.width / 4), even(round(ground.height * 0.57) - height // 2)
    image = ground.crop((x, y, x + width, y + height))
    text = time_left(left_s) if left_s > 0 else ANY_MOMENT
    _centred(image, text, size, height // 2, ink)
    return image.convert("RGBA"), x, y


def time_left(left_s: int) -> str:
    """`4:05`, or `1:02:03` from an hour on."""
    minutes, seconds = divmod(left_s, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _centred(image: Image.Image, text: str, size_px: int, middle: int, ink: RGB) -> None:
    text = shorten(text, size_px, image.width * 0.9)
    left = (image.width - width_px(text, size_px)) / 2
    draw(image, (left, middle), text, size_px, ink)
