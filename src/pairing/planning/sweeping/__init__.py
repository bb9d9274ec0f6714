"""What the plan would be worth under other limits."""
