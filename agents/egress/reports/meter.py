"""From a recorder's totals to what each destination got since the time before; pure."""

from collections.abc import Mapping

from agents.egress.plan import Plan
from agents.egress.recorder.messages import Health, TargetHealth
from schema.egress import ReportStatistics, StreamMeasured

NS_PER_S = 1_000_000_000
LEAST_SPAN_S = 0.5


class Meter:
    """One per egress. A recorder that was started again counts from zero, and so does this."""

    def __init__(self, plan: Plan) -> None:
        self._egress_id = plan.egress_id
        self._target_bps = (plan.encoding.video_kbps + plan.encoding.audio_kbps) * 1000
        self._before: Health | None = None

    def measure(self, health: Health, on_air: Mapping[str, str]) -> ReportStatistics | None:
        """`on_air` maps the ids of connected destinations to their redacted URLs. None when there is nothing to compare."""
        before, self._before = self._before, health
        if before is None or health.frames < before.frames:
            return None
        span_s = (health.at_ns - before.at_ns) / NS_PER_S
        if span_s <= 0:
            return None
        known = {target.id: target for target in before.targets}
        made = health.frames - before.frames
        return ReportStatistics(
            egress_id=self._egress_id,
            at_unix_ms=health.at_ns // 1_000_000,
            span_s=min(60, max(1, round(span_s))),
            target_bps=self._target_bps,
            starved=health.degraded,
            streams=[
                _stream(on_air[now.id], known[now.id], now, made)
                for now in health.targets
                if now.id in on_air and now.id in known
            ],
        )


def _stream(url: str, before: TargetHealth, now: TargetHealth, made: int) -> StreamMeasured:
    # A relay counts at moments of its own; one that said nothing since has sent nothing.
    span_s = max(LEAST_SPAN_S, (now.at_ns - before.at_ns) / NS_PER_S)
    sent = max(0, now.frames - before.frames)
    # A queue that overflows loses whole GOPs, sound and all; the pictures among them are those that were made and not sent.
    lost = max(0, made - sent) if now.dropped_chunks > before.dropped_chunks else 0
    return StreamMeasured(
        url=url,
        bitrate_bps=round(max(0, now.bytes - before.bytes) * 8 / span_s),
        fps=round(sent / span_s, 1),
        dropped_frames=lost,
        queued_bytes=now.queued_bytes,
    )
