"""Files that mean harm: each is refused with 422 or 413, and nothing of it is kept."""

import asyncio
import io
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import pytest
from PIL import Image

from orchestrator.app import create_app
from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.parts import Parts
from orchestrator.settings import Settings
from orchestrator.studio.assets.pages import CHILD, Converter
from orchestrator.studio.assets.pages_child import MAX_TEXT_CHARS, MEMORY_BYTES
from orchestrator.studio.assets.service import Assets
from schema.errors import InvalidField
from tests.support.school import School, calling
from tests.support.studio import Desk, pdf, png, refusal

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def bomb_png() -> bytes:
    """A picture of 30,000 by 30,000 pixels in a hundred kilobytes."""
    file = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(file, "PNG")
    return file.getvalue()


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of numbered objects, with a right table of them."""
    start, size = b"%PDF-1.7\n", len(objects) + 1
    parts = [b"%d 0 obj\n%s\nendobj\n" % numbered for numbered in enumerate(objects, start=1)]
    *places, end = accumulate(map(len, parts), initial=len(start))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, end)
    return b"".join((start, *parts, tail, trailer))


def stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (
        len(packed),
        more,
        packed,
    )


def pdf_pages(count: int) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(count))
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        *([page] * count),
    )


def pdf_one_page(content: bytes, resources: bytes, *more: bytes) -> bytes:
    return pdf_with(stream(content), *more, resources=resources)


def pdf_with(
    content: bytes, *more: bytes, resources: bytes = b"", width: int = 800, height: int = 450
) -> bytes:
    """One page; `content` is its object 4, `more` are those from 5 on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d]" % (width, height)
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page + b" /Contents 4 0 R /Resources << %s >> >>" % resources,
        content,
        *more,
    )


def pdf_of_forms() -> bytes:
    """Forms that each draw the next one twelve times: a billion strokes in a few hundred bytes."""
    depth = 9
    forms = [
        stream(
            b"/F Do " * 12 if level < depth else b"0 0 m 800 450 l S ",
            b"/Type /XObject /Subtype /Form /BBox [0 0 800 450]"
            + (
                b" /Resources << /XObject << /F %d 0 R >> >>" % (6 + level)
                if level < depth
                else b""
            ),
        )
        for level in range(depth + 1)
    ]
    return pdf_one_page(b"/F Do ", b"/XObject << /F 5 0 R >>", *forms)


