"""The class as a Word document: summary, chapters, and everything that was said."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from pipelines.kind import Made, Recipe, Task, as_json
from pipelines.text import reading
from pipelines.transcript.formats import clock, one_line, turns
from schema.base import Wire
from schema.recordings import Chapter, Summary, TranscriptSegment


class DocumentMade(Wire, frozen=True):
    """The JSON of the kind; the document lies beside it as `docx`."""

    paragraphs: int
    chapters: int


class Content(msgspec.Struct, frozen=True):
    title: str
    held_at: datetime
    summary: Summary
    chapters: Sequence[Chapter]
    transcript: Sequence[TranscriptSegment]


def make(task: Task) -> Made:
    content = Content(
        task.source.title,
        datetime.fromtimestamp(task.source.origin_unix_ms / 1000, UTC),
        reading.summary(task),
        reading.chapters(task),
        reading.transcript(task),
    )
    written = DocumentMade(
        paragraphs=len(turns(content.transcript)), chapters=len(content.chapters)
    )
    recipe = Recipe("summary, chapters and transcript as they stand")
    return Made(as_json(written, recipe).files | {"docx": docx(content)}, recipe)


def docx(content: Content) -> bytes:
    """Office Open XML; the same content gives the same text."""
    from docx import Document  # noqa: PLC0415 half a second that only this kind needs

    document = Document()
    document.core_properties.title = one_line(content.title)
    document.core_properties.author = ""
    document.add_heading(one_line(content.title), 0)
    document.add_paragraph(f"{content.held_at:%Y-%m-%d %H:%M} UTC")
    _summary(document, content.summary)
    document.add_heading("Transcript", 1)
    for chapter in content.chapters:
        document.add_heading(f"{clock(chapter.start_ms)}  {one_line(chapter.title)}", 2)
        _spoken(document, _within(content.transcript, chapter))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _within(transcript: Sequence[TranscriptSegment], chapter: Chapter) -> list[TranscriptSegment]:
    return [s for s in transcript if chapter.start_ms <= s.start_ms < chapter.end_ms]


def _summary(document: Any, summary: Summary) -> None:
    for heading, points in (("Summary", summary.points), ("To do", summary.action_items)):
        if points:
            document.add_heading(heading, 1)
        for point in points:
            text = f"{one_line(point.text)} ({clock(point.start_ms)})"
            document.add_paragraph(text, style="List Bullet")


def _spoken(document: Any, transcript: Sequence[TranscriptSegment]) -> None:
    for turn in turns(transcript):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{one_line(turn[0].speaker)} ").bold = True
        paragraph.add_run(f"[{clock(turn[0].start_ms)}] ").italic = True
        paragraph.add_run(" ".join(one_line(segment.text) for segment in turn))
