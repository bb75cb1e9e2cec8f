"""Which connections a relay makes, and whose certificate it believes."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from agents.media.relay.dial import Trust, checked, dial
from agents.media.relay.reasons import Failure
from schema.reach import IP
from tests.support.certificates import DAY, Authority, Certificate

HOST = "live.school.example"
LOOPBACK: IP = ip_address("127.0.0.1")


@contextmanager
def served(certificate: Certificate) -> Iterator[int]:
    """One connection, encrypted if the other side likes the certificate; the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_greet, args=(listener, context))
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join()


def _greet(listener: socket.socket, context: ssl.SSLContext) -> None:
    plain, _ = listener.accept()
    try:
        with context.wrap_socket(plain, server_side=True) as connection:
            connection.sendall(b"hello")
    except ssl.SSLError:
        plain.close()


def called(port: int, trust: Trust, host: str = HOST) -> bytes:
    """What the server says to whoever believes it; the name leads to loopback."""
    parts = urlsplit(f"rtmps://{host}:{port}/live/key")
    with dial(parts, port, trust, lambda _name: [LOOPBACK]) as connection:
        return connection.recv(5)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_a_certificate_of_the_authority_for_the_name_is_believed(authority: Authority) -> None:
    trust = Trust(private=True, ca_file=str(authority.file))
    with served(authority.issue(HOST)) as port:
        assert called(port, trust) == b"hello"


@pytest.mark.parametrize(
    ("host", "ends_in", "known", "message"),
    [
        (HOST, DAY, False, "unable to get local issuer certificate"),
        (HOST, -DAY, True, "certificate has expired"),
        ("other.example", DAY, True, "Hostname mismatch"),
    ],
)
def test_a_wrong_certificate_is_refused_and_said_why(
    authority: Authority, host: str, ends_in: dt.timedelta, known: bool, message: str
) -> None:
    trust = Trust(private=True, ca_file=str(authority.file) if known else "")
    with served(authority.issue(host, ends_in)) as port, pytest.raises(Failure) as failed:
        called(port, trust)
    assert (failed.value.reason, failed.value.message) == ("untrusted", message)


def test_the_address_that_was_checked_is_the_one_that_is_called(authority: Authority) -> None:
    """A name that means another address at the second question is asked once."""
    answers = iter([[LOOPBACK], [ip_address("169.254.169.254")]])
    trust = Trust(private=True, ca_file=str(authority.file))
    with served(authority.issue(HOST)) as port:
        parts = urlsplit(f"rtmps://{HOST}:{port}/live/key")
        with dial(parts, port, trust, lambda _name: next(answers)) as connection:
            assert connection.getpeername() == ("127.0.0.1", port)
    assert next(answers)


@pytest.mark.parametrize(
    ("addresses", "private"),
    [
        (["127.0.0.1"], False),
        (["10.0.0.1"], False),
        (["93.184.216.34", "10.0.0.1"], False),
        (["169.254.169.254"], True),
        (["::ffff:169.254.169.254"], True),
        (["192.168.1.20", "fe80::1"], True),
    ],
)
def test_a_name_that_leads_where_nobody_may_call_is_barred(
    addresses: list[str], private: bool
) -> None:
    found = [ip_address(text) for text in addresses]
    with pytest.raises(Failure) as failed:
        checked("rebinding.example", Trust(private=private), lambda _name: found)
    assert failed.value.reason == "barred"


def test_a_private_network_is_called_where_that_is_allowed() -> None:
    found: list[IP] = [ip_address("192.168.1.20"), ip_address("fd12::1")]
    assert checked("encoder.local", Trust(private=True), lambda _name: found) == found


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        addresses: list[IP] = [ip_address("127.0.0.2"), LOOPBACK]
        parts = urlsplit(f"rtmp://{HOST}:{port}/live/key")
        with dial(parts, port, Trust(private=True), lambda _name: addresses) as connection:
            assert connection.getpeername() == ("127.0.0.1", port)