def inflating(gib: int) -> bytes:
    """Spaces without end under two filters: a few kilobytes in the file."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    # After a full flush the packer has forgotten what came before: the same bytes again are the same spaces again.
    block = packer.compress(b" " * 1024**2) + packer.flush(zlib.Z_FULL_FLUSH)
    return zlib.compress(zlib.compress(b"", 9)[:2] + block * 1024 * gib, 9)


def pdf_of_spaces(gib: int = 4) -> bytes:
    packed = inflating(gib)
    content = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    return pdf_with(content)


def pdf_of_a_picture(width: int, height: int) -> bytes:
    """Its pixels need not be there: what they would take is refused first."""
    picture = stream(
        bytes(1000),
        b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
        b" /Width %d /Height %d" % (width, height),
    )
    return pdf_one_page(b"800 0 0 450 0 0 cm /I Do", b"/XObject << /I 5 0 R >>", picture)


def locked_pdf() -> bytes:
    return pdf(1).replace(b"trailer", b"trailer\n<< /Encrypt 99 0 R >>", 1)[:-1]


ATTACKS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "an SVG with script": lambda: SVG,
    "an SVG behind a byte order mark": lambda: b"\xef\xbb\xbf" + SVG,
    "HTML": lambda: HTML,
    "HTML that begins like a GIF": lambda: b"GIF89a=1;" + HTML + b"\x3b",
    "HTML behind a picture": lambda: png() + HTML,
    "a PDF behind HTML": lambda: HTML + pdf(1),
    "a PDF inside a picture's end": lambda: png() + pdf(1),
    "half a picture": lambda: png()[:-30],
    "half a PDF": lambda: pdf(3)[:-400],
    "a PDF's first line": lambda: b"%PDF-1.7\n%%EOF",
    "a locked PDF": locked_pdf,
    "a PDF without pages": lambda: pdf_pages(0),
    "too many pages": lambda: pdf_pages(201),
    "a hundred thousand pages": lambda: pdf_pages(100_000),
    "a page of a thousand inches": lambda: pdf_with(stream(b""), width=72_000, height=72_000),
    "a PDF that inflates to gigabytes": pdf_of_spaces,
    "a PDF with a picture too large to unpack": lambda: pdf_of_a_picture(60_000, 60_000),
    "a picture too large to unpack": bomb_png,
    "a ZIP": lambda: b"PK\x03\x04" + bytes(100),
    "an ELF": lambda: b"\x7fELF" + bytes(100),
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_it_is_refused_and_nothing_is_kept(
    desk: Desk, settings: Settings, attack: str
) -> None:
    scene = await desk.scene("Slides", "slides")
    reply = await desk.upload(ATTACKS[attack](), sceneId=scene["id"], name="lesson.pdf")
    assert refusal(reply) == (422, "invalid_field"), reply.text
    assert reply.json()["details"] == {"field": "file"}
    assert await desk.listed("assets") == []
    assert await desk.listed("scenes") == [scene]
    folder = f"{desk.who.tenant_id}/{desk.session_id}/assets"
    assert await Storage.from_settings(settings).list(folder) == []


async def test_a_bomb_goes_off_in_the_child_alone(tmp_path: Path) -> None:
    source = tmp_path / "bomb.pdf"
    await asyncio.to_thread(source.write_bytes, pdf_of_forms())
    with pytest.raises(InvalidField):
        await Converter(limit_s=4).convert(source, tmp_path)


def test_what_inflates_ends_at_the_limit_of_its_child(tmp_path: Path) -> None:
    source = tmp_path / "bomb.pdf"
    source.write_bytes(pdf_of_spaces())
    assert source.stat().st_size < 20_000
    child = subprocess.Popen([sys.executable, "-I", CHILD, source, tmp_path], env={})
    _, _, used = os.wait4(child.pid, 0)
    child.wait()
    assert used.ru_maxrss * 1024 <= MEMORY_BYTES
    assert list(tmp_path.iterdir()) == [source]


async def test_of_a_slide_that_is_all_words_the_first_are_kept(tmp_path: Path) -> None:
    font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    lines = b"".join(b"1 0 0 1 0 %d Tm (%s) Tj " % (y, b"A" * 100) for y in range(400))
    source = tmp_path / "words.pdf"
    source.write_bytes(pdf_one_page(b"BT /F 1 Tf " + lines + b"ET", font))
    await Converter().convert(source, tmp_path)
    (text,) = json.loads((tmp_path / "text.json").read_bytes())
    assert len(text) == MAX_TEXT_CHARS
    assert set(text) == set("A\r\n")


async def test_a_bomb_that_is_uploaded_leaves_nothing_behind(
    school: School, settings: Settings, database: Database
) -> None:
    parts = Parts(settings)
    patient = Converter(limit_s=4)
    parts.assets = Assets(
        parts.database, parts.events, parts.storage, patient, parts.limiter, parts.loose
    )
    async with calling(create_app(parts=parts)) as caller:
        desk = Desk(caller, school.teacher, await caller.new_session(school))
        reply = await desk.upload(pdf_of_forms(), name="lesson.pdf")
        assert refusal(reply) == (422, "invalid_field")
        assert await desk.listed("assets") == []
    folder = f"{school.tenant_id}/{desk.session_id}/assets"
    assert await Storage.from_settings(settings).list(folder) == []


async def test_a_file_over_the_limit_is_too_large(desk: Desk, settings: Settings) -> None:
    huge = await desk.upload(bytes((settings.upload_max_mb + 1) * 1024**2))
    assert refusal(huge) == (413, "body_too_large")
    body = {"sessionId": str(desk.session_id), "name": "x" * 1_100_000, "layout": "grid"}
    scene = await desk.send("POST", "/api/studio/scenes", body)
    assert refusal(scene) == (413, "body_too_large")


async def test_a_name_and_a_content_type_decide_nothing(desk: Desk) -> None:
    assert len((await desk.asset(pdf(2), name="picture.png"))["pages"]) == 2
    assert len((await desk.asset(png(), name="deck.pdf"))["pages"]) == 1
