"""Which egresses the workers of this machine run: one locked file each, which a killed worker leaves without its lock."""

from pathlib import Path
from typing import IO

import structlog

from agents.spool import SpoolInUse, claim

log = structlog.get_logger(__name__)


class Roster:
    """Of one worker; it takes over what dead ones left."""

    def __init__(self, root: Path) -> None:
        """Raises OSError."""
        root.mkdir(parents=True, exist_ok=True)
        self._root = root
        self._held: dict[str, IO[bytes]] = {}
        self._orphaned: set[str] = set()
        self._unreadable: set[str] = set()

    def enter(self, egress_id: str) -> None:
        """Until `leave`, or this process's death. On a full disk it runs unlisted, and is missed later if it dies."""
        try:
            self._hold(egress_id)
        except OSError as error:
            log.warning("roster_unwritable", egress=egress_id, reason=str(error))

    def leave(self, egress_id: str) -> None:
        """What was never entered changes nothing."""
        self._orphaned.discard(egress_id)
        if file := self._held.pop(egress_id, None):
            (self._root / egress_id).unlink(missing_ok=True)
            file.close()

    def orphaned(self) -> set[str]:
        """Egresses whose worker is dead; they are ours to bury, until `leave`."""
        for path in self._root.iterdir():
            if path.name not in self._held:
                try:
                    self._hold(path.name)
                except SpoolInUse:
                    continue
                except OSError as error:  # it may be readable at the next look, and hides no other
                    self._warn_once(path.name, error)
                    continue
                self._orphaned.add(path.name)
        return set(self._orphaned)

    def _warn_once(self, egress_id: str, error: OSError) -> None:
        if egress_id not in self._unreadable:
            self._unreadable.add(egress_id)
            log.warning("roster_unreadable", egress=egress_id, reason=str(error))

    def _hold(self, egress_id: str) -> None:
        file = (self._root / egress_id).open("ab")
        claim(file)
        self._held[egress_id] = file
