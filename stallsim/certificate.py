"""Makes a new certificate for one host, trusted only by this program's clients, always of the same size.

Its key and signature are Ed25519 (RFC 8410), 32 and 64 bytes. ECDSA's signatures vary in length, and with
them the bytes of a handshake and the window that a client's kernel offers afterwards.
"""

import datetime as dt
from ipaddress import ip_address
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_SERIAL_NUMBER = 1
_DAYS = 365


class Certificate(NamedTuple):
    """A certificate and its key, both in PEM."""

    certificate: bytes
    private_key: bytes


def make_certificate(host: str) -> Certificate:
    """A self-signed certificate for an IP address, valid for a year from yesterday on: clocks differ."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(_SERIAL_NUMBER)
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, None)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Certificate(certificate.public_bytes(Encoding.PEM), private)
