"""Order in class: who may speak, whose hand is up, who had to leave, and the door."""

from uuid import UUID

from schema.log.base import Payload
from schema.people import MutableSource, Permissions


class PermissionsChanged(Payload, frozen=True, tag="participant.permissions_changed"):
    """All of the participant's rights from now on; `changed_by` is a user."""

    participant_id: UUID
    permissions: Permissions
    changed_by: UUID


class ParticipantMuted(Payload, frozen=True, tag="participant.muted"):
    """Who was muted may switch it on again."""

    participant_id: UUID
    source: MutableSource
    muted_by: UUID


class ParticipantRemoved(Payload, frozen=True, tag="participant.removed"):
    """Out, and kept out until readmitted."""

    participant_id: UUID
    removed_by: UUID


class ParticipantReadmitted(Payload, frozen=True, tag="participant.readmitted"):
    participant_id: UUID
    readmitted_by: UUID


class HandRaised(Payload, frozen=True, tag="hand.raised"):
    participant_id: UUID


class HandLowered(Payload, frozen=True, tag="hand.lowered"):
    """`lowered_by` is a user: its owner, or who keeps order."""

    participant_id: UUID
    lowered_by: UUID


class RoomLocked(Payload, frozen=True, tag="room.locked"):
    """Nobody new comes in; who was in may come back."""

    locked_by: UUID


class RoomUnlocked(Payload, frozen=True, tag="room.unlocked"):
    unlocked_by: UUID


class RulesChanged(Payload, frozen=True, tag="rules.changed"):
    """Sets what every student may publish, those asked or silenced one by one included."""

    students_may_publish: bool
    changed_by: UUID


HandEvent = HandRaised | HandLowered
DoorEvent = ParticipantRemoved | ParticipantReadmitted | RoomLocked | RoomUnlocked
PeopleEvent = PermissionsChanged | ParticipantMuted | RulesChanged | HandEvent | DoorEvent
