from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sfu.host import certificates
from sfu.host.certificates import Certificates, Identity, pin_of
from sfu.rtp.errors import UserError

LAN = ipaddress.ip_address("192.168.1.5")
LOOPBACK = ipaddress.ip_address("127.0.0.1")
PUBLIC = ipaddress.ip_address("93.184.216.34")


def leaf(identity: Identity) -> x509.Certificate:
    return x509.load_pem_x509_certificate(identity.chain.read_bytes())


def authority(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())


def names(identity: Identity) -> x509.SubjectAlternativeName:
    return leaf(identity).extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def handshake(identity: Identity, client: ssl.SSLContext, name: str) -> None:
    """A real one, over a socket pair.  Raises ssl.SSLError when the client does not trust what it is shown."""
    ours, theirs = socket.socketpair()
    server = threading.Thread(target=_serve, args=(identity, theirs), daemon=True)
    server.start()
    with ours:
        ours.settimeout(5)
        try:
            client.wrap_socket(ours, server_hostname=name).close()
        finally:
            ours.close()
            server.join(5)


def _serve(identity: Identity, theirs: socket.socket) -> None:
    with theirs:
        theirs.settimeout(5)
        try:
            identity.tls().wrap_socket(theirs, server_side=True).close()
        except OSError:
            return  # the client's side of the test says why


def test_a_client_that_trusts_the_authority_trusts_every_address_of_the_host(tmp_path: Path) -> None:
    identity = Certificates(tmp_path).issue([LAN, LOOPBACK, ipaddress.ip_address("fd00::5")], ["mypc.local"])
    client = ssl.create_default_context(cafile=tmp_path / "authority.pem")

    for name in ("192.168.1.5", "127.0.0.1", "fd00::5", "mypc.local", "localhost"):
        handshake(identity, client, name)
    with pytest.raises(ssl.SSLError):
        handshake(identity, client, "192.168.1.6")


def test_the_authority_can_vouch_for_nothing_outside_the_house(tmp_path: Path) -> None:
    Certificates(tmp_path)
    extensions = authority(tmp_path).extensions

    basic = extensions.get_extension_for_class(x509.BasicConstraints)
    constraints = extensions.get_extension_for_class(x509.NameConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    assert constraints.critical
    networks = [name.value for name in constraints.value.permitted_subtrees or [] if isinstance(name, x509.IPAddress)]
    assert networks
    assert all(network.is_private or network.is_link_local or network.is_loopback for network in networks)


def test_a_public_address_is_left_out(tmp_path: Path) -> None:
    identity = Certificates(tmp_path).issue([LAN, PUBLIC], ["mypc.local"])

    assert names(identity).get_values_for_type(x509.IPAddress) == [LAN]


def test_the_pin_survives_new_addresses_and_new_starts(tmp_path: Path) -> None:
    first = Certificates(tmp_path).issue([LAN], ["mypc.local"])
    before = leaf(first)
    second = Certificates(tmp_path).issue([LOOPBACK], ["renamed.local"])

    assert second.pin == first.pin == pin_of(before.public_key())  # type: ignore[arg-type]
    assert leaf(second).serial_number != before.serial_number
    assert names(second).get_values_for_type(x509.DNSName) == ["localhost", "renamed.local"]


def test_the_leaf_stays_while_it_fits_so_that_who_trusts_exactly_it_comes_back(tmp_path: Path) -> None:
    first = leaf(Certificates(tmp_path).issue([LAN], ["mypc.local"]))

    assert leaf(Certificates(tmp_path).issue([LAN], ["mypc.local"])) == first
    assert leaf(Certificates(tmp_path).issue([LAN], ["other.local"])) != first


@pytest.mark.parametrize("days", [-1, 91], ids=["of the future", "old"])
def test_a_leaf_that_a_wrong_clock_or_time_has_spoilt_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    first = leaf(Certificates(tmp_path).issue([LAN], ["mypc.local"]))
    monkeypatch.setattr(certificates, "_BACKDATED", certificates._BACKDATED - datetime.timedelta(days=min(0, days)))
    monkeypatch.setattr(certificates, "_OLD", certificates._OLD - datetime.timedelta(days=max(0, days)))

    assert leaf(Certificates(tmp_path).issue([LAN], ["mypc.local"])) != first


@pytest.mark.parametrize("spoilt", [b"", b"nonsense", None], ids=["empty", "nonsense", "another authority's"])
def test_a_leaf_that_is_none_of_ours_is_made_anew(tmp_path: Path, spoilt: bytes | None) -> None:
    Certificates(tmp_path / "ours").issue([LAN], ["mypc.local"])
    if spoilt is None:
        spoilt = Certificates(tmp_path / "theirs").issue([LAN], ["mypc.local"]).chain.read_bytes()
    (tmp_path / "ours" / "host.pem").write_bytes(spoilt)

    assert leaf(Certificates(tmp_path / "ours").issue([LAN], ["mypc.local"])).public_bytes(Encoding.PEM) != spoilt


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    Certificates(tmp_path / "tls").issue([LAN], ["mypc.local"])

    for name in ("authority.key", "host.key"):
        assert stat.S_IMODE((tmp_path / "tls" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700


@pytest.mark.parametrize("file", ["authority.key", "authority.pem", "host.key"])
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, file: str) -> None:
    Certificates(tmp_path)
    (tmp_path / file).write_text("nonsense")

    with pytest.raises(UserError, match=f"{file} is damaged. Delete the folder"):
        Certificates(tmp_path)


def test_an_authority_of_another_key_is_damage(tmp_path: Path) -> None:
    Certificates(tmp_path)
    (tmp_path / "authority.key").unlink()

    with pytest.raises(UserError, match="damaged"):
        Certificates(tmp_path)


def test_a_leaf_is_short_lived_enough_for_every_phone(tmp_path: Path) -> None:
    certificate = leaf(Certificates(tmp_path).issue([LAN], ["mypc.local"]))

    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days <= 398
