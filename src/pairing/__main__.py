"""Run the command as ``pairing`` or ``python -m pairing``."""

import signal
import sys

from pairing.interrupts import Interrupts


def main() -> None:
    """Run the command; Ctrl-C during the imports ends it too, without a traceback."""
    interrupts = Interrupts()
    interrupts.watch()
    try:
        from pairing.cli import main as command

        command(interrupts)
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Nothing was left half-written.\n")
        sys.exit(130)
    finally:
        # From here on only Python itself is tidied up: an interrupt could do nothing but make noise.
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
