"""Run the command as ``python -m pairing``."""

from pairing.cli import main

if __name__ == "__main__":
    main()
