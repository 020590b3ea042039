"""The floor: a forwarder in C that only opens, renumbers, seals and sends, in a process of its own.

`measure` runs it; `python -m tests.bench.load.floor` is that process, which reads whom to serve from its input.
"""

from __future__ import annotations

import ctypes as c
import json
import socket
import subprocess
import sys
import threading
import time

from pylibsrtp import Policy

from tests.bench import load


class Floor(c.Structure):
    _fields_ = (
        ("protect", c.c_void_p), ("unprotect", c.c_void_p), ("fd", c.c_int), ("subscribers", c.c_int),
        ("open", c.c_void_p), ("seal", c.POINTER(c.c_void_p)), ("address", c.c_char_p), ("hold", c.c_double),
        ("stop", c.c_int), ("received", c.c_long), ("forwarded", c.c_long), ("cpu", c.c_double),
    )  # fmt: skip


def measure(subscribers: int, shape: load.Shape, saturate: bool, seconds: float) -> float:
    """CPU per forwarded packet in µs under the load of one publisher."""
    publisher, *peers = [load.Peer(number) for number in range(subscribers + 1)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        for peer in (publisher, *peers):
            peer.socket.connect(udp.getsockname())
        task = {"fd": udp.fileno(), "open": publisher.receive_key.hex(),
                "seal": [peer.send_key.hex() for peer in peers],
                "ports": [peer.socket.getsockname()[1] for peer in peers]}  # fmt: skip
        process = subprocess.Popen([sys.executable, "-m", "tests.bench.load.floor"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True, pass_fds=(udp.fileno(),))  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        process.stdout.readline()  # it is ready
        running = load.Running([(publisher, shape)], peers, udp if saturate else None)
        running.load.keyframes = 0
        running.start()
        running.load.pause = 0
        time.sleep(seconds)
        running.stop()
        answer, _ = process.communicate("stop\n", timeout=10)
        figures = json.loads(answer)
    return round(figures["cpu"] / max(figures["forwarded"], 1) * 1e6, 2)


def main() -> None:
    task = json.loads(sys.stdin.readline())
    udp = socket.socket(fileno=task["fd"])
    for forced in (32, 33):  # SO_SNDBUFFORCE, SO_RCVBUFFORCE: as the forwarder does
        udp.setsockopt(socket.SOL_SOCKET, forced, 8 << 20)
    opening = load.session(bytes.fromhex(task["open"]), Policy.SSRC_ANY_INBOUND)
    sealing = [load.session(bytes.fromhex(key), Policy.SSRC_ANY_OUTBOUND) for key in task["seal"]]
    count = len(sealing)
    addresses = b"".join(
        socket.AF_INET.to_bytes(2, sys.byteorder) + port.to_bytes(2, "big") + socket.inet_aton("127.0.0.1") + bytes(8)
        for port in task["ports"]
    )
    floor = Floor(
        load.function("srtp_protect"), load.function("srtp_unprotect"), udp.fileno(), count, load.context(opening),
        (c.c_void_p * count)(*map(load.context, sealing)), addresses, 0.0,
    )  # fmt: skip
    thread = threading.Thread(target=load.library().floor_run, args=(c.byref(floor),))
    thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    floor.stop = 1
    thread.join()
    print(json.dumps({"cpu": floor.cpu, "forwarded": floor.forwarded, "received": floor.received}))


if __name__ == "__main__":
    main()
