"""A small LiveKit in memory for the reconciler's decisions: slow, forgetful, with workers that die. And a log to note in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from orchestrator.egress import domain as d
from orchestrator.egress import orders as o
from orchestrator.egress.facts import (
    EgressFact,
    EgressStatus,
    ProgrammeFact,
    RoomFacts,
    StreamFact,
    StreamStatus,
)
from orchestrator.state.session import SessionState, evolve
from schema import events as e
from schema.quality import Quality
from schema.streams import redact

SESSION = UUID(int=1)
START = datetime(2026, 11, 21, 12, tzinfo=UTC)
DESTINATIONS = tuple(UUID(int=100 + n) for n in range(3))
URLS = {name: redact(f"rtmp://host/app/key-{name}") for name in DESTINATIONS}


class Log:
    """As orchestrator.core.eventlog: a key that is there appends nothing."""

    def __init__(self) -> None:
        self.state = SessionState()
        self.events: list[e.Event] = []
        self._keys: set[str] = set()

    def append(self, now: datetime, key: str, events: Iterable[e.Event]) -> None:
        if key in self._keys:
            return
        for event in events:
            self._keys.add(key)
            self.events.append(event)
            stored = e.StoredEvent(
                id=UUID(int=len(self.events)),
                session_id=SESSION,
                sequence=len(self.events),
                created_at=now,
                payload=event,
            )
            self.state = evolve(self.state, stored)


class World:
    """`reachable` are the destinations that take a stream; a dead worker's egress stays listed as active, as in LiveKit.

    `noticing` recorders end when their room is closed.
    """

    def __init__(self) -> None:
        self.now = START
        self.log = Log()
        self.room = True
        self.worker = True
        self.reachable = set(DESTINATIONS)
        self.listed: list[EgressFact] = []
        self.present: set[str] = set()
        self.stops = 0
        self.noticing = True
        self._count = 0
        self.qualities: list[Quality] = []
        self._commands = 0

    def command(self, *events: e.Event) -> None:
        self._commands += 1
        self.log.append(self.now, f"cmd:{self._commands}", events)

    def facts(self) -> RoomFacts:
        return RoomFacts(
            exists=self.room,
            identities=frozenset(self.present) if self.room else frozenset(),
            egress=tuple(self.listed),
        )

    def look(self, memory: d.Memory) -> tuple[d.Memory, d.Plan]:
        """As orchestrator.egress.converge does it."""
        scene = d.Scene(
            session_id=SESSION,
            state=self.log.state,
            facts=self.facts(),
            targets=URLS,
            unusable={},
            memory=d.observe(memory, self.log.state, self.facts(), self.now),
            now=self.now,
        )
        plan = d.plan(scene)
        self._note(plan.notes)
        for order in plan.orders:
            asked_at = self.now
            outcome = self.carry_out(order)
            scene = msgspec.structs.replace(scene, state=self.log.state, now=self.now)
            scene = msgspec.structs.replace(
                scene, memory=d.remember(scene, order, outcome, asked_at)
            )
            self._note(d.aftermath(scene, order, outcome))
        return scene.memory, plan

    def tick(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.listed = [self._age(fact) for fact in self.listed]

    def kill_recorders(self) -> None:
        self.present.clear()

    def close_room(self) -> None:
        self.room = False
        if self.noticing:
            self.listed = [
                replace_status(fact, "ending") if fact in self.running else fact
                for fact in self.listed
            ]

    @property
    def running(self) -> list[EgressFact]:
        return [fact for fact in self.listed if fact.running and fact.id in self.present]

    def carry_out(self, order: o.Order) -> o.Outcome:
        match order:
            case o.Start():
                return self._start(order)
            case o.AddStream(egress_id=egress_id, destination=name):
                return self._add(egress_id, URLS[name])
            case o.RemoveStream(egress_id=egress_id, destination=name):
                self._remove(egress_id, URLS[name])
            case o.Stop(egress_id=egress_id):
                self.stops += 1
                self._change(egress_id, "ending")
            case o.CloseRoom():
                self.close_room()
            case o.MeasureProgramme():
                return o.Measured(1_000)
        return o.Done()

    def _start(self, order: o.Start) -> o.Outcome:
        if not self.worker:
            self.tick(22)
            return o.Refused("No egress worker answered.")
        self._count += 1
        self.qualities.append(order.quality)
        egress_id = f"EG_{self._count}"
        self.listed.append(
            EgressFact(
                id=egress_id,
                status="starting",
                started_at_ns=self._ns(),
                streams=tuple(StreamFact(url=URLS[name]) for name in order.destinations),
                programme=ProgrammeFact(key=f"{order.attempt}/index.m3u8"),
            )
        )
        self.present.add(egress_id)
        return o.Started(egress_id)

    def _add(self, egress_id: str, url: str) -> o.Outcome:
        fact = next((f for f in self.running if f.id == egress_id), None)
        if fact is None:
            return o.Refused("The egress worker does not answer.")
        current = fact.stream(url)
        if current is None or current.status != "active":
            self._put(msgspec.structs.replace(fact, streams=(*fact.streams, StreamFact(url=url))))
        return o.Done()

    def _remove(self, egress_id: str, url: str) -> None:
        for fact in self.running:
            if fact.id == egress_id:
                ended = tuple(self._ended(s) if s.url == url else s for s in fact.streams)
                self._put(msgspec.structs.replace(fact, streams=ended))

    def _change(self, egress_id: str, status: EgressStatus) -> None:
        for fact in self.running:
            if fact.id == egress_id:
                self._put(replace_status(fact, status))

    def _put(self, changed: EgressFact) -> None:
        self.listed = [changed if fact.id == changed.id else fact for fact in self.listed]

    def _ended(
        self, stream: StreamFact, status: StreamStatus = "finished", error: str = ""
    ) -> StreamFact:
        if stream.status != "active":
            return stream
        return msgspec.structs.replace(stream, status=status, error=error, ended_at_ns=self._ns())

    def _age(self, fact: EgressFact) -> EgressFact:
        if fact.id not in self.present:
            return fact
        if fact.status == "ending":
            self.present.discard(fact.id)
            streams = tuple(self._ended(stream) for stream in fact.streams)
            done = msgspec.structs.replace(fact, status="complete", streams=streams)
            return self._with_programme(done, over=True)
        if not fact.running:
            return fact
        streams = tuple(self._age_stream(stream) for stream in fact.streams)
        aged = msgspec.structs.replace(fact, status="active", streams=streams)
        return self._with_programme(aged, over=False)

    def _age_stream(self, stream: StreamFact) -> StreamFact:
        if stream.status != "active":
            return stream
        if not any(URLS[name] == stream.url for name in self.reachable):
            return self._ended(stream, "failed", "refused")
        if stream.started_at_ns:
            return stream
        return msgspec.structs.replace(stream, started_at_ns=self._ns())

    def _with_programme(self, fact: EgressFact, *, over: bool) -> EgressFact:
        assert fact.programme is not None
        started = fact.programme.started_at_ns or self._ns()
        duration = max(1, self._ns() - started) if over else 0
        programme = ProgrammeFact(fact.programme.key, started, duration)
        return msgspec.structs.replace(fact, programme=programme)

    def _note(self, notes: Iterable[o.Note]) -> None:
        for note in notes:
            self.log.append(self.now, note.key, o.still_true(self.log.state, note))

    def _ns(self) -> int:
        return int(self.now.timestamp() * 1e9)


def replace_status(fact: EgressFact, status: EgressStatus) -> EgressFact:
    return msgspec.structs.replace(fact, status=status)
