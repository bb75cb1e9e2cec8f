"""The lines that are burned in: what each speaker says last, from the captions that the room publishes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

TOPIC = "lk.transcription"
# As livekit-agents names them (facts of 1.8): each partial is a stream with the whole text so far.
SEGMENT, FINAL = "lk.segment_id", "lk.transcription_final"
# How long a line stays after it was last changed: as long as people need to read two lines.
STAYS_S = 5.0
KEPT = 3


@dataclass(slots=True)
class _Line:
    name: str
    text: str
    until_s: float


class CaptionLines:
    """Segments in the order in which they began; times are a monotonic clock's."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    def hear(self, name: str, attributes: Mapping[str, str], text: str, now_s: float) -> None:
        """An empty text takes back what was shown of its segment."""
        segment = attributes.get(SEGMENT, "")
        if not text.strip():
            self._lines.pop(segment, None)
            return
        self._lines[segment] = _Line(name, text.strip(), now_s + STAYS_S)
        while len(self._lines) > KEPT:
            del self._lines[next(iter(self._lines))]

    def shown(self, now_s: float) -> tuple[str, ...]:
        """The latest last; a name is said again only when another speaks."""
        self._lines = {key: line for key, line in self._lines.items() if line.until_s > now_s}
        said: list[str] = []
        last = ""
        for line in self._lines.values():
            said.append(line.text if line.name == last else f"{line.name}: {line.text}")
            last = line.name
        return tuple(said)

    def fades_in_s(self, now_s: float) -> float | None:
        """When the next line goes; None when there is none."""
        ends = [line.until_s for line in self._lines.values()]
        return max(0.0, min(ends) - now_s) if ends else None
