"""Snapshots of sessions: another fold, another event or another type in them, and the old ones do not count."""

import orchestrator.state
import schema
import schema.log
from orchestrator.core.log.snapshots import Snapshots
from orchestrator.state.session import SessionState


def session_snapshots() -> Snapshots[SessionState]:
    return Snapshots(SessionState, [schema, schema.log, orchestrator.state])
