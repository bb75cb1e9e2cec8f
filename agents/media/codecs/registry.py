"""All video encoders, the one to be preferred first; the last is always there."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import structlog

from agents.media.codecs import libx264, nvenc
from agents.media.codecs.probe import Unfit, prove
from agents.media.codecs.spec import EncoderSpec

log = structlog.get_logger(__name__)

ALWAYS_THERE: Final = "libx264"
CODECS: Mapping[str, Callable[[EncoderSpec], dict[str, str]]] = {
    "h264_nvenc": nvenc.options,
    ALWAYS_THERE: libx264.options,
}


def chosen(wanted: str, spec: EncoderSpec) -> EncoderSpec:
    """`wanted` is a name or `auto`; what this machine cannot do is replaced by x264, and the log says why."""
    asked = [replace(spec, codec=name) for name in (CODECS if wanted == "auto" else [wanted])]
    for one in asked:
        try:
            if one.codec != ALWAYS_THERE:
                prove(one, CODECS[one.codec](one))
        except Unfit as unfit:
            log.warning("encoder_missing", encoder=one.codec, reason=str(unfit))
        else:
            log.info("encoder_chosen", encoder=one.codec)
            return one
    return replace(spec, codec=ALWAYS_THERE)
