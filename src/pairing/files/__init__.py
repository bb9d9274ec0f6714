"""Every read and write of a file: settings, tables and results; whole files or none."""
