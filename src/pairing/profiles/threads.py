"""One BLAS thread for work on small matrices: quicker on a busy machine, and the same sums on any machine."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadpoolctl import ThreadpoolController


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep the linear algebra in this block on one thread.

    The matrices of a profile model are K by K, so more threads only wait for each other. With one, the
    order of every sum, and so its last digit, does not depend on the number of cores either.
    """
    with _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
