"""The matching whose worst pair is best, then the second worst, and so on."""
