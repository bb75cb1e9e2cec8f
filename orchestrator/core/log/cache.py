"""The newest committed states that this process knows: immutable, and a sequence once committed never changes."""

from collections import OrderedDict
from typing import Generic, TypeVar
from uuid import UUID

S = TypeVar("S")

SESSIONS = 512


class States(Generic[S]):
    def __init__(self) -> None:
        self._newest: OrderedDict[UUID, tuple[int, S]] = OrderedDict()

    def newest(self, session_id: UUID) -> tuple[int, S] | None:
        """The sequence and the state after it."""
        return self._newest.get(session_id)

    def at_most(self, session_id: UUID, sequence: int) -> tuple[int, S] | None:
        """None when unknown, or known only further on."""
        known = self._newest.get(session_id)
        return known if known is not None and known[0] <= sequence else None

    def keep(self, session_id: UUID, sequence: int, state: S) -> None:
        """Call it only with what is committed. An older state than the one known is not taken."""
        known = self._newest.get(session_id)
        if known is not None and known[0] >= sequence:
            return
        self._newest[session_id] = (sequence, state)
        self._newest.move_to_end(session_id)
        while len(self._newest) > SESSIONS:
            self._newest.popitem(last=False)
