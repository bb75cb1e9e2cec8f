"""The reconciler's decisions: from the log's word and LiveKit's word to what to note and what to ask for; pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from orchestrator.egress import orders, streams
from orchestrator.egress.facts import NS_PER_MS, EgressFact, RoomFacts
from orchestrator.egress.orders import (
    AddStream,
    CloseRoom,
    Measured,
    MeasureProgramme,
    Note,
    Order,
    Outcome,
    Refused,
    RemoveStream,
    Start,
    Started,
    Stop,
)
from orchestrator.egress.streams import Situation
from orchestrator.state.recordings import RecordingState
from orchestrator.state.session import SessionState
from schema import events as e

# A recorder that LiveKit lists as running but that is in no room has died with its worker; LiveKit never notices.
RECORDER_GRACE_S = 15.0
# LiveKit's own egress gives its browser 30 s to load the page, which then enters the room.
BROWSER_GRACE_S = 45.0
# One that is ending has left the room already and closes its files.
ENDING_GRACE_S = 60.0
# A recorder ends by itself when its room is closed; a stop on top of that would wait 3 s for nobody.
LEAVING_GRACE_S = 10.0
# livekit-server restarting empties its rooms for a moment; a class is over only when the room stays away.
ROOM_GRACE_S = 45.0
STEADY_S = 60.0
# LiveKit tells of changes by webhook; where something is under way and a webhook may be lost, look again soon.
UNSETTLED_S = 3.0


class Memory(msgspec.Struct, frozen=True):
    """What one replica remembers between two looks at a session; losing it costs a moment of patience, nothing else.

    `starts` counts egress starts without a minute of health since, `absent` says since when a room or recorder is missing,
    `stopped` has the egresses that were told to stop.
    """

    starts: int = 0
    next_start_at: datetime | None = None
    asked: Mapping[UUID, datetime] = {}
    absent: Mapping[str, datetime] = {}
    stopped: frozenset[str] = frozenset()


class Scene(msgspec.Struct, frozen=True):
    """`targets` maps a destination to its redacted URL, empty while its platform was not asked for one; `unusable` to why it
    has none. `jitter` is in [-1, 1]."""

    session_id: UUID
    state: SessionState
    facts: RoomFacts
    targets: Mapping[UUID, str]
    unusable: Mapping[UUID, str]
    memory: Memory
    now: datetime
    jitter: float = 0.0

    def situation(self, destination: UUID) -> Situation:
        return Situation(self.now, self.jitter, self.memory.asked.get(destination))


class Plan(msgspec.Struct, frozen=True):
    """`settled` means that nothing is left to do for this session, ever."""

    notes: tuple[Note, ...] = ()
    orders: tuple[Order, ...] = ()
    wake_at: datetime | None = None
    settled: bool = False


def observe(memory: Memory, state: SessionState, facts: RoomFacts, now: datetime) -> Memory:
    """Note since when what should be there is missing, and forget failures after a minute of health."""
    missing = {fact.id for fact in facts.egress if not fact.over} - facts.identities
    if not facts.exists:
        missing.add("room")
    current = chosen(state, facts, memory, now)
    steady = current is not None and _age_s(current, now) >= STEADY_S
    return msgspec.structs.replace(
        memory,
        starts=0 if steady else memory.starts,
        absent={name: memory.absent.get(name, now) for name in missing},
    )


def chosen(
    state: SessionState, facts: RoomFacts, memory: Memory, now: datetime
) -> EgressFact | None:
    """The egress that carries the programme: the log's own while it lives, else the latest that does."""
    alive = [fact for fact in facts.egress if fact.running and not _dead(fact, memory, now)]
    if state.egress and not state.egress.ended:
        for fact in alive:
            if fact.id == state.egress.id:
                return fact
    return max(alive, key=lambda fact: fact.started_at_ns, default=None)


def plan(scene: Scene) -> Plan:
    current = chosen(scene.state, scene.facts, scene.memory, scene.now)
    notes = [*_egress_notes(scene, current), *_recording_notes(scene), *_people_notes(scene)]
    if scene.state.status == "live":
        return _live(scene, current, notes)
    if scene.state.status == "ended":
        return _ended(scene, current, notes)
    return Plan(tuple(notes), settled=True)


def remember(scene: Scene, order: Order, outcome: Outcome, asked_at: datetime) -> Memory:
    """A start or stop, successful or not, and which destinations were asked for when: before the answer, which may tell of
    their end."""
    memory = scene.memory
    asked: tuple[UUID, ...] = ()
    if isinstance(order, Start):
        pause = streams.delay(memory.starts + 1, scene.jitter)
        memory = msgspec.structs.replace(
            memory, starts=memory.starts + 1, next_start_at=scene.now + pause
        )
        asked = order.destinations
    elif isinstance(order, AddStream):
        asked = (order.destination,)
    elif isinstance(order, Stop):
        return msgspec.structs.replace(memory, stopped=memory.stopped | {order.egress_id})
    if isinstance(outcome, Refused):
        return memory
    return msgspec.structs.replace(memory, asked={**memory.asked, **dict.fromkeys(asked, asked_at)})


