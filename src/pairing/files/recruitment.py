"""Who takes part, as a flow chart counts it, as far as it is known before any lottery."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pairing.planning import Pairing

_COUNTED_APART = ("excluded", "taking part")


def recruitment(pairing: Pairing, flow: Mapping[str, int], exclude: tuple[str, ...]) -> dict[str, Any]:
    """Count the teams from the first stage to the pairs.

    Parameters
    ----------
    pairing : Pairing
        The pairing.
    flow : mapping of str to int
        What :func:`pairing.files.flow.read_recruitment` counted.
    exclude : tuple of str
        Ids that the settings exclude.

    Returns
    -------
    dict
        ``stages``, each with the teams that reached it; ``excluded``, groups of teams with the reason
        (and their ids where the settings exclude just these);
        ``taking_part``, ``paired`` and ``unpaired`` teams; the number of ``pairs`` (a group of three is one).
    """
    stages = [(stage, count) for stage, count in flow.items() if stage not in _COUNTED_APART]
    excluded: list[dict[str, Any]] = [
        {"reason": f"did not get from '{before}' to '{after}'", "n_teams": count - rest}
        for (before, count), (after, rest) in pairwise(stages)
        if count > rest
    ]
    if flow.get("excluded"):
        group: dict[str, Any] = {
            "reason": "excluded by the programme's settings",
            "n_teams": flow["excluded"],
        }
        # The settings may also name teams that did not get so far, and are counted there.
        if len(exclude) == flow["excluded"]:
            group["teams"] = sorted(exclude)
        excluded.append(group)
    paired = int((pairing.partner >= 0).sum()) + len(pairing.triad or ())
    return {
        "stages": [{"stage": stage, "n_teams": count} for stage, count in stages],
        "excluded": excluded,
        "taking_part": len(pairing.cohort),
        "paired": paired,
        "unpaired": len(pairing.cohort) - paired,
        "pairs": len(pairing.pair_ids),
    }
