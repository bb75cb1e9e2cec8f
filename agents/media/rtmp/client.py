"""Publishing by RTMP over a connection that is there already; blocking, in the relay's child alone.

Adobe's specification 1.0 with the plain handshake, and the two commands of Flash Media Live Encoder that every server expects.
"""

import contextlib
import os
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agents.media.rtmp.amf import decode, encode
from agents.media.rtmp.chunks import SET_CHUNK_SIZE, Broken, Joiner, Message, cut

ACKNOWLEDGEMENT, USER_CONTROL, WINDOW_SIZE = 3, 4, 5
AUDIO, VIDEO, DATA, COMMAND = 8, 9, 18, 20
PING, PONG = 6, 7
VERSION, HANDSHAKE_BYTES = 3, 1536
# As OBS cuts: a picture is a few chunks, and no server minds.
CHUNK_BYTES = 4096
CONTROL, COMMANDS, SOUND, PICTURE = 2, 3, 4, 6
CHANNELS = {AUDIO: SOUND, VIDEO: PICTURE, DATA: SOUND, COMMAND: COMMANDS}
ENCODER = "FMLE/3.0 (compatible; Lectern)"
# For the server to close its side, so that nothing on the way to it is lost.
GOODBYE_S = 0.3
SAID_CHARS = 200


