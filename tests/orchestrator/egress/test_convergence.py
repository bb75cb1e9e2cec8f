"""Whatever happens to rooms, workers, destinations and replicas, the session ends up as its log wants it."""

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from orchestrator.egress.domain import Memory
from orchestrator.egress.streams import MAX_FAILURES
from schema import events as e
from tests.orchestrator.egress.world import DESTINATIONS, SESSION, URLS, World

# Every 5 s for longer than all tries at an unreachable destination take.
ENOUGH_LOOKS = 250


class Class(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.memories = [Memory(), Memory()]

    @initialize()
    def start(self) -> None:
        self.world.command(e.SessionStarted(room="room", started_by=SESSION))

    @property
    def live(self) -> bool:
        return self.world.log.state.status == "live"

    @rule(replica=st.integers(0, 1), forget=st.booleans())
    def look(self, replica: int, forget: bool) -> None:
        before = Memory() if forget else self.memories[replica]
        self.memories[replica], _ = self.world.look(before)

    @rule(seconds=st.sampled_from([0.1, 1, 5, 20, 70]))
    def wait(self, seconds: float) -> None:
        self.world.tick(seconds)

    @rule(chosen=st.sets(st.sampled_from(DESTINATIONS)))
    def select(self, chosen: set[object]) -> None:
        if self.live:
            ids = [name for name in DESTINATIONS if name in chosen]
            self.world.command(e.DestinationsSelected(destination_ids=ids))

    @rule(reachable=st.sets(st.sampled_from(DESTINATIONS)))
    def network(self, reachable: set[object]) -> None:
        self.world.reachable = {name for name in DESTINATIONS if name in reachable}

    @rule()
    def worker_dies(self) -> None:
        self.world.kill_recorders()

    @rule(noticing=st.booleans())
    def recorders(self, noticing: bool) -> None:
        self.world.noticing = noticing

    @rule(up=st.booleans())
    def workers(self, up: bool) -> None:
        self.world.worker = up

    @precondition(lambda self: self.live)
    @rule()
    def end(self) -> None:
        self.world.command(e.SessionEnded(reason="command", ended_by=SESSION))
        self.world.close_room()

    @precondition(lambda self: self.live)
    @rule()
    def room_vanishes(self) -> None:
        self.world.close_room()

    @invariant()
    def whoever_dies_there_is_one_recording(self) -> None:
        assert len(self.world.log.state.recordings) <= 1

    @invariant()
    def attempts_are_bounded(self) -> None:
        known = self.world.log.state.destinations.values()
        assert all(destination.attempt <= MAX_FAILURES for destination in known)

    def teardown(self) -> None:
        """When trouble is over, enough looks bring everything to where it belongs."""
        self.world.worker = True
        memory = self.memories[0]
        for _ in range(ENOUGH_LOOKS):
            memory, plan = self.world.look(memory)
            self.world.tick(5)
        memory, plan = self.world.look(memory)
        assert not plan.orders
        assert not plan.notes
        if self.live:
            self.check_live()
        else:
            assert plan.settled
            self.check_ended()

    def check_live(self) -> None:
        (carrier,) = self.world.running
        logged = self.world.log.state.egress
        assert logged is not None
        assert (logged.id, logged.ended) == (carrier.id, False)
        for name, known in self.world.log.state.destinations.items():
            stream = carrier.stream(URLS[name])
            on_air = stream is not None and stream.status == "active"
            if not known.selected:
                assert not on_air
                assert known.status in {"idle", "ended", "failed"}
            elif name in self.world.reachable and known.status != "failed":
                assert on_air
                assert known.status == "live"
            else:
                assert known.status == "failed"

    def check_ended(self) -> None:
        assert self.world.running == []
        assert not self.world.room
        state = self.world.log.state
        assert state.egress is None or state.egress.ended
        assert all(known.duration_ms is not None for known in state.recordings.values())
        assert all(
            known.status in {"idle", "ended", "failed"} for known in state.destinations.values()
        )


TestClass = Class.TestCase
TestClass.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_a_recorder_that_missed_the_end_of_its_room_is_told_though_it_looks_dead() -> None:
    world = World()
    world.noticing = False
    world.command(e.SessionStarted(room="room", started_by=SESSION))
    memory, _ = world.look(Memory())
    world.close_room()
    for _ in range(4):
        memory, _ = world.look(memory)
        world.tick(70)
    assert (world.stops, world.running) == (1, [])


def test_a_recording_that_another_worker_went_on_with_is_as_long_as_both() -> None:
    world = World()
    world.command(e.SessionStarted(room="room", started_by=SESSION))
    memory, _ = world.look(Memory())
    world.tick(1)
    memory, _ = world.look(memory)
    world.tick(100)
    world.kill_recorders()
    for _ in range(5):
        memory, _ = world.look(memory)
        world.tick(10)
    world.command(e.SessionEnded(reason="command", ended_by=SESSION))
    world.close_room()
    for _ in range(5):
        memory, _ = world.look(memory)
        world.tick(5)
    (recording,) = world.log.state.recordings.values()
    assert len(world.listed) == 2
    assert recording.key == "1/index.m3u8"
    begun_ns = world.listed[0].began_ns
    assert recording.duration_ms == (world.listed[1].ended_ns - begun_ns) // 1_000_000 > 140_000


def test_a_recorder_is_told_to_stop_only_when_it_does_not_notice_by_itself() -> None:
    world = World()
    world.noticing = False
    world.command(e.SessionStarted(room="room", started_by=SESSION))
    memory, _ = world.look(Memory())
    world.tick(1)
    world.command(e.SessionEnded(reason="command", ended_by=SESSION))
    world.close_room()
    memory, _ = world.look(memory)
    assert (world.stops, len(world.running)) == (0, 1)
    world.tick(11)
    world.look(memory)
    assert (world.stops, world.running) == (1, [])


@pytest.mark.parametrize(("browser", "egresses"), [(False, 2), (True, 1)])
def test_a_recorder_that_opens_its_browser_first_is_given_time(
    browser: bool, egresses: int
) -> None:
    world = World()
    world.command(e.SessionStarted(room="room", started_by=SESSION))
    memory, _ = world.look(Memory())
    world.kill_recorders()
    world.listed = [msgspec.structs.replace(fact, browser=browser) for fact in world.listed]
    for seconds in (0, 20):
        world.tick(seconds)
        memory, _ = world.look(memory)
    assert len(world.listed) == egresses
    world.tick(30)
    world.look(memory)
    assert len(world.listed) >= 2
