"""What the control plane asks of an egress worker in LiveKit's words is what the registry says, and what ours makes of it."""

from datetime import UTC, datetime

import pytest
from livekit.protocol import egress as proto

from agents.egress.plan import make_plan
from agents.egress.psrpc import wire
from agents.egress.recorder.session import programme_spec
from orchestrator.egress.gateway import encoding_options
from schema.quality import QUALITIES, Quality


@pytest.mark.parametrize("quality", QUALITIES)
def test_every_quality_arrives_as_it_was_chosen(quality: Quality) -> None:
    request = wire.StartEgressRequest(egress_id="EG_1", room_id="RM_1")
    request.room_composite.CopyFrom(
        proto.RoomCompositeEgressRequest(room_name="session-1", advanced=encoding_options(quality))
    )
    request.room_composite.stream_outputs.add(urls=["rtmp://host/live/key"])
    plan = make_plan(request, datetime(2026, 1, 1, tzinfo=UTC))
    assert plan.encoding == QUALITIES[quality]
    spec = programme_spec(plan, "libx264")
    assert spec.gop_s == 2.0
    assert (spec.encoder.width, spec.encoder.height) == (
        QUALITIES[quality].width_px,
        QUALITIES[quality].height_px,
    )
