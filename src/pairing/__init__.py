"""Pair clinical teams for reciprocal peer review, and prove that no pairing is better.

Everything public stands here. A name is imported when it is first used, so that ``import pairing`` is quick.

Examples
--------
>>> import pairing
>>> cohort = pairing.load_audit()
>>> plan = pairing.pair(cohort, [pairing.MinDistance(50), pairing.MaxSizeRatio(2)])
>>> len(plan.pairs)
60
"""

import lazy_loader

# The names and their homes stand once, in __init__.pyi.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
