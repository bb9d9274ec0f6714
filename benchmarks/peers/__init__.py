"""The engine beside the libraries that a user would pick instead: same graphs, same run."""
