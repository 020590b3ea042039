"""`parley demo`: a whole meeting on this computer, with people who are files, judged at the end."""
