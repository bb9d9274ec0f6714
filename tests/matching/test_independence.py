"""The certificate is checked without any engine."""

from __future__ import annotations

import subprocess
import sys


def test_checking_a_certificate_loads_no_solver() -> None:
    """Importing the checker brings in neither an engine of ours nor SciPy or networkx."""
    code = (
        "import sys, pairing.matching.proof.certificate; "
        "print([name for name in sys.modules if name.split('.')[0] in {'scipy', 'networkx', 'ortools'} "
        "or name.startswith('pairing.matching.') and name.rsplit('.')[-1] in "
        "{'blossom', 'fractional', 'search', 'pricing', 'solving'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
