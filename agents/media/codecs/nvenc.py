"""NVIDIA's encoder: the graphics card's own, which costs the processor next to nothing."""

from agents.media.codecs.spec import EncoderSpec


def options(spec: EncoderSpec) -> dict[str, str]:
    """As x264's: Main, CBR with the buffer of one second, a keyframe where one is asked for and nowhere else, no delay."""
    bitrate = str(spec.video_bitrate_bps)
    return {
        "preset": "p4",
        "tune": "ll",
        "profile": "main",
        "bf": "0",
        "rc": "cbr",
        "maxrate": bitrate,
        "bufsize": bitrate,
        "cbr_padding": "1",
        "rc-lookahead": "0",
        "forced-idr": "1",
        "no-scenecut": "1",
        "strict_gop": "1",
        "zerolatency": "1",
        "delay": "0",
    }
