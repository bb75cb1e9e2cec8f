"""What one kind reads of another's result."""

import msgspec

from pipelines.kind import Task
from schema.heard import SoundsHeard
from schema.recordings import Chapter, Highlight, SlideShown, Summary, TranscriptSegment


def transcript(task: Task) -> list[TranscriptSegment]:
    return msgspec.json.decode(task.made["transcript"], type=list[TranscriptSegment])


def slides(task: Task) -> list[SlideShown]:
    return msgspec.json.decode(task.made["slides"], type=list[SlideShown])


def chapters(task: Task) -> list[Chapter]:
    return msgspec.json.decode(task.made["chapters"], type=list[Chapter])


def highlights(task: Task) -> list[Highlight]:
    return msgspec.json.decode(task.made["highlights"], type=list[Highlight])


def sounds(task: Task) -> SoundsHeard | None:
    """None until they are listened for."""
    content = task.made.get("sounds")
    return None if content is None else msgspec.json.decode(content, type=SoundsHeard)


def summary(task: Task) -> Summary:
    return msgspec.json.decode(task.made["summary"], type=Summary)
