"""A callback that a thread of LiveKit's client has begun ends before Python does."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# As in the client: a thread that is not Python's, in a callback that waits for the interpreter while the program ends.
PROGRAM = """
import atexit, ctypes, sys
from livekit import rtc
from orchestrator.core.livekit.ending import let_callbacks_end
if sys.argv[1] == "told":
    let_callbacks_end()
callback = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(lambda _: print("ended", flush=True))
@atexit.register
def close():
    sys.setswitchinterval(60)  # so that it cannot have its turn by chance
    thread = ctypes.c_ulong()
    ctypes.PyDLL(None).pthread_create(ctypes.byref(thread), None, callback, None)
"""


@pytest.mark.parametrize(("told", "said"), [("told", "ended\n"), ("not told", "")])
def test_a_callback_at_the_end_of_a_program_is_waited_for(told: str, said: str) -> None:
    command = [sys.executable, "-c", PROGRAM, told]
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert done.stdout == said
