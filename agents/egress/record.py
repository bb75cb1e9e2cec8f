"""The EgressInfo of one egress, folded from what its recorder reports; the only writer of that record."""

from typing import Any, Final

from livekit.protocol import egress as proto

from agents.egress.plan import Plan, Target, redacted_request
from agents.egress.psrpc.errors import RpcError
from agents.egress.recorder import messages
from schema.streams import redact

OVER: Final = proto.EgressStatus.EGRESS_COMPLETE
STOPPED_EARLY: Final = "Stop called before pipeline could start"
DEGRADED: Final = "Degraded: the machine is short of CPU"
PRECONDITION_FAILED: Final = 412
INTERNAL_ERROR: Final = 500


class Record:
    """Times are Unix ns and arguments. Statuses only move forward: STARTING, ACTIVE, ENDING, then one final."""

    def __init__(self, request: Any, plan: Plan) -> None:
        self._info = proto.EgressInfo(
            egress_id=plan.egress_id,
            room_id=request.room_id,
            room_name=plan.room_name,
            source_type=proto.EgressSourceType.EGRESS_SOURCE_TYPE_SDK,
            status=proto.EgressStatus.EGRESS_STARTING,
            retry_count=request.retry_count,
        )
        self._info.room_composite.CopyFrom(redacted_request(request.room_composite))
        self._raw_urls: dict[str, str] = {}
        # Segments and bytes by recorders that died, and how long after the start the present one began.
        self._earlier = (0, 0)
        self._offset_ns = 0
        self._streams: dict[str, Any] = {}
        for target in plan.targets:
            self.add(target)
        if plan.hls is not None:
            self._info.segment_results.add(
                playlist_name=plan.hls.playlist, playlist_location=plan.hls.playlist
            )

    @property
    def status(self) -> int:
        return self._info.status

    @property
    def over(self) -> bool:
        return self._info.status >= OVER

    @property
    def outputless(self) -> bool:
        """Nothing is left to write to: no segments, and no stream that is still wanted."""
        return not self._info.segment_results and not any(
            stream.status == proto.StreamInfo.ACTIVE for stream in self._info.stream_results
        )

    @property
    def on_air(self) -> dict[str, str]:
        """The redacted URLs of the streams that are connected now, by target id."""
        return {
            target_id: stream.url
            for target_id, stream in self._streams.items()
            if stream.status == proto.StreamInfo.ACTIVE and stream.started_at
        }

    @property
    def wanted(self) -> list[Target]:
        """The streams that have not ended, keys and all."""
        return [
            Target(target_id, self._raw_urls[target_id])
            for target_id, stream in self._streams.items()
            if stream.status == proto.StreamInfo.ACTIVE
        ]

    def interrupted(self) -> None:
        """Its recorder died and another goes on: streams connect again, the recording's totals are added to."""
        for stream in self._streams.values():
            if stream.status == proto.StreamInfo.ACTIVE:
                stream.started_at = 0
        for segments in self._info.segment_results:
            self._earlier = (segments.segment_count, segments.size)

    def snapshot(self, now_ns: int) -> proto.EgressInfo:
        """A copy: the record goes on changing while the copy is on its way."""
        self._info.updated_at = now_ns
        copy = proto.EgressInfo()
        copy.CopyFrom(self._info)
        return copy

    def add(self, target: Target) -> None:
        """A new StreamInfo, connecting until it has a start; the same URL again is a new one too."""
        self._raw_urls[target.id] = target.url
        self._streams[target.id] = self._info.stream_results.add(
            id=target.id, url=redact(target.url), status=proto.StreamInfo.ACTIVE
        )

    def find(self, url: str) -> str:
        """The id of the running stream to `url`. Raises RpcError not_found."""
        for target_id, raw in self._raw_urls.items():
            if raw == url and self._streams[target_id].status == proto.StreamInfo.ACTIVE:
                return target_id
        raise RpcError("not_found", f"stream {redact(url)} not found")

    def apply(self, report: messages.Report) -> bool:
        """Whether the change is worth telling: a status or a start, not every segment; nothing changes after the end."""
        if self.over:
            return False
        match report:
            case messages.Began(at_ns):
                self._begin(at_ns)
            case messages.TargetConnected(target_id, at_ns):
                self._streams[target_id].started_at = at_ns
            case messages.TargetEnded(target_id, at_ns, error):
                return self._end_stream(self._streams[target_id], at_ns, error)
            case messages.SegmentsStored(count, size_bytes, duration_ns):
                self._segments(count, size_bytes, duration_ns)
                return False
            case messages.Health(degraded=degraded):
                return self._degrade(degraded=degraded)
            case _:
                return False
        return True

    def ending(self, reason: messages.EndReason) -> None:
        if self._info.status < proto.EgressStatus.EGRESS_ENDING:
            self._info.status = proto.EgressStatus.EGRESS_ENDING
            self._info.details = f"End reason: {reason}"

    def end(self, reason: messages.EndReason, error: str, now_ns: int) -> None:
        """Final, exactly once; `error` is empty for a proper end."""
        if self.over:
            return
        for stream in self._info.stream_results:
            self._end_stream(stream, now_ns, error)
        for segments in self._info.segment_results:
            # The recording's own last moment: closing the outputs took longer.
            segments.ended_at = (segments.started_at + segments.duration) or now_ns
        self._info.ended_at = now_ns
        self._info.details = f"End reason: {reason}"
        self._conclude(reason, error)

    def _conclude(self, reason: messages.EndReason, error: str) -> None:
        if error:
            self._info.status = proto.EgressStatus.EGRESS_FAILED
            self._info.error, self._info.error_code = error, INTERNAL_ERROR
        elif not self._info.started_at:
            self._info.status = proto.EgressStatus.EGRESS_ABORTED
            early = reason == "StopEgress API"
            self._info.error = STOPPED_EARLY if early else f"{reason} before the first frame"
            self._info.error_code = PRECONDITION_FAILED
        else:
            self._info.status = proto.EgressStatus.EGRESS_COMPLETE

    def _begin(self, at_ns: int) -> None:
        if self._info.started_at:
            self._offset_ns = at_ns - self._info.started_at
            return
        self._info.started_at = at_ns
        for segments in self._info.segment_results:
            segments.started_at = at_ns
        if self._info.status == proto.EgressStatus.EGRESS_STARTING:
            self._info.status = proto.EgressStatus.EGRESS_ACTIVE

    def _degrade(self, *, degraded: bool) -> bool:
        details = DEGRADED if degraded else ""
        if self._info.status != proto.EgressStatus.EGRESS_ACTIVE or self._info.details == details:
            return False
        self._info.details = details
        return True

    def _segments(self, count: int, size_bytes: int, duration_ns: int) -> None:
        segments = self._info.segment_results[0]
        earlier_count, earlier_bytes = self._earlier
        segments.segment_count = earlier_count + count
        segments.size = earlier_bytes + size_bytes
        segments.duration = self._offset_ns + duration_ns

    @staticmethod
    def _end_stream(stream: Any, at_ns: int, error: str) -> bool:
        if stream.status != proto.StreamInfo.ACTIVE:
            return False
        stream.status = proto.StreamInfo.FAILED if error else proto.StreamInfo.FINISHED
        stream.ended_at = at_ns
        stream.error = error
        if stream.started_at:
            stream.duration = at_ns - stream.started_at
        return True
