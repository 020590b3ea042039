"""The contract with clients: typed messages of the session WebSocket and of the few HTTP requests before it."""
