"""What a meeting was about, read out of what was said in it: pure, from lines of a transcript."""
