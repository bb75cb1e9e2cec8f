"""Keeps the sum of many voices below clipping without pumping a single one."""

import numpy as np
import numpy.typing as npt

CEILING = 32_000.0
# The gain comes back by this factor each block of 33 ms: about a second for 6 dB.
RELEASE = 1.025
# Samples over which a lower gain is reached: 2 ms, short enough for speech, long enough not to click.
ATTACK_SAMPLES = 96


class Limiter:
    """Lowers a block's gain to fit its peak at once and lets it return slowly."""

    def __init__(self) -> None:
        self._gain = 1.0

    def apply(self, block: npt.NDArray[np.float32]) -> npt.NDArray[np.int16]:
        """float32 samples in int16 scale, any sum; blocks below the ceiling pass unchanged."""
        peak = float(np.abs(block).max(initial=0.0))
        wanted = min(1.0, self._gain * RELEASE, CEILING / peak if peak else 1.0)
        if wanted == self._gain == 1.0:
            return block.astype(np.int16)
        ramp = np.full((len(block), 1), wanted, np.float32)
        attack = min(ATTACK_SAMPLES, len(block)) if wanted < self._gain else len(block)
        ramp[:attack, 0] = np.linspace(self._gain, wanted, attack)
        self._gain = wanted
        limited: npt.NDArray[np.float32] = np.clip(block * ramp, -CEILING, CEILING)
        return limited.astype(np.int16)
