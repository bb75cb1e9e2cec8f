"""How often a room without agent is offered one: soon, then ever more rarely."""

from agents.room.recall import Patience


def test_a_new_room_is_given_time_for_its_own_job() -> None:
    patience = Patience()
    assert patience.exhausted({"a"}) == set()
    assert patience.exhausted({"a"}) == {"a"}


def test_a_room_that_keeps_losing_its_agent_is_asked_ever_more_rarely_but_always_again() -> None:
    patience = Patience()
    due = [look for look in range(1, 65) if patience.exhausted({"a"})]
    assert due == [2, 4, 8, 16, 32, 48, 64]


def test_an_agent_that_came_back_resets_the_patience() -> None:
    patience = Patience()
    for _ in range(5):
        patience.exhausted({"a"})
    assert patience.exhausted(set()) == set()
    assert patience.exhausted({"a"}) == set()
    assert patience.exhausted({"a", "b"}) == {"a"}
