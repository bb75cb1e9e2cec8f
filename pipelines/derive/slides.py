"""The slides as they were shown: when, what stands on them, and where their pictures lie."""

from uuid import UUID

import msgspec

from pipelines.derive.replay import duration_ms
from pipelines.kind import Made, Recipe, Task, as_json
from pipelines.transcript.formats import one_line
from schema.jobs import ArtifactInput, Deck, Sign
from schema.recordings import SlideShown

# Leafing through is no showing.
SHORTEST_MS = 1_000
TITLE_CHARS = 80


def make(task: Task) -> Made:
    decks = {deck.id: deck for deck in task.source.decks}
    texts = {deck.id: _texts(task.read(f"{deck.key}/text.json")) for deck in task.source.decks}
    return as_json(
        [
            _shown(decks[asset_id], page, span, texts[asset_id])
            for asset_id, page, span in _spans(task.source)
            if asset_id in decks
        ],
        Recipe("what the log says was shown", parameters={"shortestMs": SHORTEST_MS}),
    )


def _spans(source: ArtifactInput) -> list[tuple[UUID, int, tuple[int, int]]]:
    """Asset, page, and from when to when; a sign without text says that no slide is shown."""
    signs = [sign for sign in source.signs if sign.kind == "slide"]
    end_ms = duration_ms(source)
    ends = [_at(source, sign) for sign in signs[1:]] + [end_ms]
    spans = []
    for sign, until in zip(signs, ends, strict=False):
        start = _at(source, sign)
        asset, _, page = sign.text.partition(":")
        if page and until - start >= SHORTEST_MS:
            spans.append((UUID(asset), int(page), (start, until)))
    return spans


def _at(source: ArtifactInput, sign: Sign) -> int:
    return max(0, sign.at_unix_ms - source.origin_unix_ms)


def _texts(content: bytes | None) -> list[str]:
    """Page by page; pictures have none."""
    return msgspec.json.decode(content, type=list[str]) if content else []


def _shown(deck: Deck, page: int, span: tuple[int, int], texts: list[str]) -> SlideShown:
    text = texts[page - 1] if page <= len(texts) else ""
    lines = [line for line in map(one_line, text.splitlines()) if line]
    stem = f"{deck.key}/{page:04d}"
    return SlideShown(
        asset_id=deck.id,
        page=page,
        start_ms=span[0],
        end_ms=span[1],
        deck=deck.name,
        title=(lines[0] if lines else "")[:TITLE_CHARS],
        text="\n".join(lines),
        key=f"{stem}.webp",
        thumbnail_key=f"{stem}.small.webp",
    )
