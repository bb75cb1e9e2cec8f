"""Who speaks, by level, with a hold so that a pause or a cough changes nothing."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

# Quiet rooms measure about -60 dBFS, speech through a headset -35 to -15.
SPEECH_DBFS = -45.0
SILENCE_DBFS = -100.0
# A new voice must be the loudest for this long; the old one keeps the place for that long after its last word.
TAKE_S = 0.3
HOLD_S = 1.5
# Per block of 33 ms; a voice's level falls slowly between syllables.
DECAY_DB = 1.5


class ActiveSpeaker:
    """Fed with the level of each voice block by block."""

    def __init__(self) -> None:
        self.current: str | None = None
        self._levels: dict[str, float] = {}
        self._challenger: str | None = None
        self._challenged_s = 0.0

    def hear(self, levels_dbfs: Mapping[str, float], elapsed_s: float) -> None:
        self._levels = {
            source: max(level, self._levels.get(source, SILENCE_DBFS) - DECAY_DB)
            for source, level in levels_dbfs.items()
        }
        loudest = self._loudest()
        if loudest is None or loudest == self.current:
            self._challenger, self._challenged_s = None, 0.0
            return
        if loudest != self._challenger:
            self._challenger, self._challenged_s = loudest, 0.0
        self._challenged_s += elapsed_s
        if self._challenged_s >= (TAKE_S if self._current_is_quiet() else HOLD_S):
            self.current, self._challenger = loudest, None

    def forget(self, source: str) -> None:
        """Someone left; nobody is shown as speaking until somebody does."""
        self._levels.pop(source, None)
        if self.current == source:
            self.current = None

    def _loudest(self) -> str | None:
        source = max(self._levels, key=self._levels.__getitem__, default=None)
        if source is None or self._levels[source] < SPEECH_DBFS:
            return None
        return source

    def _current_is_quiet(self) -> bool:
        level = self._levels.get(self.current or "", SILENCE_DBFS)
        return level < SPEECH_DBFS


def level_dbfs(samples: npt.NDArray[np.int16]) -> float:
    """Root mean square of a block against full scale."""
    if not samples.any():
        return SILENCE_DBFS
    mean_square = float(np.mean(np.square(samples, dtype=np.float32)))
    return max(SILENCE_DBFS, 10.0 * float(np.log10(mean_square / 32768.0**2)))
