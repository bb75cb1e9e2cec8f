"""How a class wants its recordings to be heard again, out of its log and its course's settings: pure."""

from collections.abc import Sequence

from orchestrator.state.session import SessionState
from schema import events as e
from schema.captions import CaptionSettings
from schema.jobs import Span, Treatment

# JSON's largest whole number that every reader takes.
NEVER_MS = 2**53 - 1


def treatment(
    log: Sequence[e.StoredEvent], state: SessionState, course: CaptionSettings
) -> Treatment:
    """`course` are the settings that hold while the class has none of its own."""
    settings = state.captions.settings or course
    return Treatment(
        silent=silent(log, course)
        if settings.enabled
        else (Span(start_unix_ms=0, end_unix_ms=NEVER_MS),),
        language=settings.language,
        languages={str(person): one for person, one in state.captions.languages.items()},
        glossary=settings.glossary,
        mask_profanity=settings.mask_profanity,
    )


def silent(log: Sequence[e.StoredEvent], course: CaptionSettings) -> tuple[Span, ...]:
    """When captions were off, in order of time."""
    spans: list[Span] = []
    off_since = None if course.enabled else 0
    for event in log:
        if not isinstance(event.payload, e.CaptionsConfigured):
            continue
        at = round(event.created_at.timestamp() * 1000)
        if event.payload.settings.enabled:
            if off_since is not None:
                spans.append(Span(start_unix_ms=off_since, end_unix_ms=at))
            off_since = None
        elif off_since is None:
            off_since = at
    return (
        *spans,
        *([] if off_since is None else [Span(start_unix_ms=off_since, end_unix_ms=NEVER_MS)]),
    )
