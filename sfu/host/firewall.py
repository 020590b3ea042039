"""Whether this computer's firewall lets people in, and the exact rule if it does not.

Two questions, because neither is enough alone.  A packet to our own LAN address goes through the firewall but not
through the network card, and most firewalls let everything through that is sent by the computer itself; so the rules
are read as well, where this account may read them.  Where it may not, that is said: "cannot tell" is an answer.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sfu.host import nftables
from sfu.host.addresses import Address
from sfu.host.ports import Port

PROBE_TIMEOUT = 0.5
COMMAND_TIMEOUT = 5.0
_HELLO = b"parley firewall check"
_UFW_SETTINGS = Path("/etc/ufw/ufw.conf")
_MACOS_TOOL = "/usr/libexec/ApplicationFirewall/socketfilterfw"

Ask = Callable[[Sequence[str]], tuple[int, str] | None]
"""Runs a command: its exit status and output; None when it cannot be run."""


class Firewall(StrEnum):
    UFW = "ufw"
    FIREWALLD = "firewalld"
    NFTABLES = "nftables"
    WINDOWS = "Windows"
    MACOS = "macOS"


@dataclass(frozen=True, slots=True)
class Report:
    """`tcp`, `udp`: whether others get in; None: this account may not look."""

    firewall: Firewall | None
    tcp: bool | None
    udp: bool | None
    rules: tuple[str, ...] = ()

    @property
    def open(self) -> bool | None:
        if self.tcp is False or self.udp is False:
            return False
        return None if None in (self.tcp, self.udp) else True

    def sentence(self, port: int) -> str:
        """For people; empty when there is nothing to do."""
        if self.open:
            return ""
        name = f"The firewall ({self.firewall})" if self.firewall else "A firewall"
        if self.open is None:
            return (f"{name} is on, and this account may not read its rules. If others cannot join, an administrator "
                    f"opens port {port}:")
        shut = " and ".join(name for name, state in (("TCP", self.tcp), ("UDP", self.udp)) if state is False)
        return f"{name} keeps others out of port {port} ({shut}). An administrator opens it with:"


def rules(firewall: Firewall, port: int, program: str = sys.executable) -> tuple[str, ...]:
    """The commands that let people in, for TCP (the page, messages) and UDP (sound, pictures)."""
    match firewall:
        case Firewall.UFW:
            return (f"sudo ufw allow {port}/tcp", f"sudo ufw allow {port}/udp")
        case Firewall.FIREWALLD:
            return (f"sudo firewall-cmd --permanent --add-port={port}/tcp --add-port={port}/udp",
                    "sudo firewall-cmd --reload")
        case Firewall.NFTABLES:
            return (f"sudo nft insert rule inet filter input tcp dport {port} accept",
                    f"sudo nft insert rule inet filter input udp dport {port} accept")
        case Firewall.WINDOWS:
            add = "netsh advfirewall firewall add rule name=Parley dir=in action=allow profile=private,domain"
            return (f"{add} protocol=TCP localport={port}", f"{add} protocol=UDP localport={port}")
        case Firewall.MACOS:
            return (f'sudo {_MACOS_TOOL} --add "{program}"', f'sudo {_MACOS_TOOL} --unblockapp "{program}"')


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whether packets to our own LAN addresses reached the open port; `address` is the first of them."""

    address: str
    tcp: bool
    udp: bool


def look(port: Port, addresses: Sequence[Address], ask: Ask | None = None) -> Report:
    """Probes the open port and reads the firewall; takes a second or two at worst."""
    return judge(probe(port, addresses), port.number, ask)


def probe(port: Port, addresses: Sequence[Address]) -> Arrival | None:
    """Milliseconds when all is well.  None when there is no address that others could use."""
    outward = [address for address in addresses if not _only_here(address)]
    # One rule serves both families, and an IPv6 address that is seconds old cannot be used yet.
    reachable = [address for address in outward if address.version == 4] or outward
    if not reachable:
        return None
    tcp = all(_tcp_arrives(port, address) for address in reachable)
    return Arrival(str(reachable[0]), tcp, all(_udp_arrives(port, address) for address in reachable))


def judge(arrival: Arrival | None, port: int, ask: Ask | None = None) -> Report:
    if arrival is None:
        return Report(None, tcp=True, udp=True)
    firewall, tcp, udp = _read(port, arrival.address, ask or run)
    if not (arrival.tcp and arrival.udp) and firewall is None:
        firewall = _usual()
    return Report(
        firewall,
        tcp=tcp if arrival.tcp else False,
        udp=udp if arrival.udp else False,
        rules=_rules_for(firewall, port),
    )


def _only_here(address: Address) -> bool:
    return address.is_loopback


def _rules_for(firewall: Firewall | None, port: int) -> tuple[str, ...]:
    return rules(firewall, port) if firewall is not None else ()


