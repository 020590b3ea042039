"""gRPC on a port of its own, with the certificate of the HTTP API; health and reflection are there for tools.

It is off unless the host is told where to listen, and then for programs on this computer unless told otherwise.
"""

from __future__ import annotations

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from sfu.host.certificates import Identity
from sfu.host.endpoints import Endpoint
from sfu.host.service_routes import Services
from sfu.rpc import parley_pb2 as pb
from sfu.rpc.parley_pb2_grpc import add_MeetingServiceServicer_to_server, add_UserServiceServicer_to_server
from sfu.rpc.services import Meetings, Users
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import MAX_FRAME

NAMES = tuple(service.full_name for service in pb.DESCRIPTOR.services_by_name.values())
# What is under way when the meeting ends, in seconds: watchers have been told `ended` by then.
_GOODBYE = 1.0
_MOST_CALLS = 256
_OPTIONS = (
    ("grpc.so_reuseport", 0),  # else two hosts would share one port, and each answer half of the calls
    ("grpc.max_receive_message_length", MAX_FRAME),
    ("grpc.max_metadata_size", 16_384),
    ("grpc.max_concurrent_streams", _MOST_CALLS),
    ("grpc.server_handshake_timeout_ms", 10_000),
    # A computer that went away is noticed after this, so that its watch does not stay.
    ("grpc.keepalive_time_ms", 15_000),
    ("grpc.keepalive_timeout_ms", 15_000),
)


class RpcServer:
    """Listens once made, or not at all (UserError); answers while `run` runs."""

    def __init__(self, services: Services, endpoint: Endpoint, identity: Identity) -> None:
        self._server = grpc.aio.server(options=_OPTIONS, maximum_concurrent_rpcs=_MOST_CALLS)
        add_UserServiceServicer_to_server(Users(services), self._server)
        add_MeetingServiceServicer_to_server(Meetings(services), self._server)
        self._health = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        reflection.enable_server_reflection((*NAMES, health.SERVICE_NAME, reflection.SERVICE_NAME), self._server)
        self.port = self._open(endpoint, identity)

    async def run(self) -> None:
        """Until cancelled; then health says so, and what is under way has a moment to end."""
        await self._server.start()
        try:
            for name in ("", *NAMES):
                await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
            await self._server.wait_for_termination()
        finally:
            await self._health.enter_graceful_shutdown()
            await self._server.stop(_GOODBYE)

    def _open(self, endpoint: Endpoint, identity: Identity) -> int:
        try:
            return int(self._server.add_secure_port(str(endpoint), credentials(identity)))
        except RuntimeError as error:
            sentence = f"gRPC cannot listen on {endpoint}. Another program may use that port; choose another."
            raise UserError(ErrorCode.BUSY_PORT, sentence) from error


def credentials(identity: Identity) -> grpc.ServerCredentials:
    """Every handshake shows the certificate of now, which changes with this computer's addresses."""
    shown = _certificate(identity)

    def newer() -> grpc.ServerCertificateConfiguration | None:
        nonlocal shown
        now = _certificate(identity)
        if now == shown:
            return None
        shown = now
        return grpc.ssl_server_certificate_configuration([now])

    first = grpc.ssl_server_certificate_configuration([shown])
    return grpc.dynamic_ssl_server_credentials(first, newer)


def _certificate(identity: Identity) -> tuple[bytes, bytes]:
    return identity.key.read_bytes(), identity.chain.read_bytes()
