"""Matchings with a group of three, and the proof."""
