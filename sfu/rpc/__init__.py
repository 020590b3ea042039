"""The host for other programs: gRPC, with the rules, tokens, certificate and store of the HTTP API."""
