"""An onnxruntime session on the device that was asked for, and on no other.

onnxruntime goes on without a word on the CPU when it cannot use a GPU; here that is an error that says what to do.
"""

from __future__ import annotations

from typing import Any

from models.runtime.devices import CPU
from sfu.rtp.errors import ErrorCode, UserError

# Of onnxruntime's own levels: errors and worse.
_QUIET = 3


def open_session(network: bytes, device: str, threads: int) -> Any:
    """An `onnxruntime.InferenceSession`.  `device`: cpu, cuda:0, …  Raises UserError when it cannot be used."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = _QUIET
    # Pools that spin while they wait would take a core from the meeting.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if device == CPU:
        return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    wanted = ("CUDAExecutionProvider", {"device_id": int(device.partition(":")[2] or 0)})
    session = None
    if wanted[0] in onnxruntime.get_available_providers():
        session = onnxruntime.InferenceSession(network, options, providers=[wanted, "CPUExecutionProvider"])
    if session is None or wanted[0] not in session.get_providers():
        sentence = (f"onnxruntime cannot use {device} here. Install onnxruntime-gpu in the place of onnxruntime, "
                    "or use --device cpu.")
        raise UserError(ErrorCode.UNSUPPORTED, sentence)
    return session
