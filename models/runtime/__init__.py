"""Processes around `models.core`: the broker, a worker, and the client that the host uses."""
