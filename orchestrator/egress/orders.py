"""Carries the reconciler's orders out: at LiveKit, and in the object store. A refusal is an outcome, not an error."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog

from orchestrator.core.livekit.client import LiveKit, LiveKitRefused
from orchestrator.core.storage import Storage
from orchestrator.destinations.service import Destinations
from orchestrator.egress import domain as d
from orchestrator.egress import gateway
from orchestrator.egress.facts import playlist_ms
from orchestrator.settings import Secret
from schema.errors import LiveKitUnavailable, NotFound

log = structlog.get_logger(__name__)

Urls = dict[UUID, Secret]
NO_WORKER = "No egress worker answered."


class Orders:
    def __init__(self, livekit: LiveKit, storage: Storage, destinations: Destinations) -> None:
        self._livekit = livekit
        self._storage = storage
        self._destinations = destinations

    async def carry_out(self, order: d.Order, room: str, folder: str, urls: Urls) -> d.Outcome:
        """`folder` is where the session's programmes lie; `urls` hold the keys. Never raises for a refusal by LiveKit."""
        match order:
            case d.Start():
                return await self._start(order, room, folder, urls)
            case d.AddStream(egress_id=egress_id, destination=name):
                return await self._add(egress_id, urls[name])
            case d.RemoveStream(egress_id=egress_id, destination=name):
                remove = [urls[name].reveal()]
                return await _try(lambda: self._livekit.update_stream(egress_id, [], remove))
            case d.Stop(egress_id=egress_id):
                return await _try(lambda: self._livekit.stop_egress(egress_id))
            case d.CloseRoom():
                return await _try(lambda: self._livekit.delete_room(room))
            case d.MeasureProgramme(key=key):
                return await self._measure(key)

    async def _start(self, order: d.Start, room: str, folder: str, urls: Urls) -> d.Outcome:
        blocked = {
            name: reason
            for name in order.destinations
            if (reason := await self._destinations.refusal(urls[name].reveal()))
        }
        wanted = [urls[name] for name in order.destinations if name not in blocked]
        try:
            egress_id = await gateway.start_programme(
                self._livekit, room, f"{folder}/{order.attempt}", wanted
            )
        except LiveKitUnavailable:
            return d.Refused(NO_WORKER)
        except LiveKitRefused as refused:
            log.warning("egress refused", room=room, code=refused.code)
            return d.Refused(f"LiveKit refused to start the programme ({refused.code}).")
        return d.Started(egress_id, blocked)

    async def _add(self, egress_id: str, url: Secret) -> d.Outcome:
        if reason := await self._destinations.refusal(url.reveal()):
            return d.Refused(reason)
        return await _try(lambda: self._livekit.update_stream(egress_id, [url.reveal()], []))

    async def _measure(self, key: str) -> d.Outcome:
        try:
            playlist = await self._storage.get(key)
        except NotFound:
            return d.Measured(0)
        return d.Measured(playlist_ms(playlist.decode()))


async def _try(call: Callable[[], Awaitable[Any]]) -> d.Outcome:
    try:
        await call()
    except LiveKitUnavailable:
        return d.Refused("The egress worker does not answer.")
    except LiveKitRefused as refused:
        # LiveKit's own text may repeat the URL with its key; the code is enough.
        log.warning("order refused", code=refused.code)
        return d.Refused(f"LiveKit refused ({refused.code}).")
    return d.Done()
