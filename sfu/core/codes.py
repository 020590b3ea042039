"""Meeting codes: eight characters that survive being read out loud, and the link that carries one.

Drawn by the shell (cores have no randomness); this file only says which characters there are, and how what people
type is read.
"""

from __future__ import annotations

# No 0 and O, no 1, I and L: they are told apart neither by ear nor in every typeface.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 8


def normalised(typed: str) -> str:
    """What somebody typed or pasted, as a code: case, spaces and dashes do not matter."""
    return "".join(c for c in typed.upper() if c not in " -\u2013\u2014\u00a0")


def shown(code: str) -> str:
    """In two groups of four, as people read it: `ABCD-EFGH`."""
    return f"{code[:4]}-{code[4:]}"


def link(address: str, port: int, code: str, pin: str) -> str:
    """The invitation.  `pin` rides in the fragment, which no browser sends to anybody."""
    return f"https://{origin(address, port)}/j/{code}#fp={pin}"


def origin(address: str, port: int) -> str:
    """`address:port` as a URL wants it (IPv6 in brackets)."""
    host = f"[{address}]" if ":" in address else address
    return f"{host}:{port}"
