"""What inference decides, without sockets, threads, clocks or models: dispatch, ring buffers, captions."""
