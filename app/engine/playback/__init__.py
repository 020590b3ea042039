"""Recordings, from their files to loudspeaker and screen."""
