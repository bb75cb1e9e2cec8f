"""One look at one session: read the log and LiveKit, decide, note, carry out."""

import random
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from uuid import UUID

from msgspec.structs import replace

from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.destinations.targets import Targets
from orchestrator.egress import domain
from orchestrator.egress.domain import Memory, Plan, Scene
from orchestrator.egress.facts import look_of, scrubbed
from orchestrator.egress.gateway import Addresses, Gateway
from orchestrator.egress.orders import Note, Order, still_true
from orchestrator.settings import Secret
from orchestrator.state.session import SessionState
from schema.streams import redact

TWIN = "Another destination of this class has the same address and an equal-looking key."


def even_jitter() -> float:
    return random.uniform(-1, 1)


class Converger:
    """Raises LiveKitUnavailable, DatabaseUnavailable, StorageUnavailable; what is noted by then stays, the next look goes on."""

    def __init__(
        self,
        database: Database,
        events: EventLog[SessionState],
        gateway: Gateway,
        targets: Targets,
        clock: Clock = utc_now,
        jitter: Callable[[], float] = even_jitter,
    ) -> None:
        self._database = database
        self._events = events
        self._gateway = gateway
        self._targets = targets
        self._clock = clock
        self._jitter = jitter

    async def look(self, tenant_id: UUID, session_id: UUID, memory: Memory) -> tuple[Memory, Plan]:
        """Returns what to remember until the next look, and the plan that was carried out."""
        state, urls, looks, unusable = await self._wanted(tenant_id, session_id)
        if state.room is None:
            return memory, Plan(settled=True)
        told = await self._gateway.facts(state.room)
        facts = scrubbed(told, (url.reveal() for url in urls.known.values()))
        now = self._clock()
        scene = Scene(
            session_id=session_id,
            state=state,
            facts=facts,
            targets=looks,
            unusable=unusable,
            memory=domain.observe(memory, state, facts, now),
            now=now,
            jitter=self._jitter(),
        )
        decided = domain.plan(scene)
        await self._note(tenant_id, session_id, decided.notes)
        for order in decided.orders:
            scene = await self._carry_out(tenant_id, scene, order, state.room, urls)
        return scene.memory, decided

    async def _carry_out(
        self, tenant_id: UUID, scene: Scene, order: Order, room: str, urls: Addresses
    ) -> Scene:
        folder = f"{tenant_id}/{scene.session_id}/programme"
        asked_at = self._clock()
        outcome = await self._gateway.carry_out(order, room, folder, urls)
        later = replace(scene, state=await self._state(scene.session_id), now=self._clock())
        later = replace(later, memory=domain.remember(later, order, outcome, asked_at))
        await self._note(tenant_id, scene.session_id, domain.aftermath(later, order, outcome))
        return later

    async def _state(self, session_id: UUID) -> SessionState:
        async with self._database.system_transaction() as tx:
            return await self._events.state(tx, session_id)

    async def _wanted(
        self, tenant_id: UUID, session_id: UUID
    ) -> tuple[SessionState, Addresses, dict[UUID, str], dict[UUID, str]]:
        """The log's word, the addresses, how LiveKit will report them, and why some cannot be used."""
        async with self._database.system_transaction() as tx:
            state = await self._events.state(tx, session_id)
            found = await self._targets.of_session(tx, tenant_id, session_id, state.destinations)
        selected = {name for name, known in state.destinations.items() if known.selected}
        twins = find_twins({name: url for name, url in found.known.items() if name in selected})
        usable = {name: url for name, url in found.known.items() if name not in twins}
        looks = {name: look_of(redact(url.reveal())) for name, url in usable.items()}
        addresses = Addresses(
            usable, lambda name: self._targets.ask(tenant_id, session_id, name, state.title)
        )
        unasked = dict.fromkeys(found.unasked, "")
        return state, addresses, looks | unasked, found.unusable | dict.fromkeys(twins, TWIN)

    async def _note(self, tenant_id: UUID, session_id: UUID, notes: Iterable[Note]) -> None:
        for note in notes:
            async with self._database.system_transaction() as tx:
                await self._events.append(
                    tx,
                    tenant_id,
                    session_id,
                    note.key,
                    partial(still_true, note=note),
                )


def find_twins(urls: Mapping[UUID, Secret]) -> set[UUID]:
    """All but the first of those that LiveKit's redacted reports could not tell apart."""
    seen: set[str] = set()
    twins: set[UUID] = set()
    for name, url in sorted(urls.items()):
        looks = look_of(redact(url.reveal()))
        if looks in seen:
            twins.add(name)
        seen.add(looks)
    return twins
