"""Finds captions that were drawn into the picture."""

import io

import av
import numpy as np
import numpy.typing as npt

from agents.media.picture.frame import planes

# The rows of a picture of 360 in which captions stand, the change of luma that a letter makes, and fewer than any word has.
FOOT, BRIGHTER, LETTERS = 310, 100, 200


def pictures(film: bytes) -> list[tuple[float, npt.NDArray[np.uint8]]]:
    """Second and luma of each."""
    with av.open(io.BytesIO(film), "r") as opened:
        return [(frame.time or 0.0, planes(frame)[0].copy()) for frame in opened.decode(video=0)]


def captioned_s(film: bytes, original: bytes) -> list[float]:
    """Seconds of the pictures with letters at the foot, where the original has none."""
    return [
        at_s
        for (at_s, new), (_, old) in zip(pictures(film), pictures(original), strict=True)
        if np.count_nonzero(new[FOOT:].astype(int) - old[FOOT:] > BRIGHTER) > LETTERS
    ]
