"""The process that turns one uploaded file into pages: `pages_child.py FILE FOLDER`, JSON lines on stdout.

It runs by its path, alone and without environment, under limits of memory and time: whatever a stranger's file does to
a decoder happens here. Each page is drawn anew as WebP, so that nothing of the file itself is kept: no script, no EXIF.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageOps

PR_SET_PDEATHSIG = 1
MEMORY_BYTES = 1536 * 1024**2
CPU_S = 60
MAX_PAGES = 200
# Full HD: what the programme and most screens show. A thumbnail fills a row of the list of slides.
PAGE_PX, THUMBNAIL_PX = 1920, 320
# A decoded picture takes four bytes a pixel; the best cameras have about 50 million.
MAX_PIXELS = 60_000_000
# In a PDF pdfium reads a picture row by row: more than a poster scanned at 400 dots an inch is none.
MAX_DRAWN_PIXELS = 250_000_000
# The most that PDF readers must take (ISO 32000-1, Annex C): 200 inches.
MAX_PAGE_UNITS = 14_400
# Of one slide; what is longer was made to fill memory, here and wherever the words are read.
MAX_TEXT_CHARS = 20_000
QUALITY = 90
# A PDF ends with this in its last kilobyte (ISO 32000-1, Annex H); pdfium would mend a file that is cut off.
PDF_END, PDF_TAIL_BYTES = b"%%EOF", 1024

NOT_A_PAGE = "This is neither a PDF nor a PNG, JPEG, WebP or GIF picture."
BROKEN = "This file is damaged or cut off; save it again and upload that."
TOO_LARGE = f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels."
LOCKED = "This PDF is damaged or locked with a password."
TOO_MANY = f"This PDF has more than {MAX_PAGES} pages."
TOO_WIDE = "This PDF has a page of more than 200 inches."
TOO_DETAILED = (
    f"This PDF has a picture of more than {MAX_DRAWN_PIXELS // 1_000_000} million pixels."
)


class RefusedError(Exception):
    """The file can't be used; the message says why."""


def main() -> int:
    _confine()
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        _convert(source, folder)
    except RefusedError as refused:
        _say(event="refused", reason=str(refused))
        return 1
    _say(event="finished")
    return 0


def picture_format(data: bytes) -> str | None:
    """Pillow's name for what the bytes are, by how they begin and end; a name or a header of the upload says nothing.

    Data behind the end is refused but for JPEG, where telephones put films behind their photographs.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"IEND\xaeB`\x82"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:6] in {b"GIF87a", b"GIF89a"} and data.endswith(b"\x3b"):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        length = int.from_bytes(data[4:8], "little") + 8
        return "WEBP" if length == len(data) else None
    return None


def _confine() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A class on air comes before its slides.
    os.nice(10)


def _convert(source: Path, folder: Path) -> None:
    data = source.read_bytes()
    if data.startswith(b"%PDF-"):
        _convert_pdf(data, folder)
    elif kind := picture_format(data):
        _keep(_picture(source, kind), folder, 1, 1)
    else:
        raise RefusedError(NOT_A_PAGE)


def _convert_pdf(data: bytes, folder: Path) -> None:
    if PDF_END not in data[-PDF_TAIL_BYTES:]:
        raise RefusedError(BROKEN)
    try:
        document = pdfium.PdfDocument(data)
        count = len(document)
        if count > MAX_PAGES:
            raise RefusedError(TOO_MANY)
        texts: list[str] = []
        for number, (picture, text) in enumerate(_pdf_pages(document), start=1):
            _keep(picture, folder, number, count)
            texts.append(text)
    except pdfium.PdfiumError:
        raise RefusedError(LOCKED) from None
    if not texts:
        raise RefusedError(BROKEN)
    (folder / "text.json").write_text(json.dumps(texts))


def _pdf_pages(document: pdfium.PdfDocument) -> Iterator[tuple[Image.Image, str]]:
    for page in document:
        longest = max(*page.get_size(), 1)
        if longest > MAX_PAGE_UNITS:
            raise RefusedError(TOO_WIDE)
        _check_pictures(page)
        bitmap = page.render(scale=PAGE_PX / longest)
        yield bitmap.to_pil(), page.get_textpage().get_text_bounded()[:MAX_TEXT_CHARS]
        page.close()


def _check_pictures(page: pdfium.PdfPage) -> None:
    for picture in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE]):
        width, height = picture.get_px_size()
        if width * height > MAX_DRAWN_PIXELS:
            raise RefusedError(TOO_DETAILED)


def _picture(source: Path, kind: str) -> Image.Image:
    try:
        picture = Image.open(source, formats=[kind])
        if picture.width * picture.height > MAX_PIXELS:
            raise RefusedError(TOO_LARGE)
        picture.load()
        return ImageOps.exif_transpose(picture)
    except (OSError, SyntaxError, ValueError) as error:
        raise RefusedError(BROKEN) from error


def _keep(picture: Image.Image, folder: Path, number: int, count: int) -> None:
    """Writes the page and its thumbnail; a picture is made smaller, never larger."""
    page = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    page.thumbnail((PAGE_PX, PAGE_PX))
    width, height = page.size
    page.save(folder / f"{number:04d}.webp", quality=QUALITY, method=2)
    page.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    page.save(folder / f"{number:04d}.small.webp", quality=QUALITY, method=2)
    _say(event="page", widthPx=width, heightPx=height, count=count)


def _say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


# Our own limit is above; Pillow's would only warn.
Image.MAX_IMAGE_PIXELS = None

if __name__ == "__main__":
    sys.exit(main())
