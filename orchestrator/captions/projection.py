"""Corrections and redactions to the rows of `captions`."""

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.recordings.tables import captions
from schema import events as e


async def project(tx: Transaction, _tenant_id: object, event: e.StoredEvent) -> None:
    match event.payload:
        case e.CaptionCorrected(segment_id=segment, text=text):
            await _set(tx, event, captions.c.segment_id == segment, corrected_text=text)
        case e.CaptionsRedacted(participant_id=person):
            gone: dict[str, object] = {"text": "", "words": [], "corrected_text": None}
            await _set(tx, event, captions.c.participant_id == person, **gone)
        case _:
            pass


async def _set(
    tx: Transaction, event: e.StoredEvent, which: sa.ColumnElement[bool], **values: object
) -> None:
    here = captions.c.session_id == event.session_id
    await tx.execute(sa.update(captions).where(here, which).values(**values))
