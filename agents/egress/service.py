"""The egress worker: takes what livekit-server dispatches, and answers for it until its end."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import structlog
from google.protobuf.message import Message
from livekit import api
from livekit.protocol import egress as proto

from agents.egress.capacity import CpuMeter, Load, Promises, cores_for, has_room, taken_by
from agents.egress.child import Recorders
from agents.egress.job import STOP_WITHIN_S, Job
from agents.egress.ledger import Ledger, bury_ghosts, bury_orphans
from agents.egress.plan import Plan, make_plan
from agents.egress.psrpc import wire
from agents.egress.psrpc.bus import Bus
from agents.egress.psrpc.errors import RpcError
from agents.egress.psrpc.server import RpcServer
from agents.egress.record import Record
from agents.egress.recorder import messages
from agents.egress.reports.heartbeat import Heartbeat
from agents.egress.reports.meter import Meter
from agents.egress.reports.sender import Sender
from agents.egress.spool.leftovers import Leftovers
from orchestrator.settings import Settings
from schema.egress import WorkerBeat

log = structlog.get_logger(__name__)

INTERNAL = "EgressInternal"
HANDLER = "EgressHandler"
# An egress that is stopped closes its outputs, brings what is left to the store, and delivers its final record.
ENDING_S = STOP_WITHIN_S + 5.0
# A late Stop gets its not_found at once instead of a timeout of three seconds.
LINGER_S = 5.0


class EgressService:
    """One per worker process. `serve` announces it, `drain` ends it."""

    def __init__(
        self,
        settings: Settings,
        server: RpcServer,
        ledger: Ledger,
        recorders: Recorders,
        leftovers: Leftovers,
        reports: Sender,
        bus: Bus,
    ) -> None:
        self._settings = settings
        self._server = server
        self._ledger = ledger
        self._recorders = recorders
        self._leftovers = leftovers
        self._reports = reports
        self._cpu = CpuMeter()
        self._heartbeat = Heartbeat(bus, self._beat)
        self._leaving = False
        self._jobs: dict[str, Job] = {}
        self._promises = Promises()
        self._running: set[asyncio.Task[None]] = set()
        self._background: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Returns once livekit-server can reach this worker. Raises BusUnavailable."""
        await self._recorders.start()
        await self._server.register(INTERNAL, "ListActiveEgress", self._list, multi=True)
        await self._server.register(INTERNAL, "StartEgress", self._start, affinity=self._affinity)
        self._background = {
            asyncio.create_task(self._cpu.run()),
            asyncio.create_task(self._heartbeat.run()),
            asyncio.create_task(self._leftovers.run()),
            asyncio.create_task(bury_orphans(self._ledger, time.time_ns, asyncio.sleep)),
            asyncio.create_task(bury_ghosts(self._ledger, time.time_ns, asyncio.sleep)),
        }

    async def drain(self, drain_s: float) -> None:
        """Takes nothing new, lets egresses end by themselves while there is time, then stops the rest properly: in `drain_s`."""
        end_s = time.monotonic() + drain_s
        self._leaving = True
        self._heartbeat.hurry()
        await self._server.deregister(INTERNAL, "StartEgress")
        log.info("draining", running=len(self._running))
        await self._over_by(end_s - ENDING_S)
        for job in self._jobs.values():
            job.stop("Process killed", within_s=min(STOP_WITHIN_S, drain_s * 0.8))
        await self._over_by(end_s)
        left = self._running | self._background
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._recorders.close()

    async def _over_by(self, end_s: float) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=max(0.0, end_s - time.monotonic()))

    def _affinity(self, raw: bytes) -> float:
        """1.0 is accepted at once; a negative one stays silent, so that another worker may take it."""
        request = wire.StartEgressRequest.FromString(raw)
        if request.egress_id in self._jobs:
            return 1.0
        try:
            plan = make_plan(request, datetime.now(UTC))
        except RpcError:
            return 1.0  # what nobody serves is refused with its reason, at once
        return 1.0 if has_room(self._load(), cores_for(plan.encoding)) else -1.0

    def _beat(self) -> WorkerBeat:
        takes = frozenset() if self._leaving else taken_by(self._load())
        return WorkerBeat(takes=takes, running=len(self._running))

    def _load(self) -> Load:
        return Load(
            running=len(self._running),
            promised_cores=self._promises.cores,
            cores=self._cpu.cores,
            used_cores=self._cpu.used_cores,
            free_cores=self._cpu.free_cores,
        )

    async def _start(self, raw: bytes) -> Message:
        request = wire.StartEgressRequest.FromString(raw)
        known = self._jobs.get(request.egress_id)
        if known is not None:  # the server asks again when the first answer was late
            return known.snapshot()
        plan = make_plan(request, datetime.now(UTC))
        job = self._job(Record(request, plan), plan)
        self._jobs[plan.egress_id] = job
        self._promises.make(plan.egress_id, cores_for(plan.encoding))
        try:
            # LiveKit must know the egress before any update of it, and its commands must find ears before the answer.
            await self._ledger.create(job.snapshot())
            await self._listen(plan.egress_id, job)
        except BaseException:
            self._forget(plan.egress_id)
            raise
        task = asyncio.create_task(self._run(plan.egress_id, job))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        self._heartbeat.hurry()
        log.info("egress_started", egress=plan.egress_id, targets=len(plan.targets))
        return job.snapshot()

    def _job(self, record: Record, plan: Plan) -> Job:
        meter = Meter(plan)

        def measured(health: messages.Health, on_air: Mapping[str, str]) -> None:
            report = meter.measure(health, on_air)
            if report is not None:
                self._reports.offer(plan.room_name, report)

        return Job(record, plan, self._start_message, self._ledger, time.time_ns, measured)

    def _start_message(self, plan: Plan) -> messages.Start:
        settings = self._settings
        grants = api.VideoGrants(
            room_join=True,
            room=plan.room_name,
            can_subscribe=True,
            can_publish=False,
            can_publish_data=False,
            hidden=True,
            recorder=True,
        )
        token = api.AccessToken(
            settings.livekit_api_key, settings.livekit_api_secret.reveal()
        ).with_identity(plan.egress_id)
        jwt = token.with_kind("egress").with_grants(grants).to_jwt()
        return messages.Start(plan, settings.livekit_api_url, jwt, settings.video_encoder)

    async def _run(self, egress_id: str, job: Job) -> None:
        try:
            await job.run(self._recorders, self._leftovers.bring_one)
        finally:
            await job.cancel()
            self._forget(egress_id)
        lingering = asyncio.create_task(self._linger(egress_id))
        self._background.add(lingering)
        lingering.add_done_callback(self._background.discard)

    async def _linger(self, egress_id: str) -> None:
        await asyncio.sleep(LINGER_S)
        await self._server.deregister(HANDLER, "StopEgress", topic=egress_id)
        await self._server.deregister(HANDLER, "UpdateStream", topic=egress_id)

    def _forget(self, egress_id: str) -> None:
        self._jobs.pop(egress_id, None)
        self._promises.forget(egress_id)

    async def _listen(self, egress_id: str, job: Job) -> None:
        async def stop(_raw: bytes) -> Message:
            _refuse_if_over(job)
            job.stop("StopEgress API")
            return job.snapshot()

        async def update(raw: bytes) -> Message:
            _refuse_if_over(job)
            request = proto.UpdateStreamRequest.FromString(raw)
            job.update_streams(list(request.add_output_urls), list(request.remove_output_urls))
            return job.snapshot()

        await self._server.register(HANDLER, "StopEgress", stop, topic=egress_id)
        await self._server.register(HANDLER, "UpdateStream", update, topic=egress_id)

    async def _list(self, _raw: bytes) -> Message:
        response: Message = wire.ListActiveEgressResponse(egress_ids=list(self._jobs))
        return response


def _refuse_if_over(job: Job) -> None:
    if job.record.over:
        raise RpcError("not_found", "egress is over")
