"""What an nftables ruleset does with one packet, as far as we understand the ruleset.

`nft --json list ruleset` gives the rules as data (libnftables-json(5)).  A rule whose conditions we cannot judge makes
the answer "cannot tell" if it would decide otherwise than what comes after it; guessing would be worse than saying so.
Pure.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Packet:
    """The first packet of somebody on our network: `source` is an address like theirs."""

    protocol: str
    port: int
    source: str


@dataclass(frozen=True, slots=True)
class _Chain:
    policy: str | None
    """Of a base chain on input; None for chains that are only jumped to."""
    rules: tuple[list[dict[str, Any]], ...]


class Ruleset:
    def __init__(self, chains: Mapping[tuple[str, str, str], _Chain]) -> None:
        self._chains = chains

    @classmethod
    def parse(cls, listed: dict[str, Any]) -> Ruleset:
        """Raises KeyError or TypeError for what is not a listing."""
        heads: dict[tuple[str, str, str], str | None] = {}
        rules: dict[tuple[str, str, str], list[list[dict[str, Any]]]] = {}
        for entry in listed["nftables"]:
            if chain := entry.get("chain"):
                on_input = chain.get("hook") == "input" and chain["family"] in ("ip", "inet")
                heads[_name(chain, chain["name"])] = chain.get("policy", "accept") if on_input else None
            elif rule := entry.get("rule"):
                rules.setdefault(_name(rule, rule["chain"]), []).append(rule["expr"])
        return cls({name: _Chain(policy, tuple(rules.get(name, []))) for name, policy in heads.items()})

    @property
    def filters(self) -> bool:
        """Whether anything is decided about what comes in."""
        inputs = [chain for chain in self._chains.values() if chain.policy is not None]
        return any(chain.policy == "drop" or chain.rules for chain in inputs)

    def lets_in(self, packet: Packet) -> bool | None:
        """True only if every chain on input accepts; None: cannot tell."""
        verdicts = [self._base(name, packet) for name, chain in self._chains.items() if chain.policy is not None]
        if False in verdicts:
            return False
        return None if None in verdicts else True

    def _base(self, name: tuple[str, str, str], packet: Packet) -> bool | None:
        found = self._verdicts(name, packet, 0)
        found.add(self._chains[name].policy == "accept")
        return _first(found)

    def _verdicts(self, name: tuple[str, str, str], packet: Packet, depth: int) -> _Verdicts:
        """In the order in which rules would decide."""
        found = _Verdicts()
        chain = self._chains.get(name)
        if chain is None or depth > _DEEPEST:
            return found
        for expressions in chain.rules:
            applies = _applies(expressions, packet)
            if applies is False:
                continue
            ends = self._consequence(name, expressions, packet, depth)
            found.extend(ends, certain=applies is True)
            if found.decided:
                break
        return found

    def _consequence(
        self, name: tuple[str, str, str], expressions: list[dict[str, Any]], packet: Packet, depth: int
    ) -> _Verdicts:
        ends = _Verdicts()
        for expression in expressions:
            if "accept" in expression:
                ends.add(True)
            elif "drop" in expression or "reject" in expression:
                ends.add(False)
            elif jump := expression.get("jump") or expression.get("goto"):
                ends.extend(self._verdicts((*name[:2], jump["target"]), packet, depth + 1), certain=True)
        return ends


class _Verdicts:
    """What was decided: possibly, by rules that may not apply, and at last for certain."""

    def __init__(self) -> None:
        self.possible: set[bool] = set()
        self.certain: bool | None = None

    @property
    def decided(self) -> bool:
        return self.certain is not None

    def add(self, lets_in: bool) -> None:
        if self.certain is None:
            self.certain = lets_in

    def extend(self, other: _Verdicts, *, certain: bool) -> None:
        self.possible |= other.possible
        if other.certain is None:
            return
        if certain:
            self.add(other.certain)
        else:
            self.possible.add(other.certain)


def _first(found: _Verdicts) -> bool | None:
    """One answer if nothing that might apply says otherwise."""
    assert found.certain is not None
    return found.certain if found.possible <= {found.certain} else None


def _applies(expressions: Iterable[dict[str, Any]], packet: Packet) -> bool | None:
    judged = [_matches(expression["match"], packet) for expression in expressions if "match" in expression]
    judged += [None for expression in expressions if "xt" in expression]
    if False in judged:
        return False
    return None if None in judged else True


def _matches(match: dict[str, Any], packet: Packet) -> bool | None:
    known = _value(match["left"], packet)
    if known is None or match.get("op") not in ("==", "in", "!="):
        return None
    inside = any(_within(known, right) for right in _options(match["right"]))
    return inside is not (match["op"] == "!=")


def _value(left: Any, packet: Packet) -> str | int | None:
    """What the packet has where the rule looks; None: we do not know.  A protocol it does not have is -1."""
    if not isinstance(left, dict):
        return None
    if field := left.get("payload"):
        protocol, name = field.get("protocol"), field.get("field")
        if (protocol, name) in ((packet.protocol, "dport"), ("th", "dport")):
            return packet.port
        if protocol in ("tcp", "udp", "icmp", "icmpv6", "igmp", "ip6") and protocol != packet.protocol:
            return -1
        return {("ip", "saddr"): packet.source, ("ip", "protocol"): packet.protocol}.get((protocol, name))
    if meta := left.get("meta"):
        return {
            "iifname": "the network card", "iif": "the network card", "l4proto": packet.protocol, "nfproto": "ipv4"
        }.get(meta.get("key"))
    return "new" if left.get("ct", {}).get("key") == "state" else None


def _options(right: Any) -> list[Any]:
    if isinstance(right, dict) and "set" in right:
        return list(right["set"])
    return list(right) if isinstance(right, list) else [right]


def _within(value: str | int, right: Any) -> bool:
    if isinstance(right, dict) and "range" in right:
        low, high = right["range"]
        return isinstance(value, int) and isinstance(low, int) and low <= value <= high
    if isinstance(right, dict) and "prefix" in right:
        prefix = right["prefix"]
        try:
            network = ipaddress.ip_network(f"{prefix['addr']}/{prefix['len']}")
            return ipaddress.ip_address(value) in network
        except ValueError:
            return False
    return bool(value == right)


def _name(entry: dict[str, Any], chain: str) -> tuple[str, str, str]:
    return entry["family"], entry["table"], chain
