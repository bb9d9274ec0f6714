"""Many edges, which are never all held: likely ones to the engine, all others priced."""
