"""The control process of a meeting: HTTPS and WebSocket, DTLS handshakes, children.  It never sees a media packet."""
