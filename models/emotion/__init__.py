"""What a face shows, with consent: a classifier and facial action units.  See the README beside this file."""
