"""LiveKit's server API with deadlines of our own: livekit-api 1.2.2 does not apply its timeout."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
from livekit import api
from livekit.protocol import egress as pb_egress
from livekit.protocol import models as pb_models
from livekit.protocol import room as pb_room

from orchestrator.core.livekit.rooms import KnownRooms
from orchestrator.settings import Settings
from schema.errors import LiveKitUnavailable

T = TypeVar("T")

ROOM_DEADLINE_S = 5.0
# Without a worker the server itself gives up after 22 s; one that is there answers within 0.5 s.
EGRESS_DEADLINE_S = 25.0
# A room that nobody enters, and one that everybody left: long enough for a teacher whose network or laptop restarts.
EMPTY_TIMEOUT_S = 600
DEPARTURE_TIMEOUT_S = 300


class LiveKitRefused(Exception):
    """LiveKit answered no; `code` is Twirp's, such as `not_found` or `failed_precondition`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class LiveKit:
    """Every call raises LiveKitUnavailable when there is no answer in time, LiveKitRefused for a no. Needs a running loop.

    `rooms` remembers for a moment which were there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._api: api.LiveKitAPI | None = None
        self.rooms = KnownRooms(self.create_room)

    async def create_room(self, name: str) -> None:
        """Does nothing to a room that is there."""
        request = pb_room.CreateRoomRequest(
            name=name, empty_timeout=EMPTY_TIMEOUT_S, departure_timeout=DEPARTURE_TIMEOUT_S
        )
        await self._call(lambda lk: lk.room.create_room(request))

    async def delete_room(self, name: str) -> None:
        """Does nothing when the room is not there."""
        await self.rooms.forget(name)
        request = pb_room.DeleteRoomRequest(room=name)
        try:
            await self._call(lambda lk: lk.room.delete_room(request))
        except LiveKitRefused as refused:
            if refused.code != api.ServerErrorCode.NOT_FOUND:
                raise

    async def describe_room(self, name: str, metadata: str) -> None:
        """Tells everybody in the room; only the server's own API can, so that what it says can be trusted."""
        request = pb_room.UpdateRoomMetadataRequest(room=name, metadata=metadata)
        await self._call(lambda lk: lk.room.update_room_metadata(request))

    async def list_rooms(self, names: list[str] | None = None) -> list[pb_models.Room]:
        request = pb_room.ListRoomsRequest(names=names or [])
        return list((await self._call(lambda lk: lk.room.list_rooms(request))).rooms)

    async def list_participants(self, room: str) -> list[pb_models.ParticipantInfo]:
        """Empty for a room that is not there."""
        request = pb_room.ListParticipantsRequest(room=room)
        try:
            reply = await self._call(lambda lk: lk.room.list_participants(request))
        except LiveKitRefused as refused:
            if refused.code == api.ServerErrorCode.NOT_FOUND:
                return []
            raise
        return list(reply.participants)

    async def permit(
        self, room: str, identity: str, permission: pb_models.ParticipantPermission
    ) -> None:
        """Replaces all of the participant's rights; tracks that are no longer allowed are unpublished."""
        request = pb_room.UpdateParticipantRequest(
            room=room, identity=identity, permission=permission
        )
        await self._call(lambda lk: lk.room.update_participant(request))

    async def remove_participant(self, room: str, identity: str) -> None:
        """Ends their connections; a token that is still valid lets them in again."""
        request = pb_room.RoomParticipantIdentity(room=room, identity=identity)
        await self._call(lambda lk: lk.room.remove_participant(request))

    async def mute(self, room: str, identity: str, track_sid: str) -> None:
        request = pb_room.MuteRoomTrackRequest(
            room=room, identity=identity, track_sid=track_sid, muted=True
        )
        await self._call(lambda lk: lk.room.mute_published_track(request))

    async def send_data(self, room: str, data: bytes, topic: str, nonce: bytes) -> None:
        """To everybody in the room, from no participant; the server drops a second packet with the same 16 bytes of `nonce`."""
        request = pb_room.SendDataRequest(
            room=room, data=data, kind=pb_models.DataPacket.RELIABLE, topic=topic, nonce=nonce
        )
        await self._call(lambda lk: lk.room.send_data(request))

    async def start_room_composite(
        self, request: pb_egress.RoomCompositeEgressRequest
    ) -> pb_egress.EgressInfo:
        return await self._call_egress(lambda lk: lk.egress.start_room_composite_egress(request))

    async def update_stream(
        self, egress_id: str, add_urls: list[str], remove_urls: list[str]
    ) -> pb_egress.EgressInfo:
        request = pb_egress.UpdateStreamRequest(
            egress_id=egress_id, add_output_urls=add_urls, remove_output_urls=remove_urls
        )
        return await self._call_egress(lambda lk: lk.egress.update_stream(request))

    async def stop_egress(self, egress_id: str) -> pb_egress.EgressInfo:
        request = pb_egress.StopEgressRequest(egress_id=egress_id)
        return await self._call_egress(lambda lk: lk.egress.stop_egress(request))

    async def list_egress(self, room: str) -> list[pb_egress.EgressInfo]:
        """The room's egresses, ended ones of the last minutes too."""
        request = pb_egress.ListEgressRequest(room_name=room)
        return list((await self._call(lambda lk: lk.egress.list_egress(request))).items)

    async def list_active_egress(self) -> list[pb_egress.EgressInfo]:
        """Of all rooms."""
        request = pb_egress.ListEgressRequest(active=True)
        return list((await self._call(lambda lk: lk.egress.list_egress(request))).items)

    async def close(self) -> None:
        await self.rooms.close()
        if self._api is not None:
            await self._api.aclose()

    async def _call(self, call: Callable[[api.LiveKitAPI], Awaitable[T]]) -> T:
        """After a failure no room is known to be there."""
        try:
            return await self._ask(call, ROOM_DEADLINE_S)
        except LiveKitUnavailable:
            self.rooms.forget_all()
            raise

    async def _call_egress(self, call: Callable[[api.LiveKitAPI], Awaitable[T]]) -> T:
        """A failure says nothing of the rooms: most likely no egress worker is there to answer."""
        return await self._ask(call, EGRESS_DEADLINE_S)

    async def _ask(self, call: Callable[[api.LiveKitAPI], Awaitable[T]], deadline_s: float) -> T:
        away = "The media server is away; try again shortly."
        try:
            async with asyncio.timeout(deadline_s):
                return await call(self._client())
        except api.ServerError as error:
            if error.status >= 500 or error.code == api.ServerErrorCode.UNAUTHENTICATED:
                raise LiveKitUnavailable(away) from error
            raise LiveKitRefused(error.code, error.message) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise LiveKitUnavailable(away) from error

    def _client(self) -> api.LiveKitAPI:
        if self._api is None:
            self._api = api.LiveKitAPI(
                self._settings.livekit_api_url,
                self._settings.livekit_api_key,
                self._settings.livekit_api_secret.reveal(),
                failover=False,
            )
        return self._api
