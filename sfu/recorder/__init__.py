"""The recorder: writes tapped packets to Matroska files, one a stream, without decoding them."""