def _usual() -> Firewall:
    """What most probably blocks on this system, when no firewall that we know says that it is on."""
    return {"win32": Firewall.WINDOWS, "darwin": Firewall.MACOS}.get(sys.platform, Firewall.NFTABLES)


# -- probing -------------------------------------------------------------------------------------------------


def _tcp_arrives(port: Port, address: Address) -> bool:
    """The listening socket's queue takes the connection, whether or not anybody serves it yet."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(PROBE_TIMEOUT)
        try:
            probe.bind((str(address), 0))
            probe.connect((str(address), port.number))
        except OSError:
            return False
        return True


def _udp_arrives(port: Port, address: Address) -> bool:
    """Before the forwarder reads the socket; what else arrives meanwhile is lost, as at any start."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    ours = next(sock for sock in port.udp if sock.family == family)
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            ours.settimeout(PROBE_TIMEOUT)
            probe.bind((str(address), 0))
            probe.sendto(_HELLO, (str(address), port.number))
            return any(ours.recv(2048) == _HELLO for _ in range(8))
        except OSError:
            return False
        finally:
            ours.setblocking(False)


# -- reading -------------------------------------------------------------------------------------------------

_Read = tuple[Firewall | None, bool | None, bool | None]
_NOTHING: _Read = (None, True, True)


def _read(port: int, address: str, ask: Ask) -> _Read:
    if sys.platform == "win32":
        return _windows(ask)
    if sys.platform == "darwin":
        return _macos(ask)
    for read in (_ufw, _firewalld, _nftables):
        found = read(port, address, ask)
        if found is not None:
            return found
    return _NOTHING


def _ufw(port: int, _address: str, ask: Ask) -> _Read | None:
    with suppress(OSError):
        if "ENABLED=yes" in _UFW_SETTINGS.read_text():
            answer = ask(["ufw", "status", "verbose"])
            if answer is None or answer[0] != 0:
                return Firewall.UFW, None, None
            return Firewall.UFW, ufw_lets_in(answer[1], port, "tcp"), ufw_lets_in(answer[1], port, "udp")
    return None


def ufw_lets_in(status: str, port: int, protocol: str) -> bool:
    """Reads `ufw status verbose`: the first rule about the port decides, then the default."""
    for line in status.splitlines():
        words = line.replace("(v6)", "").split()
        if len(words) >= 3 and words[0] in (str(port), f"{port}/{protocol}", "Anywhere") and "IN" in words[2:3]:
            return words[1] in ("ALLOW", "LIMIT")
    return "allow (incoming)" in status or "Status: active" not in status


def _firewalld(port: int, _address: str, ask: Ask) -> _Read | None:
    state = ask(["firewall-cmd", "--state"])
    if state is None or state[0] != 0:
        return None
    asked = [ask(["firewall-cmd", f"--query-port={port}/{protocol}"]) for protocol in ("tcp", "udp")]
    tcp, udp = ({0: True, 1: False}.get(answer[0]) if answer else None for answer in asked)
    return Firewall.FIREWALLD, tcp, udp


def _nftables(port: int, address: str, ask: Ask) -> _Read | None:
    answer = ask(["nft", "--json", "list", "ruleset"])
    if answer is None:
        return None
    if answer[0] != 0:
        return (Firewall.NFTABLES, None, None) if _nft_runs_at_boot(ask) else None
    try:
        ruleset = nftables.Ruleset.parse(json.loads(answer[1]))
        tcp, udp = (ruleset.lets_in(nftables.Packet(protocol, port, address)) for protocol in ("tcp", "udp"))
    except (ValueError, KeyError, TypeError, AttributeError):  # another version's form, which we do not know
        return Firewall.NFTABLES, None, None
    return (Firewall.NFTABLES, tcp, udp) if ruleset.filters else None


def _nft_runs_at_boot(ask: Ask) -> bool:
    answer = ask(["systemctl", "is-active", "nftables"])
    return answer is not None and answer[0] == 0


def _windows(ask: Ask) -> _Read:
    state = ask(["netsh", "advfirewall", "show", "currentprofile", "state"])
    if state is None or "ON" not in state[1].upper().split():
        return _NOTHING
    known = ask(["netsh", "advfirewall", "firewall", "show", "rule", "name=Parley"])
    let_in = True if known is not None and known[0] == 0 else None
    return Firewall.WINDOWS, let_in, let_in


def _macos(ask: Ask) -> _Read:
    state = ask([_MACOS_TOOL, "--getglobalstate"])
    if state is None or "enabled" not in state[1].lower():
        return _NOTHING
    known = ask([_MACOS_TOOL, "--getappblocked", sys.executable])
    let_in = {"permitted": True, "blocked": False}.get(_word_of(known[1] if known else ""))
    return Firewall.MACOS, let_in, let_in


def _word_of(said: str) -> str:
    return next((word for word in ("permitted", "blocked") if word in said.lower()), "")


def run(command: Sequence[str]) -> tuple[int, str] | None:
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, timeout=COMMAND_TIMEOUT,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.returncode, done.stdout
