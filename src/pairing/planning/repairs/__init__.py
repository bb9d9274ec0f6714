"""Plans that change as little as possible, and who can stand by."""
