"""The end of a program in which LiveKit's client runs."""

import atexit
import sys
import time

# What they wait for is the interpreter, not the network: milliseconds, on a busy machine too.
CALLBACKS_END_S = 0.1


def let_callbacks_end() -> None:
    """Say it before the client is first used. Its threads that are in our code when Python ends are ended by Python, which
    Rust takes for a bug: it aborts, and a program that did all it should has exit code 134.
    """
    # The client closes itself by the same list, whose last is called first: after that no callback begins.
    atexit.register(_wait)


def _wait() -> None:
    if "livekit.rtc" in sys.modules:
        time.sleep(CALLBACKS_END_S)
