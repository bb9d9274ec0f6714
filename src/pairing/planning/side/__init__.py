"""Side constraints on the plan as a whole."""
