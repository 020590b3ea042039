"""The contract between the host's control process and its forwarder, and the framing that carries it."""
