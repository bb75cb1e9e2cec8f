"""One egress from start to final record: its child, its commands, its reports."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from livekit.protocol import egress as proto
from msgspec.structs import replace

from agents.egress.child import Recorder, Recorders
from agents.egress.ledger import Ledger, Reporter
from agents.egress.plan import Plan, Target
from agents.egress.psrpc.errors import RpcError
from agents.egress.record import Record
from agents.egress.recorder import messages
from agents.egress.urls import checked_url

log = structlog.get_logger(__name__)

STOP_WITHIN_S = 20.0
# A healthy store has what a dead recorder left in a moment; the end of an egress does not wait for another.
RESCUE_WITHIN_S = 1.0
Rescue = Callable[[str], Awaitable[None]]
"""Brings to the store what the recorders of an egress left on disk."""
Begin = Callable[[Plan], messages.Start]
"""What a recorder is told first, with a token that is fresh."""
# A recorder that dies is followed by another at once; one that keeps dying is not: something is wrong with what it is given.
MAX_DEATHS = 3
DEATHS_WITHIN_S = 60.0
Measured = Callable[[messages.Health, Mapping[str, str]], None]
"""Takes what a recorder measured, and the redacted URLs of the destinations that are connected, by target id."""
ALL_FAILED = "every stream output failed"


class Job:
    """`run` lasts until the final record is delivered; the other methods may be called at any time meanwhile."""

    def __init__(
        self,
        record: Record,
        plan: Plan,
        begin: Begin,
        ledger: Ledger,
        now_ns: Callable[[], int],
        measured: Measured,
    ) -> None:
        self.record = record
        self._measured = measured
        self._plan = plan
        self._begin = begin
        self._egress_id = plan.egress_id
        self._targets = len(plan.targets)
        self._deaths_s: list[float] = []
        self._parts = 1
        self._now_ns = now_ns
        self._reporter = Reporter(ledger)
        self._commands: asyncio.Queue[messages.Command] = asyncio.Queue()
        self._commands.put_nowait(begin(plan))
        self._reason: messages.EndReason | None = None
        self._error = ""

    def snapshot(self) -> proto.EgressInfo:
        return self.record.snapshot(self._now_ns())

    async def run(self, recorders: Recorders, rescue: Rescue) -> None:
        self._reporter.start()
        try:
            ended = await self._record(recorders)
        except Exception as error:
            log.exception("recorder_failed", egress=self._egress_id)
            ended = messages.Ended("Failure", f"the recorder failed: {type(error).__name__}")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RESCUE_WITHIN_S):
                await rescue(self._egress_id)
        self.record.end(ended.reason, ended.error, self._now_ns())
        self._tell()
        log.info("egress_ended", egress=self._egress_id, reason=ended.reason)
        await self._reporter.close()

    async def cancel(self) -> None:
        await self._reporter.cancel()

    def stop(
        self,
        reason: messages.EndReason,
        *,
        error: str = "",
        within_s: float = STOP_WITHIN_S,
    ) -> None:
        """Only the first reason counts; `error` makes it a failure."""
        if self._reason is not None:
            return
        self._reason, self._error = reason, error
        self.record.ending(reason)
        self._tell()
        self._commands.put_nowait(messages.Stop(within_s))

    def update_streams(self, add: list[str], remove: list[str]) -> None:
        """All or nothing. Raises RpcError invalid_argument, not_found, failed_precondition."""
        if self._reason is not None:
            raise RpcError("failed_precondition", "the egress is ending")
        urls = [checked_url(url) for url in add]
        gone = [self.record.find(url) for url in remove]
        for url in urls:
            self._add(url)
        for target_id in gone:
            self.record.apply(messages.TargetEnded(target_id, self._now_ns()))
            self._commands.put_nowait(messages.RemoveTarget(target_id))
        if self.record.outputless:
            self.stop("All streams stopped")
        else:
            self._tell()

    def _add(self, url: str) -> None:
        self._targets += 1
        target = Target(f"ST_{self._targets}", url)
        self.record.add(target)
        self._commands.put_nowait(messages.AddTarget(target))

    def _tell(self) -> None:
        self._reporter.tell(self.snapshot())

    async def _record(self, recorders: Recorders) -> messages.Ended:
        """One recorder after the other, as long as they die of nothing that would kill the next."""
        while True:
            recorder = await recorders.take()
            log.info("recording", egress=self._egress_id, pid=recorder.pid)
            ended = await self._drive(recorder)
            if ended is not None:
                return ended
            code = await recorder.wait()
            log.error("recorder_died", egress=self._egress_id, code=code)
            if self._reason is not None or not self._goes_on(time.monotonic()):
                return messages.Ended("Process killed", f"the recorder died (exit {code})")
            self._go_on()

    def _goes_on(self, now_s: float) -> bool:
        self._deaths_s = [at_s for at_s in self._deaths_s if at_s > now_s - DEATHS_WITHIN_S]
        self._deaths_s.append(now_s)
        return len(self._deaths_s) < MAX_DEATHS

    def _go_on(self) -> None:
        """The next recorder writes segments of other names to the same playlist, and connects what is still wanted."""
        self._parts += 1
        hls = self._plan.hls
        if hls is not None:
            hls = replace(hls, prefix=f"{hls.prefix}-{self._parts}")
        self.record.interrupted()
        self._tell()
        # What was meant for the dead one is in the record by now.
        self._commands = asyncio.Queue()
        plan = replace(self._plan, hls=hls, targets=self.record.wanted)
        self._commands.put_nowait(self._begin(plan))

    async def _drive(self, recorder: Recorder) -> messages.Ended | None:
        """None when it died."""
        sending = asyncio.create_task(self._send_commands(recorder))
        try:
            ended = await self._follow(recorder)
        finally:
            sending.cancel()
            await recorder.close(within_s=1.0)
        if ended is None or ended.error or self._reason is None:
            return ended
        return messages.Ended(self._reason, self._error)

    async def _send_commands(self, recorder: Recorder) -> None:
        while True:
            await recorder.send(await self._commands.get())

    async def _follow(self, recorder: Recorder) -> messages.Ended | None:
        ended: messages.Ended | None = None
        async for report in recorder.reports():
            if isinstance(report, messages.Health):
                self._measured(report, self.record.on_air)
            if isinstance(report, messages.Ended):
                ended = report
            elif self.record.apply(report) and self._reason is None:
                # Once it is ending the final record tells all of it: each update is a webhook.
                self._tell()
                self._stop_without_outputs(report)
        return ended

    def _stop_without_outputs(self, report: messages.Report) -> None:
        if isinstance(report, messages.TargetEnded) and self.record.outputless:
            self.stop("Failure", error=ALL_FAILED)
