"""Lost, late, doubled and reordered webhooks change nothing: with the reconciler's looks the log says the same."""

import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from orchestrator.egress.domain import Memory
from orchestrator.egress.facts import RoomFacts
from orchestrator.webhooks.domain import Occurrence, notes
from schema import events as e
from tests.orchestrator.egress.world import SESSION, World

PEOPLE = tuple(UUID(int=500 + n) for n in range(3))
ROOM = f"session-{SESSION}"


class Hall(World):
    """Who is in the room, by LiveKit's word; each coming and going sends a webhook."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: dict[UUID, str] = {}
        self.sent: list[Occurrence] = []
        self.command(e.SessionStarted(room=ROOM, started_by=SESSION))
        for person in PEOPLE:
            self.command(
                e.ParticipantJoined(
                    participant_id=person, user_id=person, name="Somebody", role="student"
                )
            )

    def enter_or_leave(self, person: UUID) -> None:
        sid = self.inside.pop(person, None)
        verb = "participant_left"
        if sid is None:
            sid = self.inside[person] = f"PA_{len(self.sent)}"
            verb = "participant_joined"
        self.sent.append(
            Occurrence(
                id=f"EV_{len(self.sent)}",
                event=verb,
                room=ROOM,
                identity=str(person),
                sid=sid,
                person=True,
            )
        )

    def receive(self, occurrence: Occurrence) -> None:
        found = notes(occurrence, self.log.state, room_exists=self.room)
        self._note(found)

    def facts(self) -> RoomFacts:
        people = {str(person): sid for person, sid in self.inside.items()}
        return replace(super().facts(), people=people)

    def here(self) -> dict[UUID, frozenset[str]]:
        """Who is in the room, by our log."""
        return {name: known.sids for name, known in self.log.state.participants.items()}


@given(
    st.lists(st.sampled_from(PEOPLE), max_size=12),
    st.randoms(use_true_random=False),
    st.data(),
)
def test_disorder_leaves_no_trace(
    moves: list[UUID], chance: random.Random, data: st.DataObject
) -> None:
    hall = Hall()
    for person in moves:
        hall.enter_or_leave(person)
    lost = data.draw(st.sets(st.sampled_from(range(len(moves)))) if moves else st.just(set()))
    arriving = [sent for n, sent in enumerate(hall.sent) if n not in lost]
    doubled = data.draw(
        st.lists(st.sampled_from(arriving), max_size=5) if arriving else st.just([])
    )
    mixed = arriving + doubled
    chance.shuffle(mixed)
    look_after = data.draw(st.integers(0, len(mixed)))
    for occurrence in mixed[:look_after]:
        hall.receive(occurrence)
    hall.look(Memory())
    for occurrence in mixed[look_after:]:
        hall.receive(occurrence)
    hall.look(Memory())
    # Whatever came late, the log says who is here, and each connection once at most.
    assert hall.here() == {
        person: frozenset({hall.inside[person]}) if person in hall.inside else frozenset()
        for person in PEOPLE
    }
    told = [
        (type(event), event.sid)
        for event in hall.log.events
        if isinstance(event, e.ParticipantConnected | e.ParticipantLeft)
    ]
    assert len(told) == len(set(told))


def test_agents_strangers_and_people_without_a_seat_write_nothing() -> None:
    hall = Hall()
    hall.enter_or_leave(PEOPLE[0])
    (good,) = hall.sent
    for changes in ({"person": False}, {"identity": "agent-1"}, {"identity": str(UUID(int=9))}):
        assert notes(replace(good, **changes), hall.log.state, room_exists=True) == []
    assert len(notes(good, hall.log.state, room_exists=True)) == 1


def test_a_finished_room_ends_the_class_once_and_a_reopened_one_does_not() -> None:
    hall = Hall()
    finished = Occurrence(id="EV_1", event="room_finished", room=ROOM)
    assert notes(finished, hall.log.state, room_exists=True) == []
    hall.close_room()
    hall.receive(finished)
    hall.receive(finished)
    assert hall.log.state.status == "ended"
    assert [type(event) for event in hall.log.events].count(e.SessionEnded) == 1
