"""What proves an answer, checked without any engine."""
