"""TLS without a domain: a certificate authority of this installation, and a leaf for the addresses of today.

The authority may only vouch for private addresses, `.local` names and `localhost` (RFC 5280, 4.2.1.10), so whoever
trusts it on a phone trusts it with nothing else.  The leaf's key never changes: invite links carry its fingerprint
(`pin`), and clients that pinned it keep working when the leaf is issued anew for other addresses.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sfu.host.keyfiles import kept_secret
from sfu.host.trust import Authority
from sfu.rtp.errors import ErrorCode, UserError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PRIVATE = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
    "fc00::/7", "fe80::/10", "::1/128",
)
_NETWORKS = tuple(ipaddress.ip_network(network) for network in _PRIVATE)
_DNS = (".local", "local", "localhost")
# Apple refuses longer-lived leaves of user-added authorities.
_LEAF_DAYS = 397
_AUTHORITY_DAYS = 3650
# A laptop whose clock is a day behind must still be able to join.
_BACKDATED = datetime.timedelta(days=2)
# Older than this it is issued anew, long before it ends.
_OLD = datetime.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Identity:
    """What the TLS server shows, and how links name it."""

    chain: Path
    key: Path
    pin: str

    def tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.load_into(context)
        return context

    def load_into(self, context: ssl.SSLContext) -> None:
        """Handshakes from now on show this certificate; running connections are untouched."""
        context.load_cert_chain(self.chain, self.key)


class Certificates:
    """The installation's authority and leaf, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority_key = _key(folder / "authority.key")
        self._authority = self._load_authority()
        self._leaf_key = _key(folder / "host.key")

    @property
    def pin(self) -> str:
        return pin_of(self._leaf_key.public_key())

    @property
    def authority(self) -> Authority:
        """What a device needs to trust this installation."""
        der = self._authority.public_bytes(serialization.Encoding.DER)
        common_name = self._authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        return Authority(der, self._authority.fingerprint(hashes.SHA256()).hex(":").upper(), self.pin, str(common_name))

    def issue(self, addresses: Sequence[Address], names: Sequence[str]) -> Identity:
        """A leaf for these addresses, these `.local` names and localhost, in the folder.

        The one that is there serves while it fits: programs that trust exactly this one come back without asking.
        """
        chain, covered = self._folder / "host.pem", _covered(addresses, names)
        if not self._serves(chain, covered):
            fresh = chain.with_suffix(".new")
            fresh.write_bytes(self._sign_leaf(covered).public_bytes(serialization.Encoding.PEM))
            fresh.replace(chain)
        return Identity(chain, self._folder / "host.key", self.pin)

    def _serves(self, chain: Path, covered: x509.SubjectAlternativeName) -> bool:
        """Ours, for the same, not old, and not of a future that a clock once showed."""
        try:
            leaf = x509.load_pem_x509_certificate(chain.read_bytes())
            leaf.verify_directly_issued_by(self._authority)
            names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            return False
        age = datetime.datetime.now(datetime.UTC) - leaf.not_valid_before_utc
        return leaf.public_key() == self._leaf_key.public_key() and names == covered and _BACKDATED <= age < _OLD

    def _load_authority(self) -> x509.Certificate:
        path = self._folder / "authority.pem"
        pem = kept_secret(path, lambda: self._sign_authority().public_bytes(serialization.Encoding.PEM))
        try:
            authority = x509.load_pem_x509_certificate(pem)
        except ValueError as error:
            raise _damaged(path) from error
        if authority.public_key() != self._authority_key.public_key():
            raise _damaged(path)
        return authority

    def _sign_authority(self) -> x509.Certificate:
        public = self._authority_key.public_key()
        name = _name(f"Parley on this computer {pin_of(public)[:8]}")
        permitted = [x509.IPAddress(network) for network in _NETWORKS] + [x509.DNSName(name) for name in _DNS]
        return (
            _builder(name, name, public, _AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.NameConstraints(permitted, None), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self._authority_key, hashes.SHA256())
        )

    def _sign_leaf(self, covered: x509.SubjectAlternativeName) -> x509.Certificate:
        public = self._leaf_key.public_key()
        return (
            _builder(_name("Parley host"), self._authority.subject, public, _LEAF_DAYS)
            .add_extension(covered, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._authority_key.public_key()), critical=False
            )
            .sign(self._authority_key, hashes.SHA256())
        )


def _covered(addresses: Sequence[Address], local_names: Sequence[str]) -> x509.SubjectAlternativeName:
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in ("localhost", *local_names)]
    names += [x509.IPAddress(a) for a in addresses if any(a in network for network in _NETWORKS)]
    return x509.SubjectAlternativeName(names)


def pin_of(public: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 of the SubjectPublicKeyInfo, base64url without padding (compare RFC 7469, 2.4)."""
    spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.urlsafe_b64encode(hashlib.sha256(spki).digest()).rstrip(b"=").decode()


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    pem = kept_secret(path, _new_key)
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise _damaged(path) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise _damaged(path)
    return key


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    begins = datetime.datetime.now(datetime.UTC) - _BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + datetime.timedelta(days=days))
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )


def _damaged(path: Path) -> UserError:
    return UserError(
        ErrorCode.UNSUPPORTED,
        f"{path} is damaged. Delete the folder {path.parent} and start again; links given out before stop working.",
    )
