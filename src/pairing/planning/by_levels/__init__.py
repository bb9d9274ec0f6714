"""Several objectives, one after the other."""
