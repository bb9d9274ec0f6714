"""The questions that a pairing answers, as its methods; each is answered in a module of its own."""

from __future__ import annotations


class Questions:
    """The verbs of a :class:`~pairing.planning.pairing.Pairing`."""
