"""The process that does a host's background work: takes tasks out of the store, one after the other."""
