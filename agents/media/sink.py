"""Where libav writes to: apart, so that the relay's child has it without loading libav."""


class Sink:
    """The file that libav writes to: keeps what came until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data
