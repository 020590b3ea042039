"""The media plane's process: one UDP socket, one loop, and the sans-IO core that judges every packet."""
