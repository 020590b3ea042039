"""What the `client` bench is made of: a screen nobody looks at, a sound card nobody hears, a window and a crowd."""
