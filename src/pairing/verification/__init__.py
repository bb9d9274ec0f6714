"""Proves a result again, from its files and the original inputs alone."""

from pairing.verification.check import Check, Verification
from pairing.verification.verify import verify

__all__ = ["Check", "Verification", "verify"]
