"""AMF0, as far as the commands of RTMP need it."""

import contextlib
import struct
from collections.abc import Callable, Iterator
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
    ARRAY = 10
    DATE = 11
    LONG_STRING = 12


# How deep values may lie within each other; a server's answers are two.
MAX_DEPTH = 8


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
        self._depth = 0
        self._readers: dict[int, Callable[[], Any]] = {
            Kind.NUMBER: self._number,
            Kind.BOOLEAN: lambda: self._take(1) != b"\0",
            Kind.STRING: self._name,
            Kind.OBJECT: self._pairs,
            Kind.NULL: lambda: None,
            Kind.UNDEFINED: lambda: None,
            Kind.ECMA_ARRAY: self._counted_pairs,
            Kind.ARRAY: self._items,
            Kind.DATE: self._date,
            Kind.LONG_STRING: lambda: self._take(self._count()).decode(errors="replace"),
        }

    @property
    def more(self) -> bool:
        return self._at < len(self._data)

    def value(self) -> Any:
        read = self._readers.get(self._take(1)[0])
        if read is None:
            raise _Unreadable("a kind of value that is not expected here")
        return read()

    def _number(self) -> float:
        return float(struct.unpack(">d", self._take(8))[0])

    def _date(self) -> float:
        """In ms; a zone that is always 0 follows."""
        return float(struct.unpack(">dh", self._take(10))[0])

    def _counted_pairs(self) -> dict[str, Any]:
        self._count()  # which the end tells too
        return self._pairs()

    def _pairs(self) -> dict[str, Any]:
        found = {}
        with self._within():
            while name := self._name():
                found[name] = self.value()
        self._take(1)
        return found

    def _items(self) -> list[Any]:
        with self._within():
            return [self.value() for _ in range(self._count())]

    @contextlib.contextmanager
    def _within(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Unreadable("deeper than any answer")
        yield
        self._depth -= 1

    def _count(self) -> int:
        return int.from_bytes(self._take(4))

    def _name(self) -> str:
        return self._take(int.from_bytes(self._take(2))).decode(errors="replace")

    def _take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise _Unreadable("it ends in the middle of a value")
        self._at += size
        return taken
