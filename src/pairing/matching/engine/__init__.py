"""The exact engine on a few edges: a fractional start, then blossoms."""
