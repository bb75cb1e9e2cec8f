"""Tokens that let a person into one room, with no right that is not named here."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from livekit import api

from orchestrator.settings import Settings
from schema.people import Source

# For entering only: LiveKit itself refreshes the token of a connection that is up.
TOKEN_TTL = timedelta(minutes=10)


def track_sources(publish: Sequence[Source]) -> list[str]:
    """LiveKit's names; the sound of a shared screen is a source of its own there."""
    sound = ["screen_share_audio"] if "screen_share" in publish else []
    return [*publish, *sound]


def mint_token(
    settings: Settings,
    room: str,
    participant_id: UUID,
    name: str,
    publish: Sequence[Source],
    *,
    data: bool,
) -> str:
    """Nothing but `publish` can be sent, and data only with `data`.

    Never give it a room_config: livekit-api would write its secrets into the participant's token."""
    grants = api.VideoGrants(
        room_join=True,
        room=room,
        can_subscribe=True,
        can_publish=bool(publish),
        can_publish_sources=track_sources(publish),
        can_publish_data=data,
        can_update_own_metadata=False,
    )
    token = api.AccessToken(
        settings.livekit_api_key, settings.livekit_api_secret.reveal()
    ).with_identity(str(participant_id))
    return token.with_name(name).with_grants(grants).with_ttl(TOKEN_TTL).to_jwt()
