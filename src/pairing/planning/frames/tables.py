"""The tables of a pairing beside its pairs and teams, as its methods; each is made in a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from pairing.planning.pairing import Pairing


class Tables:
    """What a :class:`~pairing.planning.pairing.Pairing` can tabulate."""

    def indicators_frame(self) -> pd.DataFrame:
        """Tabulate the indicators with the columns of ``indicators.csv``.

        Returns
        -------
        pandas.DataFrame
            One row an indicator; see :func:`pairing.planning.frames.profile_tables.indicators_frame`.

        Examples
        --------
        >>> from pairing import MinDistance, load_audit, pair
        >>> plan = pair(load_audit(), [MinDistance(50)])
        >>> plan.indicators_frame()["unit"].unique().tolist()
        ['proportion']
        """
        from pairing.planning.frames.profile_tables import indicators_frame

        pairing = cast("Pairing", self)
        return indicators_frame(pairing.cohort, pairing.profiles)

    def profiles_frame(self) -> pd.DataFrame:
        """Tabulate every team on every indicator, with 95% intervals, with the columns of ``profiles.csv``.

        Returns
        -------
        pandas.DataFrame
            One row a team and indicator; see :func:`pairing.planning.frames.profile_tables.profiles_frame`.

        Examples
        --------
        >>> from pairing import MinDistance, load_audit, pair
        >>> plan = pair(load_audit(), [MinDistance(50)])
        >>> len(plan.profiles_frame()) == len(plan.cohort) * len(plan.indicators_frame())
        True
        """
        from pairing.planning.frames.profile_tables import profiles_frame

        pairing = cast("Pairing", self)
        return profiles_frame(pairing.cohort, pairing.profiles)

    def exchange_frame(self) -> pd.DataFrame:
        """Tabulate what the teams of every pair can teach each other with the columns of ``exchange.csv``.

        Returns
        -------
        pandas.DataFrame
            One row a pair and indicator; see :func:`pairing.planning.frames.exchange_table.exchange_frame`.

        Examples
        --------
        >>> from pairing import MinDistance, load_audit, pair
        >>> plan = pair(load_audit(), [MinDistance(50)])
        >>> gains = plan.exchange_frame().groupby("pair_id")["gain_a"].sum()
        >>> bool(abs(gains["P01"] - plan.to_frame()["gain_a"][0]) < 1e-8)
        True
        """
        from pairing.planning.frames.exchange_table import exchange_frame

        pairing = cast("Pairing", self)
        return exchange_frame(pairing.table.model, pairing.visits)

    def partners_frame(
        self, n_partners: int = 5, *, progress: Callable[[int, int], None] | None = None
    ) -> pd.DataFrame:
        """Tabulate the next-best partners of all teams with the columns of ``partners.csv``.

        Parameters
        ----------
        n_partners : int
            At most how many a team.
        progress : callable, optional
            Called with the number of teams done, and of all.

        Returns
        -------
        pandas.DataFrame
            One row a team and other partner, with the exact price to the whole plan; see
            :func:`pairing.planning.frames.partner_table.partners_frame`.

        Raises
        ------
        SettingsError
            If pairs of this plan cannot be priced.
        """
        from pairing.planning.frames.partner_table import partners_frame

        return partners_frame(cast("Pairing", self), n_partners, progress=progress)
