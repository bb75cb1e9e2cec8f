"""Each frame of a room to its own stream: livekit wakes all of them for each, so n people's frames are n² wakes."""

import ctypes
import functools
import threading
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from livekit import rtc
from livekit.rtc._ffi_client import FfiClient
from livekit.rtc._proto.audio_frame_pb2 import OwnedAudioFrameBuffer
from livekit.rtc._proto.ffi_pb2 import FfiEvent
from numpy.typing import NDArray

Stream = TypeVar("Stream", rtc.AudioStream, rtc.VideoStream)
# Called in livekit's thread.
Take = Callable[[FfiEvent], object]


class FrameRouter:
    """Of a process, for as long as it lives."""

    def __init__(self) -> None:
        self._takes = dict[int, Take]()
        self._held = threading.local()
        FfiClient.instance.queue.subscribe(filter_fn=self._route)

    def add(self, handle: int, take: Take) -> None:
        """Until the stream's end, which is the last that `take` is told."""
        self._takes[handle] = take

    def _route(self, event: FfiEvent) -> bool:
        self._hold_thread()
        kind = event.WhichOneof("message")
        if kind in ("audio_stream_event", "video_stream_event"):
            told = getattr(event, kind)
            over = told.HasField("eos")
            take = (self._takes.pop if over else self._takes.get)(told.stream_handle, None)
            if take is not None:
                take(event)
        return False

    def _hold_thread(self) -> None:
        """Without it Python maps a page at each call from a thread that is not its own, and unmaps it after.

        A `threading.local` lives as long as what is held, so a new thread is seen as one.
        """
        if not hasattr(self._held, "state"):
            self._held.state = ctypes.pythonapi.PyGILState_Ensure()


router = functools.cache(FrameRouter)


def route(stream: Stream, take: Take | None = None) -> Stream:
    """The same stream, new and without a frame yet; `take` in place of its own queue."""
    own = stream._ffi_queue  # noqa: SLF001 it has no door for this
    FfiClient.instance.queue.unsubscribe(own)
    wake = stream._loop.call_soon_threadsafe  # noqa: SLF001 as above
    router().add(stream._ffi_handle.handle, take or functools.partial(wake, own.put_nowait))  # noqa: SLF001 as above
    return stream


def samples_of(owned: OwnedAudioFrameBuffer) -> NDArray[np.int16]:
    """int16[n], of one channel; once, for the client's buffer is given back. Half the cost of an `rtc.AudioFrame`."""
    info = owned.info
    data = ctypes.string_at(info.data_ptr, info.samples_per_channel * 2)
    FfiClient.instance._ffi_lib.livekit_ffi_drop_handle(owned.handle.id)  # noqa: SLF001 what its handles do
    return np.frombuffer(data, np.int16)
