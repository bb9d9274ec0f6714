"""Several matchings of one graph planned together, no edge in two of them; exact, and proven.

Names are imported when they are first used, so that whoever checks a proof loads no solver.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
