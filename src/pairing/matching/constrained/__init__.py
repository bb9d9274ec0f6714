"""Matchings with further rows: bounds by multipliers, the rest by a solver."""
