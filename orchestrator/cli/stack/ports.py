"""Which ports a stack listens on: one base and fixed offsets, so that two stacks stand side by side."""

import random
import socket

import msgspec

from orchestrator.cli.stack.program import port_taken

DEFAULT_BASE = 5000
# Below the range from which kernels take ports for outgoing connections (Linux: 32768 and up).
AUTO_BASES = range(20_000, 32_000, 10)
SINGLE = range(10_000, 20_000)
# Hypothesis holds the usual one still: two test processes would look at the same ports in the same order.
chance = random.SystemRandom()


class PortTaken(Exception):
    """Somebody else listens there; the message names the port and the way out."""


class Ports(msgspec.Struct, frozen=True):
    control: int
    livekit: int
    livekit_udp: int
    postgres: int
    redis: int
    agents: int

    @classmethod
    def from_base(cls, base: int) -> "Ports":
        return cls(*range(base, base + len(cls.__struct_fields__)))


def choose(base: int | None) -> Ports:
    """From `base`, or from a free base when None. Raises PortTaken."""
    if base is not None:
        ports = Ports.from_base(base)
        if taken := taken_of(ports):
            raise PortTaken(
                f"port {getattr(ports, taken)} ({taken}) is in use; try --port-base auto, or --port-base N"
            )
        return ports
    for candidate in chance.sample(AUTO_BASES, k=len(AUTO_BASES)):
        if not taken_of(Ports.from_base(candidate)):
            return Ports.from_base(candidate)
    raise PortTaken("no free ports between 20000 and 32000")


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """One that no connection going out takes before its server does. Raises PortTaken."""
    for port in chance.sample(SINGLE, k=len(SINGLE)):
        if not port_taken(port, kind):
            return port
    raise PortTaken("no free port between 10000 and 20000")


def free_udp_port() -> int:
    return free_port(socket.SOCK_DGRAM)


def taken_of(ports: Ports) -> str | None:
    """The first name whose port is in use."""
    for name, port in msgspec.structs.asdict(ports).items():
        kind = socket.SOCK_DGRAM if name.endswith("_udp") else socket.SOCK_STREAM
        if port_taken(port, kind):
            return name
    return None
