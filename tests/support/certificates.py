"""A certificate authority of our own, for servers on loopback: good certificates, and some that are over or another's."""

import datetime as dt
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)
PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Certificate:
    key: Path
    chain: Path


class Authority:
    """`file` is what has to be trusted for what it issues."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lectern's tests")])
        self.file = folder / "authority.pem"
        usage = x509.BasicConstraints(ca=True, path_length=0)
        made = self._builder(self._name, self._key.public_key(), DAY).add_extension(usage, True)
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(PEM))

    def issue(self, host: str = "127.0.0.1", ends_in: dt.timedelta = DAY) -> Certificate:
        """For a name or an address."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        of_host = x509.SubjectAlternativeName([_general_name(host)])
        made = self._builder(name, key.public_key(), ends_in).add_extension(of_host, False)
        stem = f"{host}-{ends_in.total_seconds():.0f}"
        files = Certificate(self._folder / f"{stem}.key", self._folder / f"{stem}.pem")
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        files.key.write_bytes(key.private_bytes(PEM, *plain))
        files.chain.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(PEM))
        return files

    def _builder(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, ends_in: dt.timedelta
    ) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return x509.CertificateBuilder(
            self._name, name, key, x509.random_serial_number(), now - 3 * DAY, now + ends_in
        )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
