"""What only the server may read of a poll: drafts, answers under seal, and who gave which answer."""

import hashlib
import hmac
from uuid import UUID, uuid5

import msgspec

from orchestrator.core.crypto import Keyring, Place
from orchestrator.settings import Secret
from orchestrator.state.polls import Choices
from schema.polls import PollDraft

RESPONDENT_HEX = 32
# Room for every option that a poll can have.
OPTION_BITS = 16


class PollSecrets:
    """Seals are bound to the poll, those of answers also to the respondent: moved elsewhere they do not open."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal_draft(self, tenant_id: UUID, poll_id: UUID, draft: PollDraft) -> str:
        text = Secret(msgspec.json.encode(draft).decode())
        return self._keyring.seal_text(text, Place("polls", "sealed", tenant_id, poll_id))

    def draft(self, tenant_id: UUID, poll_id: UUID, sealed: str) -> PollDraft:
        """Raises Undecryptable."""
        place = Place("polls", "sealed", tenant_id, poll_id)
        return msgspec.json.decode(
            self._keyring.open_text(sealed, place).reveal(), type=PollDraft, strict=True
        )

    def seal_choices(
        self, tenant_id: UUID, poll_id: UUID, respondent: str, choices: Choices
    ) -> str:
        # Of one length for every choice: what is chosen must not show in the size of its seal.
        bits = "".join("1" if option in choices else "0" for option in range(OPTION_BITS))
        return self._keyring.seal_text(Secret(bits), _answer(tenant_id, poll_id, respondent))

    def choices(self, tenant_id: UUID, poll_id: UUID, respondent: str, sealed: str) -> Choices:
        """Raises Undecryptable."""
        place = _answer(tenant_id, poll_id, respondent)
        bits = self._keyring.open_text(sealed, place).reveal()
        return tuple(option for option, bit in enumerate(bits) if bit == "1")

    def respondent(self, poll_id: UUID, sealed: str, participant_id: UUID) -> str:
        """A pseudonym: of one poll only, so that nobody's answers to several polls can be put together.

        Its key is that of the poll's sealed draft, which stays as it is once people answer: a new ENCRYPTION_KEY gives
        nobody a second answer. Raises Undecryptable."""
        key = self._keyring.derive_beside(sealed, "poll respondents")
        who = hmac.new(key, poll_id.bytes + participant_id.bytes, hashlib.sha256)
        return who.hexdigest()[:RESPONDENT_HEX]


def _answer(tenant_id: UUID, poll_id: UUID, respondent: str) -> Place:
    return Place("poll_responses", "sealed", tenant_id, uuid5(poll_id, respondent))
