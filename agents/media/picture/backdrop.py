"""What lies under everything: a colour, or a picture that covers the whole canvas."""

from functools import cached_property

from PIL import Image, ImageOps

from agents.media.geometry import Rect
from agents.media.picture import colours
from agents.media.picture.canvas import Canvas
from agents.media.text.line import RGB

# So much of the picture is left under a slate's letters, whose ink is chosen for the colour.
UNDER_LETTERS = 0.5


class Backdrop:
    """`picture` has the canvas's size, by `covering`; where it is transparent it shows the colour."""

    def __init__(self, area: Rect, paint: RGB, picture: Image.Image | None = None) -> None:
        self.paint = paint
        self.picture = picture
        self._plain = Image.new("RGB", (area.width, area.height), paint)
        self._image = self._plain if picture is None else _pasted(picture, self._plain)
        self._frame = None if picture is None else colours.to_i420(self._image)

    @cached_property
    def under_letters(self) -> Image.Image:
        return Image.blend(self._plain, self._image, UNDER_LETTERS)

    def lay(self, canvas: Canvas, rect: Rect) -> None:
        """All over what was there in `rect`."""
        if self._frame is None:
            canvas.fill(rect, colours.colour(self.paint))
        else:
            canvas.copy(self._frame, rect)


def covering(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of the picture, as much of it as has the canvas's shape: work for another thread than the programme's."""
    return ImageOps.fit(picture, size, Image.Resampling.BILINEAR)


def _pasted(picture: Image.Image, on: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    image = on.copy()
    image.paste(picture, mask=picture.getchannel("A"))
    return image
