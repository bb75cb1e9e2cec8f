"""x264 on the processor: what every machine has."""

from agents.media.codecs.spec import EncoderSpec

# 720p30: 10 to 17 ms a frame on a 2 GHz Xeon, of the 33 that there are.
ONE_THREAD_PIXELS_PER_S = 1280 * 720 * 30


def options(spec: EncoderSpec) -> dict[str, str]:
    """CBR with the buffer of one second; no look-ahead and no B-frames, for they delay the picture by 11 frames.

    Weighted prediction is for fades, which a class has none of, and costs a twentieth. Macroblocks of P pictures are not
    tried in parts, which took 14 ms of 720p30 at 3 Mb/s instead of 8, for nothing with cameras and little elsewhere
    (ADR 0022); those of keyframes are. Motion is searched as `veryfast` has it. Each further thread delays the picture by a
    frame and costs a tenth more, so only what needs one has it.
    """
    bitrate = str(spec.video_bitrate_bps)
    pixels_per_s = spec.width * spec.height * spec.fps
    return {
        "preset": "veryfast",
        "profile": "main",
        "bf": "0",
        "maxrate": bitrate,
        "bufsize": bitrate,
        "threads": "1" if pixels_per_s <= ONE_THREAD_PIXELS_PER_S else "2",
        "x264-params": "nal-hrd=cbr:force-cfr=1:scenecut=0:open-gop=0:rc-lookahead=0:sync-lookahead=0:mbtree=0:weightp=0"
        ":partitions=none",
    }