def aftermath(scene: Scene, order: Order, outcome: Outcome) -> list[Note]:
    """What to note of an order carried out; `scene` has the log's state and the memory of after it."""
    match order, outcome:
        case Start(attempt=attempt), Started(egress_id=egress_id, blocked=blocked):
            failed = [_failed(scene, name, reason) for name, reason in blocked.items()]
            return [orders.started(egress_id, attempt), *failed]
        case Start(destinations=destinations), Refused(reason=reason):
            return [_postponed(scene, name, reason) for name in destinations]
        case AddStream(destination=destination), Refused(reason=reason):
            return [_failed(scene, destination, reason)]
        case MeasureProgramme(recording_id=name), Measured(duration_ms=duration_ms):
            return [orders.measured(name, duration_ms)]
        case _:
            return []


def _live(scene: Scene, current: EgressFact | None, notes: list[Note]) -> Plan:
    if not scene.facts.exists:
        return _room_gone(scene, notes)
    if current is None:
        return _start(scene, notes)
    ghosts = [Stop(fact.id) for fact in _alive_beside(scene, current)]
    changes, wanted, wakes = _follow_all(scene, current)
    connecting = any(
        stream.status == "active" and not stream.started_at_ns for stream in current.streams
    )
    if connecting or wanted or not (current.programme and current.programme.started_at_ns):
        wakes.append(scene.now + timedelta(seconds=UNSETTLED_S))
    return Plan((*notes, *changes), (*ghosts, *wanted), min(wakes, default=None))


def _follow_all(
    scene: Scene, current: EgressFact
) -> tuple[list[Note], list[Order], list[datetime]]:
    changes: list[Note] = []
    wanted: list[Order] = []
    wakes: list[datetime] = []
    for destination, known in scene.state.destinations.items():
        url = scene.targets.get(destination)
        if not known.selected:
            step = streams.leave(destination, known, url, current)
            order: Order = RemoveStream(current.id, destination)
        elif url is None:
            step = streams.Step(_unusable(scene, destination))
            order = AddStream(current.id, destination, current.browser)
        else:
            step = streams.follow(
                destination, known, current.stream(url), scene.situation(destination)
            )
            order = AddStream(current.id, destination, current.browser)
        changes += [_change(scene, step.change)] if step.change else []
        wanted += [order] if step.order else []
        retry_at = step.change.next_attempt_at if step.change else step.wake_at
        wakes += [retry_at] if retry_at else []
    return changes, wanted, wakes


def _start(scene: Scene, notes: list[Note]) -> Plan:
    ending = _ending(scene)
    wait = scene.memory.next_start_at
    if ending or (wait and wait > scene.now):
        soon = scene.now + timedelta(seconds=UNSETTLED_S)
        return Plan(tuple(notes), wake_at=wait if wait and wait > scene.now else soon)
    ready: list[UUID] = []
    changes: list[e.DestinationChanged | None] = []
    for destination, known in scene.state.destinations.items():
        if not known.selected:
            changes.append(streams.leave(destination, known, None, None).change)
        elif destination not in scene.targets:
            changes.append(_unusable(scene, destination))
        elif scene.targets[destination] and streams.due(known, scene.now):
            ready.append(destination)
            changes.append(streams.connecting(destination, known))
    last = scene.state.egress.attempt if scene.state.egress else 0
    attempt = max(last, len(scene.facts.egress)) + 1
    noted = [_change(scene, change) for change in changes if change]
    return Plan((*notes, *noted), (Start(attempt, tuple(ready), scene.state.quality),))


def _room_gone(scene: Scene, notes: list[Note]) -> Plan:
    since = scene.memory.absent.get("room", scene.now)
    over_at = since + timedelta(seconds=ROOM_GRACE_S)
    if scene.now < over_at:
        return Plan(tuple(notes), wake_at=over_at)
    return Plan((*notes, orders.room_finished()), wake_at=scene.now)


def _ended(scene: Scene, current: EgressFact | None, notes: list[Note]) -> Plan:
    alive = _alive_beside(scene, None)
    # A recorder whose room is gone looks dead and may be slow to notice: it is told once, by whoever looks first.
    unsure = [f for f in scene.facts.egress if f.running and f.id not in scene.memory.stopped]
    if unsure or alive or _ending(scene):
        named = dict.fromkeys(fact.id for fact in (*unsure, *alive))
        stops = () if _leaving(scene) else tuple(Stop(name) for name in named)
        return Plan(tuple(notes), stops, scene.now + timedelta(seconds=UNSETTLED_S))
    closed = [
        _change(scene, streams.close(destination, known))
        for destination, known in scene.state.destinations.items()
        if known.status in streams.OPEN
    ]
    measure = [
        MeasureProgramme(recording.id, recording.key)
        for recording in _open_programmes(scene, notes)
    ]
    close = [CloseRoom()] if scene.facts.exists else []
    return Plan((*notes, *closed), (*measure, *close), settled=True)