class Refused(OSError):
    """The server does not take the stream; `said` are its own words, which may repeat the key."""

    def __init__(self, message: str, said: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.said = said


class NoRtmp(OSError):
    """It speaks something else, or hangs up before a word, as a proxy does whose server is away."""


@dataclass(frozen=True, slots=True)
class Place:
    """`address` is the URL without the key, as the server is to believe that it was called."""

    address: str
    application: str
    key: str


def place_of(url: str) -> Place:
    """What follows the last slash is the key; the rest of the path is the application."""
    address, _, key = url.removesuffix(" live=1").rpartition("/")
    return Place(address, address.split("/", 3)[3], key)


class Publisher:
    """Live from the moment it is made. All methods raise NoRtmp, Refused, OSError."""

    def __init__(self, connection: socket.socket, place: Place) -> None:
        self._connection = connection
        self._key = place.key
        self._joiner = Joiner()
        self._heard = self._acknowledged = 0
        self._window = 0
        self._stream = 0
        self._asked = 0
        try:
            self._shake_hands()
            self._publish(place)
        except Broken:
            raise NoRtmp from None

    def send(self, kind: int, time_ms: int, body: bytes) -> None:
        """One tag of FLV; what the server said meanwhile is answered first."""
        try:
            self._listen()
        except Broken:
            raise NoRtmp from None
        if kind == DATA:
            body = encode("@setDataFrame") + body
        self._send(Message(kind, body, time_ms, self._stream))

    def close(self) -> None:
        self._command("FCUnpublish", None, self._key)
        self._command("deleteStream", None, self._stream)
        self._connection.settimeout(GOODBYE_S)
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
            while self._connection.recv(1 << 16):
                pass
        self._connection.close()

    def _shake_hands(self) -> None:
        """A server that hangs up here has not heard yet what is wanted of it. Raises NoRtmp."""
        try:
            ours = bytes(8) + os.urandom(HANDSHAKE_BYTES - 8)
            self._connection.sendall(bytes([VERSION]) + ours)
            if self._exactly(1)[0] != VERSION:
                raise NoRtmp
            theirs = self._exactly(2 * HANDSHAKE_BYTES)
            self._connection.sendall(theirs[:HANDSHAKE_BYTES])
        except ConnectionError:
            raise NoRtmp from None

    def _publish(self, place: Place) -> None:
        self._send(Message(SET_CHUNK_SIZE, CHUNK_BYTES.to_bytes(4)), CONTROL)
        self._ask(
            "connect",
            {
                "app": place.application,
                "type": "nonprivate",
                "flashVer": ENCODER,
                "tcUrl": place.address,
            },
        )
        self._command("releaseStream", None, place.key)
        self._command("FCPublish", None, place.key)
        number = self._ask("createStream", None)
        self._stream = int(number) if isinstance(number, float) else 0
        self._command("publish", None, place.key, "live", stream=self._stream)
        while not any(_is_started(message) for message in self._hear()):
            pass

    def _ask(self, name: str, *arguments: Any) -> Any:
        """What the server answers to that command."""
        number = self._command(name, *arguments)
        while True:
            for message in self._hear():
                values = decode(message.body) if message.kind == COMMAND else []
                if values[:2] == ["_result", number]:
                    return values[-1]
                if values[:2] == ["_error", number]:
                    raise _rejected(values[-1])

    def _command(self, name: str, *arguments: Any, stream: int = 0) -> int:
        self._asked += 1
        body = encode(name, self._asked, *arguments)
        self._send(Message(COMMAND, body, stream=stream))
        return self._asked

    def _send(self, message: Message, channel: int | None = None) -> None:
        channel = CHANNELS[message.kind] if channel is None else channel
        self._connection.sendall(cut(message, channel, CHUNK_BYTES))

    def _hear(self) -> list[Message]:
        """What comes next, waiting for it."""
        return self._take(self._connection.recv(1 << 16))

    def _listen(self) -> None:
        """What is there already; answers are sent waiting again, so that none is sent by half."""
        self._connection.settimeout(0)
        try:
            data = self._connection.recv(1 << 16)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        finally:
            self._connection.settimeout(None)
        self._take(data)

    def _take(self, data: bytes) -> list[Message]:
        """The protocol's own messages are answered, a refusal is raised."""
        if not data:
            raise Refused("it hung up")
        self._heard += len(data)
        heard = list(self._joiner.feed(data))
        for message in heard:
            self._answer(message)
        if self._window and self._heard - self._acknowledged >= self._window:
            self._acknowledged = self._heard
            count = self._heard & 0xFFFFFFFF
            self._send(Message(ACKNOWLEDGEMENT, count.to_bytes(4)), CONTROL)
        return heard

    def _answer(self, message: Message) -> None:
        if message.kind == USER_CONTROL and int.from_bytes(message.body[:2]) == PING:
            pong = PONG.to_bytes(2) + message.body[2:6]
            self._send(Message(USER_CONTROL, pong), CONTROL)
        elif message.kind == WINDOW_SIZE:
            self._window = int.from_bytes(message.body[:4])
        elif message.kind == COMMAND:
            _check(decode(message.body))

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self._connection.recv(size - len(data))
            if not part:
                raise ConnectionAbortedError
            data += part
        return data


def _check(values: list[Any]) -> None:
    """Raises Refused when the server says that it does not take the stream."""
    told = values[-1] if values else None
    if values[:1] == ["onStatus"] and isinstance(told, dict) and told.get("level") == "error":
        raise _rejected(told)


def _is_started(message: Message) -> bool:
    values = decode(message.body) if message.kind == COMMAND else []
    told = values[-1] if values[:1] == ["onStatus"] else None
    return isinstance(told, dict) and told.get("code") == "NetStream.Publish.Start"


def _rejected(told: Any) -> Refused:
    words = told if isinstance(told, dict) else {}
    said = str(words.get("description") or words.get("code") or "")
    shown = "".join(character if character.isprintable() else " " for character in said)
    return Refused("it does not take the stream", shown.strip()[:SAID_CHARS])


def tags(flv: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Kind, time in ms and body of each whole tag in what a muxer of FLV wrote after the file's header."""
    at = 0
    while at < len(flv):
        size = int.from_bytes(flv[at + 1 : at + 4])
        time_ms = int.from_bytes(flv[at + 4 : at + 7]) | flv[at + 7] << 24
        yield flv[at], time_ms, flv[at + 11 : at + 11 + size]
        at += 11 + size + 4
