"""The table of a large cohort: its pairs are found anew when they are asked for, and held only if all are."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pairing.errors import Problem, SettingsError
from pairing.memory import available_memory
from pairing.pairs.memory_budget import BYTES_A_PAIR_HELD
from pairing.pairs.model import VALUE_SCALE
from pairing.pairs.table import PairTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pairing.matching import EdgeSource
    from pairing.pairs.stream import PairStream

    Indices = NDArray[np.int64]


class StreamedTable(PairTable):
    """The permitted pairs of a cohort of any size.

    What is needed to find and to prove the best plan comes from the stream. Whoever asks for the arrays
    `first`, `second` and `integers` has them made, once, if they fit into memory; some questions about a
    plan need them.

    Parameters
    ----------
    stream : PairStream
        The permitted pairs.
    memory_bytes : int, optional
        How much memory all pairs may take; what the machine has to spare if not given.

    Raises
    ------
    SettingsError
        Where all pairs are asked for and do not fit.
    """

    def __init__(self, stream: PairStream, *, memory_bytes: int | None = None) -> None:
        keys = stream.model.rules.keys
        counts = dict(zip(keys, stream.survey.n_banned_by.tolist(), strict=True))
        for name, value in (
            ("model", stream.model),
            ("n_banned_by", counts),
            ("_stream", stream),
            ("_memory_bytes", memory_bytes),
        ):
            object.__setattr__(self, name, value)

    _stream: PairStream
    _memory_bytes: int | None

    def __len__(self) -> int:
        return self._stream.n_edges

    def edges(self) -> EdgeSource:
        """The permitted pairs with their values, as a stream."""
        return self._stream

    @property
    def average_value(self) -> float:
        """Average value of the permitted pairs, to within a few millionths."""
        return self._stream.survey.average_value

    @property
    def best_value(self) -> float:
        """Value of the best permitted pair."""
        return self._stream.survey.best_units / VALUE_SCALE

    def partners(self, position: int) -> Indices:
        """Positions of the permitted partners of one team, ascending."""
        everything = np.full(self._stream.n_vertices, -np.inf)
        ends = [
            piece.first + piece.second - position
            for piece in self._stream.heavy(everything, np.array([position]))
        ]
        return np.sort(np.concatenate(ends))

    @cached_property
    def _columns(self) -> tuple[Indices, Indices, Indices]:
        self._require_memory()
        first, second, integers = (
            np.concatenate(column) for column in zip(*self._stream.blocks(), strict=True)
        )
        return first, second, integers

    @cached_property
    def first(self) -> Indices:
        """Position of the first team of each permitted pair."""
        return self._columns[0]

    @cached_property
    def second(self) -> Indices:
        """Position of the second team of each permitted pair."""
        return self._columns[1]

    @cached_property
    def integers(self) -> Indices:
        """Value of each permitted pair in units of ``1 / VALUE_SCALE``."""
        return self._columns[2]

    def fits_in_memory(self) -> bool:
        """Whether all permitted pairs can be held at once, as some questions need."""
        return len(self) * BYTES_A_PAIR_HELD <= self.memory_allowed()

    def memory_allowed(self) -> int:
        """Bytes of memory that a question about the pairs may take."""
        return available_memory() if self._memory_bytes is None else self._memory_bytes

    def _require_memory(self) -> None:
        if self.fits_in_memory():
            return
        needed, allowed = len(self) * BYTES_A_PAIR_HELD, self.memory_allowed()
        raise SettingsError(
            [
                Problem(
                    f"this question needs all {len(self):,} permitted pairs of {self._stream.n_vertices:,} "
                    f"teams at once, about {needed / 2**30:.1f} GB of memory",
                    expected=f"at most {allowed / 2**30:.1f} GB",
                    advice="Ask it for a part of the cohort, make the rules stricter, or use a machine with "
                    "more memory. The pairing itself and its proof do not need all pairs at once.",
                )
            ]
        )

    def _repr_html_(self) -> str:
        return f"<p>{self.summary().splitlines()[0]}</p>"
