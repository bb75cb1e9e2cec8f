"""Corrections and redactions to the rows of `captions`."""

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.recordings.tables import captions
from schema import events as e


async def project(tx: Transaction, _tenant_id: object, event: e.StoredEvent) -> None:
    of_session = captions.c.session_id == event.session_id
    match event.payload:
        case e.CaptionCorrected(segment_id=segment, text=text):
            changed = sa.update(captions).where(of_session, captions.c.segment_id == segment)
            await tx.execute(changed.values(corrected_text=text))
        case e.CaptionsRedacted(participant_id=person):
            said = sa.update(captions).where(of_session, captions.c.participant_id == person)
            await tx.execute(said.values(text="", words=[], corrected_text=None))
        case _:
            pass
