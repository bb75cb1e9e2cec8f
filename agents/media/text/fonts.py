"""A font for each script, and a text cut into runs of one font: no single font has all the letters of our names."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from PIL import ImageFont

Script = Literal["latin", "cjk", "arabic", "hebrew"]

# package, and the file in it
FILES: dict[Script, tuple[str, str]] = {
    "latin": ("font_source_sans_pro", "files/SourceSansPro-Regular.ttf"),
    "cjk": ("cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf"),
    "arabic": (
        "justmytype_intl_rtl",
        "fonts/ofl/notosansarabic/NotoSansArabic[wdth,wght].ttf",
    ),
    "hebrew": (
        "justmytype_intl_rtl",
        "fonts/ofl/notosanshebrew/NotoSansHebrew[wdth,wght].ttf",
    ),
}
# By Unicode block; a space or a mark between two letters goes with those before it.
CJK = (
    "\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
SCRIPT = re.compile(
    f"(?P<cjk>[{CJK}])"
    "|(?P<arabic>[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufeff])"
    "|(?P<hebrew>[\u0590-\u05ff\ufb1d-\ufb4f])"
    "|(?P<common>[\\s!-/:-@\\[-`{-~\u2010-\u2027])"
)
RIGHT_TO_LEFT: frozenset[Script] = frozenset({"arabic", "hebrew"})


class Run(NamedTuple):
    text: str
    script: Script


@lru_cache(maxsize=32)
def font(script: Script, size_px: int) -> ImageFont.FreeTypeFont:
    package, file = FILES[script]
    face = ImageFont.truetype(str(files(package).joinpath(file)), size_px)
    if script in RIGHT_TO_LEFT:
        # One file has every weight, and the thinnest is its default.
        face.set_variation_by_name("Regular")
    return face


def runs(text: str) -> list[Run]:
    """From left to right as they are drawn: a text that begins right to left has its runs from the right."""
    found: list[Run] = []
    for letter, script in _scripts(text):
        if found and found[-1].script == script:
            found[-1] = Run(found[-1].text + letter, script)
        else:
            found.append(Run(letter, script))
    return found[::-1] if found and found[0].script in RIGHT_TO_LEFT else found


def _scripts(text: str) -> Iterator[tuple[str, Script]]:
    """Each letter with its script. What stands before the first letter goes with it."""
    named = [(letter, _script(letter)) for letter in text]
    last: Script = next((script for _, script in named if script is not None), "latin")
    for letter, script in named:
        last = script or last
        yield letter, last


def _script(letter: str) -> Script | None:
    match = SCRIPT.match(letter)
    if match is None:
        return "latin"
    for script in FILES:
        if script != "latin" and match[script]:
            return script
    return None
