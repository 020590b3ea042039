"""What the `api` and `grpc` benches are made of: a host, thin connections to it, people without media."""
