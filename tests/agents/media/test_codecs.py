"""Encoders: what is asked of each exists in it, and only one that does as it should on this machine is chosen."""

from dataclasses import replace

import av
import pytest

from agents.media.codecs.probe import Unfit, open_codec, prove
from agents.media.codecs.registry import ALWAYS_THERE, CODECS, chosen
from agents.media.codecs.spec import EncoderSpec
from agents.media.engine import ProgrammeSpec
from tests.agents.media.studio import Studio, decode

SPEC = EncoderSpec(width=320, height=180, video_bitrate_bps=500_000)
CARDS = sorted(set(CODECS) & av.codecs_available - {ALWAYS_THERE})


def refused_as_a_value(spec: EncoderSpec, options: dict[str, str]) -> bool:
    """libav reads the options before it looks for a graphics card; those that an encoder does not know it leaves."""
    try:
        open_codec(spec, options)
    except av.error.ArgumentError:
        return True
    except av.FFmpegError:
        return False
    return False


@pytest.mark.parametrize("name", CARDS)
def test_a_cards_encoder_knows_each_option_and_its_value(name: str) -> None:
    spec = replace(SPEC, codec=name)
    options = CODECS[name](spec)
    assert not refused_as_a_value(spec, options)
    assert [key for key in options if not refused_as_a_value(spec, {key: "no such value"})] == []
    assert not refused_as_a_value(spec, {"no such option": "no such value"})


@pytest.mark.parametrize(
    ("codec", "more", "why"),
    [
        ("libx264", {"bf": "2"}, "holds pictures back"),
        ("libx264", {"profile": "high"}, "profile is High"),
        ("libx264", {"g": "3"}, "keyframes are"),
        ("libx264", {"preset": "none such"}, "preset"),
        ("mpeg4", {}, "Invalid data"),
        ("h264_of_nobody", {}, "h264_of_nobody"),
    ],
)
def test_an_encoder_that_does_something_else_is_refused_and_said_why(
    codec: str, more: dict[str, str], why: str
) -> None:
    usual = CODECS[ALWAYS_THERE](SPEC) if codec == ALWAYS_THERE else {}
    with pytest.raises(Unfit, match=why):
        prove(replace(SPEC, codec=codec), usual | more)
    prove(SPEC, CODECS[ALWAYS_THERE](SPEC))


@pytest.mark.parametrize("wanted", ["auto", *CODECS])
def test_whatever_is_wanted_makes_a_programme(wanted: str) -> None:
    spec = chosen(wanted, SPEC)
    studio = Studio(ProgrammeSpec(spec))
    studio.run(0.0, 2.5)
    seen = decode(studio.finish())
    assert (len(seen.frames), seen.keys) == (75, [0, 60])
    prove(spec, CODECS[spec.codec](spec))
    assert spec.codec in (CODECS if wanted == "auto" else {wanted, ALWAYS_THERE})
