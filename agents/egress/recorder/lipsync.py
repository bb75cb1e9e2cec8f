"""How long each picture must wait for its sound, from what WebRTC's buffers report.

WebRTC holds sound longer the more the network jitters, and gives pictures at once; its own alignment of the two does
not work behind this SDK (measured: 330 ms apart after a busy minute). Sound cannot come earlier, so the picture waits.
"""

# On a calm network (loopback): sound is held 38 ms, a picture 13.
USUAL_WAIT_S = 0.025
# Beyond this a network is so bad that nobody looks at lips; the compositor's queue is made for it.
LONGEST_WAIT_S = 0.4
# Share of the way to the new wait that is gone per measurement: a picture that jumps is worse than late lips.
STEP = 0.5


class LipSync:
    """Tracks are named by sid."""

    def __init__(self) -> None:
        self._totals: dict[str, tuple[float, int]] = {}
        self._held_s: dict[str, float] = {}
        self._wait_s: dict[str, float] = {}

    def measure(self, sid: str, held_total_s: float, given: int) -> None:
        """Takes WebRTC's counters: seconds that all samples or frames were held together, and how many came out."""
        before_s, before = self._totals.get(sid, (0.0, 0))
        self._totals[sid] = held_total_s, given
        if given > before:
            self._held_s[sid] = (held_total_s - before_s) / (given - before)

    def align(self, picture: str, sound: str) -> None:
        """Moves the picture's wait towards what the last measurements of the two ask for."""
        if picture not in self._held_s or sound not in self._held_s:
            return
        wanted_s = self._held_s[sound] - self._held_s[picture]
        wanted_s = min(max(wanted_s, 0.0), LONGEST_WAIT_S)
        wait_s = self.wait_s(picture)
        self._wait_s[picture] = wait_s + STEP * (wanted_s - wait_s)

    def wait_s(self, picture: str) -> float:
        return self._wait_s.get(picture, USUAL_WAIT_S)

    def forget(self, sid: str) -> None:
        for known in (self._totals, self._held_s, self._wait_s):
            known.pop(sid, None)
