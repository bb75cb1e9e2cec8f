"""The marks are found where they were put, with speech over them and inside a smaller tile."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from orchestrator.cli.probe import media, sync
from orchestrator.cli.probe.receivers import ffmpeg

SPEECH = Path(__file__).parents[2] / "data" / "speech" / "two_cities.wav"
PERIOD = sync.PERIOD_S


def make(path: Path, *, beep_late_s: float = 0.0, seconds: int = 12, drop: str = "1") -> Path:
    """A 1280x720@30 FLV in H.264 and AAC: marks in one corner, speech under the beeps, key frames every 2 s."""
    picture = (
        f"color=0x203040:s=1280x720:r=30:d={seconds},"
        f"drawbox=x=700:y=40:w=400:h=60:c=white:t=fill:enable='lt(mod(t,{PERIOD}),{sync.FLASH_S})',"
        f"select='{drop}'"
    )
    late = f"t-{beep_late_s}"
    beep = (
        f"aevalsrc='if(between(mod({late}+{PERIOD},{PERIOD}),0,{sync.BEEP_S}),"
        f"0.05*sin(2*PI*{sync.BEEP_HZ}*t)*sin(PI*mod({late}+{PERIOD},{PERIOD})/{sync.BEEP_S}),0)'"
        f":s=48000:d={seconds}"
    )
    graph = (
        f"[1]aresample=48000[speech];{beep}[beep];[speech][beep]amix=2:duration=first:normalize=0"
    )
    command = [
        ffmpeg(),
        "-loglevel",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        picture,
        "-i",
        str(SPEECH),
    ]
    video = ["-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "ultrafast", "-g", "60"]
    video += ["-keyint_min", "60", "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-bf", "0"]
    audio = ["-filter_complex", graph, "-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2"]
    subprocess.run([*command, *audio, *video, "-t", str(seconds), str(path)], check=True)
    return path


@pytest.mark.parametrize("late_ms", [0, 45, 120, 300])
def test_measures_the_offset_that_was_made(tmp_path: Path, late_ms: int) -> None:
    found = sync.measure(media.probe(str(make(tmp_path / "a.flv", beep_late_s=late_ms / 1000))))
    # The first flash is on from the first frame: without a frame before it there is no jump to see.
    assert len(found.flashes_s) == 5
    assert len(found.beeps_s) == 6
    assert found.typical_ms == pytest.approx(-late_ms, abs=6)
    assert found.worst_ms == pytest.approx(late_ms, abs=8)


def test_reads_codec_size_rate_and_key_frames(tmp_path: Path) -> None:
    programme = media.probe(str(make(tmp_path / "a.flv")))
    video = programme.video
    assert (video.codec, video.width, video.height) == ("h264", 1280, 720)
    assert programme.audio.codec == "aac"
    assert len(video.times_s) == 360
    assert video.fps == pytest.approx(30, abs=0.01)
    assert video.gop_s == pytest.approx([2.0] * 5, abs=0.001)
    assert media.gaps(video.times_s) == []
    assert programme.audio.gaps_s == []
    assert programme.errors == 0


def test_sees_each_frame_that_never_came(tmp_path: Path) -> None:
    path = make(tmp_path / "a.flv", drop="not(eq(n,100)+eq(n,200)+eq(n,201))")
    found = media.gaps(media.probe(str(path)).video.times_s)
    assert found == pytest.approx([2 / 30, 3 / 30], abs=0.002)


def test_speech_alone_has_no_marks(tmp_path: Path) -> None:
    path = tmp_path / "speech.flv"
    source = ["-f", "lavfi", "-i", "color=0x203040:s=320x180:r=30:d=8", "-i", str(SPEECH)]
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-ar", "48000", "-t", "8"]
    subprocess.run([ffmpeg(), "-loglevel", "error", *source, *encode, str(path)], check=True)
    found = sync.measure(media.probe(str(path)))
    assert found.flashes_s == found.beeps_s == found.offsets_ms == []


def test_sound_without_picture_is_refused() -> None:
    with pytest.raises(media.ProbeError):
        media.probe(str(SPEECH))


def test_one_late_picture_does_not_make_an_offset() -> None:
    found = sync.Sync(flashes_s=[], beeps_s=[], offsets_ms=[*[10.0] * 18, -20.0, 230.0])
    assert found.typical_ms == pytest.approx(10)
    assert found.most_ms <= 20
    assert found.worst_ms == pytest.approx(230)


def test_a_tile_that_shrinks_and_moves_is_still_seen() -> None:
    times = np.arange(600) / 30
    lit = times % PERIOD < sync.FLASH_S
    # Large for ten seconds, then a small tile on a picture that holds more white of its own.
    white = np.where(times < 10.5, 0.08 * lit, 0.01 + 0.004 * lit)
    video = media.Video("h264", 1280, 720, times, white, [])
    assert sync.flashes(video) == pytest.approx(np.arange(2, 20, PERIOD), abs=1e-6)


def test_what_lights_up_for_longer_is_no_flash() -> None:
    times = np.arange(300) / 30
    lit = (times % PERIOD < sync.FLASH_S) & (times > 1)
    plate = (times > 0.2) & (times < 1.0)
    video = media.Video("h264", 1280, 720, times, 0.06 * lit + 0.01 * plate, [])
    assert sync.flashes(video) == pytest.approx(np.arange(2, 10, PERIOD), abs=1e-6)
