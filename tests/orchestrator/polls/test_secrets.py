"""What is sealed opens only where it belongs, and a pseudonym says nothing of a person."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.core.crypto import Keyring, Undecryptable
from orchestrator.core.guard.spreadsheet import safe
from orchestrator.polls.secrets import PollSecrets
from orchestrator.settings import Secret
from schema.polls import PollDraft, PollQuestion

TENANT, POLL, OTHER = uuid4(), uuid4(), uuid4()
secrets = PollSecrets(Keyring(Secret("1e" * 32)))


@given(choices=st.sets(st.integers(0, 9)))
def test_choices_come_back_and_their_seal_has_one_length(choices: set[int]) -> None:
    sealed = secrets.seal_choices(TENANT, POLL, "r", tuple(sorted(choices)))
    assert secrets.choices(TENANT, POLL, "r", sealed) == tuple(sorted(choices))
    assert len(sealed) == len(secrets.seal_choices(TENANT, POLL, "r", ()))


def test_a_seal_moved_to_another_poll_or_person_does_not_open() -> None:
    sealed = secrets.seal_choices(TENANT, POLL, "r", (1,))
    for tenant, poll, who in ((TENANT, OTHER, "r"), (TENANT, POLL, "s"), (OTHER, POLL, "r")):
        with pytest.raises(Undecryptable):
            secrets.choices(tenant, poll, who, sealed)


def test_pseudonyms_are_of_one_person_one_poll_and_one_key() -> None:
    people, sealed = [uuid4(), uuid4()], draft(secrets)
    names = {secrets.respondent(poll, sealed, who) for poll in (POLL, OTHER) for who in people}
    assert len(names) == 4
    assert secrets.respondent(POLL, draft(secrets), people[0]) in names
    strange = PollSecrets(Keyring(Secret("2d" * 32)))
    assert strange.respondent(POLL, draft(strange), people[0]) not in names


def test_a_new_key_gives_nobody_a_second_answer() -> None:
    person, sealed = uuid4(), draft(secrets)
    rotated = PollSecrets(Keyring(Secret("2d" * 32), [Secret("1e" * 32)]))
    assert rotated.respondent(POLL, sealed, person) == secrets.respondent(POLL, sealed, person)
    forgot = PollSecrets(Keyring(Secret("2d" * 32)))
    with pytest.raises(Undecryptable):
        forgot.respondent(POLL, sealed, person)


def draft(by: PollSecrets) -> str:
    asked = PollQuestion(prompt="Where?", options=["Bath", "Highbury"])
    return by.seal_draft(TENANT, POLL, PollDraft(question=asked))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "＝1"])  # noqa: RUF001 full-width
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are() -> None:
    assert [safe(cell) for cell in ("1-1", "a=b", "")] == ["1-1", "a=b", ""]
