"""The desktop client's media engine: signalling, transports, capture, codecs and playout, on its own asyncio loop."""