def _egress_notes(scene: Scene, current: EgressFact | None) -> Iterable[Note]:
    logged = scene.state.egress
    if logged and not logged.ended and (current is None or current.id != logged.id):
        fact = next((fact for fact in scene.facts.egress if fact.id == logged.id), None)
        if fact not in _ending(scene):
            error = fact.error if fact and fact.over else "The egress worker went away."
            yield Note(
                f"egress:{logged.id}:ended",
                e.EgressEnded(egress_id=logged.id, error=error or None),
            )
    if current and scene.state.status == "live" and (not logged or logged.id != current.id):
        yield orders.started(current.id, (logged.attempt if logged else 0) + 1)


def _recording_notes(scene: Scene) -> Iterable[Note]:
    """One recording for a class, however many egresses carried it (ADR 0029); its length is the last one's end."""
    begun = [fact for fact in scene.facts.egress if fact.began_ns]
    if not begun:
        return
    first, last = (choose(begun, key=lambda fact: fact.began_ns) for choose in (min, max))
    name = orders.recording_id(scene.session_id)
    known = scene.state.recordings.get(name)
    if known is None and first.programme:
        yield orders.added(name, first.programme)
    # One that died says how long it was when it last said anything: then the playlist is asked.
    if scene.state.status == "ended" and last.status == "complete":
        begin_ms = known.started_at_unix_ms if known else first.began_ns // NS_PER_MS
        length_ms = last.ended_ns // NS_PER_MS - begin_ms
        if known is None or known.duration_ms != length_ms:
            yield orders.measured(name, length_ms)


def _open_programmes(scene: Scene, notes: list[Note]) -> list[RecordingState]:
    done = {n.event.recording_id for n in notes if isinstance(n.event, e.RecordingCompleted)}
    return [
        recording
        for recording in scene.state.recordings.values()
        if recording.kind == "programme"
        and recording.duration_ms is None
        and recording.id not in done
    ]


def _people_notes(scene: Scene) -> Iterable[Note]:
    """What the webhooks say too, under the same keys: a lost one is made up for, a late one changes nothing."""
    here = scene.facts.people
    for person in scene.state.participants.values():
        sid = here.get(str(person.id))
        if sid and sid not in person.seen:
            yield orders.joined(person.id, sid)
        for gone in sorted(person.sids - {sid}):
            yield orders.left(person.id, gone)


def _unusable(scene: Scene, destination: UUID) -> e.DestinationChanged | None:
    if scene.state.destinations[destination].status == "failed":
        return None
    reason = scene.unusable.get(destination, "This destination was removed.")
    return e.DestinationChanged(destination_id=destination, status="failed", reason=reason)


def _failed(scene: Scene, destination: UUID, reason: str) -> Note:
    known = scene.state.destinations[destination]
    at = scene.situation(destination)
    return _change(scene, streams.failure(destination, known, known.attempt + 1, reason, at))


def _postponed(scene: Scene, destination: UUID, reason: str) -> Note:
    """No egress came: the destination is not to blame, so its own failures are not counted up."""
    change = e.DestinationChanged(
        destination_id=destination,
        status="retrying",
        attempt=scene.state.destinations[destination].attempt,
        next_attempt_at=scene.memory.next_start_at,
        reason=reason,
    )
    return _change(scene, change)


def _change(scene: Scene, change: e.DestinationChanged) -> Note:
    return orders.changed(scene.state.destinations[change.destination_id], change)


def _alive_beside(scene: Scene, current: EgressFact | None) -> list[EgressFact]:
    return [
        fact
        for fact in scene.facts.egress
        if fact.running
        and not _dead(fact, scene.memory, scene.now)
        and (current is None or fact.id != current.id)
    ]


def _leaving(scene: Scene) -> bool:
    """Whether recorders are just finding out that their room was closed."""
    since = scene.memory.absent.get("room")
    return since is not None and (scene.now - since).total_seconds() < LEAVING_GRACE_S


def _ending(scene: Scene) -> list[EgressFact]:
    return [
        fact
        for fact in scene.facts.egress
        if fact.status == "ending" and not _dead(fact, scene.memory, scene.now)
    ]


def _dead(fact: EgressFact, memory: Memory, now: datetime) -> bool:
    since = memory.absent.get(fact.id)
    return since is not None and (now - since).total_seconds() >= _grace_s(fact)


def _grace_s(fact: EgressFact) -> float:
    if not fact.running:
        return ENDING_GRACE_S
    opening = fact.browser and fact.status == "starting"
    return BROWSER_GRACE_S if opening else RECORDER_GRACE_S


def _age_s(fact: EgressFact, now: datetime) -> float:
    return now.timestamp() - fact.started_at_ns / 1e9 if fact.started_at_ns else 0.0
