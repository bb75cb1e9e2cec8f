"""AMF0, as far as the commands of RTMP need it."""

import contextlib
import struct
from enum import IntEnum
from typing import Any


class Kind(IntEnum):
    """The byte before a value; END stands after the pairs of an object."""

    NUMBER = 0
    BOOLEAN = 1
    STRING = 2
    OBJECT = 3
    NULL = 5
    UNDEFINED = 6
    ECMA_ARRAY = 8
    END = 9


class _Unreadable(ValueError):
    """It ends early, or holds a kind of value that no answer to a publisher has."""


def encode(*values: Any) -> bytes:
    """Of None, booleans, numbers, text and dicts of these."""
    return b"".join(_encoded(value) for value in values)


def decode(data: bytes) -> list[Any]:
    """Up to the first that cannot be read: servers add what they like to their answers."""
    reader = _Reader(data)
    values = []
    with contextlib.suppress(_Unreadable):
        while reader.more:
            values.append(reader.value())
    return values


def _encoded(value: Any) -> bytes:
    match value:
        case None:
            return bytes([Kind.NULL])
        case bool():
            return bytes([Kind.BOOLEAN, value])
        case int() | float():
            return struct.pack(">Bd", Kind.NUMBER, value)
        case str():
            return bytes([Kind.STRING]) + _text(value)
        case dict():
            pairs = (_text(name) + _encoded(held) for name, held in value.items())
            return bytes([Kind.OBJECT]) + b"".join(pairs) + bytes([0, 0, Kind.END])
    raise TypeError(f"AMF0 has no {type(value).__name__}")


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(2) + data


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def more(self) -> bool:
        return self._at < len(self._data)

    def value(self) -> Any:
        match self._take(1)[0]:
            case Kind.NUMBER:
                return struct.unpack(">d", self._take(8))[0]
            case Kind.BOOLEAN:
                return self._take(1) != b"\0"
            case Kind.STRING:
                return self._name()
            case Kind.OBJECT:
                return self._pairs()
            case Kind.NULL | Kind.UNDEFINED:
                return None
            case Kind.ECMA_ARRAY:
                self._take(4)  # how many, which the end tells too
                return self._pairs()
        raise _Unreadable("a kind of value that is not expected here")

    def _pairs(self) -> dict[str, Any]:
        found = {}
        while name := self._name():
            found[name] = self.value()
        self._take(1)
        return found

    def _name(self) -> str:
        return self._take(int.from_bytes(self._take(2))).decode(errors="replace")

    def _take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise _Unreadable("it ends in the middle of a value")
        self._at += size
        return taken
