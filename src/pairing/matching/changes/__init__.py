"""What it costs to hold or to avoid an edge."""
