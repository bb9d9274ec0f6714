"""What a repaired pairing means for each team: who meets whom now, instead of whom, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pairing.planning.pairing import Pairing


@dataclass(frozen=True)
class Change:
    """What is different for one team.

    Parameters
    ----------
    team, name : str
        Id and name.
    earlier_partner, new_partner : str or None
        Ids of its partners before and now; None for none.
    reason : str
        What became of the earlier partner or of the team itself ("RJ2 left"), without a full stop.
    earlier_gain, new_gain : float or None
        What it could and can expect to learn from its partner, in between-team SD; None without a partner.
    left, joined : bool
        Whether the team itself has left or has joined.
    """

    team: str
    name: str
    earlier_partner: str | None
    new_partner: str | None
    reason: str
    earlier_gain: float | None
    new_gain: float | None
    left: bool = False
    joined: bool = False

    @property
    def sentence(self) -> str:
        """The change in words, without a full stop.

        Examples
        --------
        >>> Change("R0A", "R0A", "RJ2", "RTX", "RJ2 left", 0.5, 0.4).sentence
        'R0A now meets RTX instead of RJ2 (RJ2 left)'
        """
        if self.left:
            return f"{self.team} left; it {self._met()}"
        if self.joined:
            return f"{self.team} joined and {self._meets().removeprefix('now ')}"
        if self.earlier_partner is None:
            return f"{self.team}, which had no partner, {self._meets()}"
        instead = f" instead of {self.earlier_partner}" if self.new_partner else ""
        return f"{self.team} {self._meets()}{instead} ({self.reason})"

    def _met(self) -> str:
        return f"was to meet {self.earlier_partner}" if self.earlier_partner else "had no partner"

    def _meets(self) -> str:
        return f"now meets {self.new_partner}" if self.new_partner else "now has no partner"


def changes_between(earlier: Pairing, now: Pairing) -> tuple[Change, ...]:
    """List what is different for each team.

    Parameters
    ----------
    earlier, now : Pairing
        Two pairings, perhaps of different teams.

    Returns
    -------
    tuple of Change
        The teams that left, then the others, each by id; teams whose partner is the same have none.
    """
    return tuple(
        sorted(_Comparison(earlier, now).changes(), key=lambda change: (not change.left, change.team))
    )


class _Comparison:
    """Two pairings, by the ids of their teams."""

    def __init__(self, earlier: Pairing, now: Pairing) -> None:
        self.now = now
        self.partner_before, self.partner_now = partners(earlier), partners(now)
        self.gain_before, self.gain_now = _gains(earlier), _gains(now)
        self.names = dict(zip(earlier.cohort.ids, earlier.cohort.names, strict=True))
        self.names |= dict(zip(now.cohort.ids, now.cohort.names, strict=True))

    def changes(self) -> list[Change]:
        everybody = {**self.partner_before, **self.partner_now}
        return [self._change(team) for team in everybody if self._is_changed(team)]

    def _is_changed(self, team: str) -> bool:
        stays = team in self.partner_before and team in self.partner_now
        return not stays or self.partner_before[team] != self.partner_now[team]

    def _change(self, team: str) -> Change:
        return Change(
            team,
            self.names[team],
            self.partner_before.get(team),
            self.partner_now.get(team),
            self._reason(team),
            self.gain_before.get(team),
            self.gain_now.get(team),
            left=team not in self.partner_now,
            joined=team not in self.partner_before,
        )

    def _reason(self, team: str) -> str:
        if team not in self.partner_now:
            return "it left"
        if team not in self.partner_before:
            return "it joined"
        before = self.partner_before[team]
        if before is None:
            return "it had no partner"
        if before not in self.partner_now:
            return f"{before} left"
        banned = self._bans(team, before)
        return banned or f"{before} {self._whereabouts(before)}"

    def _bans(self, team: str, partner: str) -> str:
        """What bans a pair now, in words; empty if nothing does."""
        model = self.now.table.model
        ends = sorted(model.cohort.ids.index(one) for one in (team, partner))
        pair = model.facts.pairs(np.array(ends[:1]), np.array(ends[1:]))
        return "; ".join(model.rules.reasons(pair, 0))

    def _whereabouts(self, team: str) -> str:
        partner = self.partner_now[team]
        return f"now meets {partner}" if partner else "now has no partner"


def partners(pairing: Pairing) -> dict[str, str | None]:
    """The id of every team's partner, None for none."""
    ids = pairing.cohort.ids
    return {
        team: ids[partner] if partner >= 0 else None
        for team, partner in zip(ids, pairing.partner.tolist(), strict=True)
    }


def _gains(pairing: Pairing) -> dict[str, float]:
    ids, gains = pairing.cohort.ids, pairing.scored.gains
    first = zip(pairing.pairs[:, 0].tolist(), gains.first.tolist(), strict=True)
    second = zip(pairing.pairs[:, 1].tolist(), gains.second.tolist(), strict=True)
    return {ids[position]: gain for position, gain in (*first, *second)}
