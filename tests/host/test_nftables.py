from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.host.nftables import Packet, Ruleset

TCP, UDP = Packet("tcp", 7443, "192.168.1.5"), Packet("udp", 7443, "192.168.1.5")
ACCEPT: dict[str, Any] = {"accept": None}
DROP: dict[str, Any] = {"drop": None}


def match(left: dict[str, Any], right: Any, op: str = "==") -> dict[str, Any]:
    return {"match": {"op": op, "left": left, "right": right}}


def port(protocol: str, right: Any) -> dict[str, Any]:
    return match({"payload": {"protocol": protocol, "field": "dport"}}, right)


STATE = match({"ct": {"key": "state"}}, ["established", "related"], "in")
LOOPBACK = match({"meta": {"key": "iifname"}}, "lo")
FROM_HOME = match(
    {"payload": {"protocol": "ip", "field": "saddr"}}, {"prefix": {"addr": "192.168.0.0", "len": 16}}
)
MYSTERY = match({"osf": {"key": "name"}}, "Linux")


def ruleset(*rules: list[dict[str, Any]], policy: str = "drop", extra: list[dict[str, Any]] | None = None) -> Ruleset:
    chain = {"family": "inet", "table": "filter", "name": "input", "hook": "input", "type": "filter", "policy": policy}
    listed: list[dict[str, Any]] = [{"metainfo": {}}, {"chain": chain}, *(extra or [])]
    listed += [{"rule": {"family": "inet", "table": "filter", "chain": "input", "expr": rule}} for rule in rules]
    return Ruleset.parse({"nftables": listed})


USUAL = [[STATE, ACCEPT], [LOOPBACK, ACCEPT]]


@pytest.mark.parametrize(
    ("rules", "tcp", "udp"),
    [
        (USUAL, False, False),
        ([*USUAL, [port("tcp", 7443), ACCEPT]], True, False),
        ([*USUAL, [port("th", 7443), ACCEPT]], True, True),
        ([*USUAL, [port("udp", {"range": [7000, 8000]}), ACCEPT]], False, True),
        ([*USUAL, [port("tcp", {"set": [22, 7443]}), ACCEPT]], True, False),
        ([[port("tcp", 7443), {"reject": {}}], [ACCEPT]], False, True),
        ([[FROM_HOME, ACCEPT]], True, True),
        ([[MYSTERY, ACCEPT]], None, None),
        ([[MYSTERY, DROP]], False, False),
        ([[{"xt": {"name": "comment"}}, ACCEPT]], None, None),
    ],
)
def test_the_first_rule_that_applies_decides(
    rules: list[list[dict[str, Any]]], tcp: bool | None, udp: bool | None
) -> None:
    found = ruleset(*rules)

    assert (found.lets_in(TCP), found.lets_in(UDP)) == (tcp, udp)


def test_a_chain_that_is_jumped_to_may_decide() -> None:
    extra = [
        {"chain": {"family": "inet", "table": "filter", "name": "services"}},
        {"rule": {"family": "inet", "table": "filter", "chain": "services", "expr": [port("tcp", 7443), ACCEPT]}},
    ]
    found = ruleset([{"jump": {"target": "services"}}], extra=extra)

    assert (found.lets_in(TCP), found.lets_in(UDP)) == (True, False)


def test_chains_that_jump_in_a_circle_end() -> None:
    assert ruleset([{"jump": {"target": "input"}}]).lets_in(TCP) is False


def test_a_computer_without_rules_filters_nothing() -> None:
    assert not ruleset(policy="accept").filters
    assert not Ruleset.parse({"nftables": []}).filters
    assert Ruleset.parse({"nftables": []}).lets_in(TCP) is True


WORDS = "match left right payload op set prefix jump target meta ct accept range".split()
NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(WORDS), inner),
)


@given(st.dictionaries(st.sampled_from(WORDS), NONSENSE))
def test_any_expression_is_judged_or_refused_as_no_listing(expression: dict[str, Any]) -> None:
    with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
        assert ruleset([expression]).lets_in(TCP) in (True, False, None)
