"""The best matchings in order, and the proof of the order."""
