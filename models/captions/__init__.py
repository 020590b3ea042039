"""Live captions: Whisper behind a streaming policy.  See the README beside this file."""
