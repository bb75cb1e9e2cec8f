"""Picture, sound and encoder on one clock: give it a tick, get the programme's bytes. No threads, no time of its own."""

from dataclasses import dataclass, field

import av
import numpy as np
import numpy.typing as npt
import structlog

from agents.media.clock import MediaClock, Tick
from agents.media.codecs.encoder import Encoded, Encoder
from agents.media.codecs.spec import EncoderSpec
from agents.media.picture.compositor import Compositor
from agents.media.picture.frame import I420
from agents.media.sound.limiter import Limiter
from agents.media.sound.loudness import Loudness
from agents.media.sound.mixer import Mixer
from schema.studio import Layout

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ProgrammeSpec:
    """720p30 with a keyframe every 2 s exactly, which every platform takes."""

    encoder: EncoderSpec = field(default_factory=EncoderSpec)
    layout: Layout = "grid"
    # Picture and sound alike are shown this long after they came, so that late sound still finds its place.
    delay_ms: int = 80

    @property
    def gop_s(self) -> float:
        return self.encoder.gop_frames / self.encoder.fps


class Engine:
    """`push_*` may be called from any thread; everything else from the one that ticks."""

    def __init__(self, spec: ProgrammeSpec, origin_s: float) -> None:
        self._spec = spec
        self.clock = MediaClock(origin_s, spec.encoder.fps, spec.encoder.gop_frames)
        self.compositor = Compositor(spec.encoder.width, spec.encoder.height, spec.layout)
        self.mixer = Mixer(self.clock)
        self._loudness = Loudness()
        self._limiter = Limiter()
        self._encoder = Encoder(spec.encoder)
        self._delay_s = spec.delay_ms / 1000
        self._half_frame_s = 0.5 / spec.encoder.fps
        self._faulty = False

    def add_source(self, source_id: str, name: str) -> None:
        self.compositor.add(source_id, name)
        self.mixer.add(source_id)

    def remove_source(self, source_id: str) -> None:
        self.compositor.remove(source_id)
        self.mixer.remove(source_id)

    def push_video(self, source_id: str, picture: I420, at_s: float) -> None:
        """A picture that came at `at_s` on the monotonic clock."""
        self.compositor.push(source_id, picture, at_s + self._delay_s)

    def push_audio(self, source_id: str, samples: npt.NDArray[np.int16], at_s: float) -> None:
        """48 kHz int16[n] or int16[n, channels] whose first sample came at `at_s`."""
        self.mixer.push(source_id, samples, at_s + self._delay_s)

    def tick(self, tick: Tick) -> Encoded:
        """Makes one tick's sound and, unless it is left out, its picture."""
        position = self.clock.position(tick.number)
        count = self.clock.position(tick.number + 1) - position
        mixed = self._loudness.apply(self.mixer.pull(position, count))
        self._encoder.sound(self._limiter.apply(mixed), position)
        if tick.picture:
            self.compositor.set_active(self.mixer.active)
            # Half a frame ahead: a picture is then as often early as late against its sound.
            frame = self._render(self.clock.time_s(tick.number) + self._half_frame_s)
            self._encoder.picture(frame, tick.number, tick.key)
        return self._encoder.take()

    def _render(self, now_s: float) -> av.VideoFrame:
        """What cannot be drawn must not take the class off the air: sound and time go on over what stands there."""
        try:
            frame = self.compositor.render(now_s)
        except Exception:
            if not self._faulty:
                log.exception("scene_not_drawn")
            self._faulty = True
            self.compositor.start_over()
            return self.compositor.frame
        self._faulty = False
        return frame

    def close(self) -> Encoded:
        """The rest of the programme; the engine is of no use afterwards."""
        return self._encoder.close()
