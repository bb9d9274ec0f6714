"""The engine room: numbered vertices, permitted edges, whole-number weights; exact, and proven.

Names are imported when they are first used, so that whoever checks a certificate loads no engine.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
