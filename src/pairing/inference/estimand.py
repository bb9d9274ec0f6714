"""What an estimate is an estimate of, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairing.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairing.lottery import Lottery

_WHAT = {
    "pair-then-draw": (
        "The average, over {n} teams in {m} pairs, of a team's outcome if its pair is invited minus its "
        "outcome if its pair is not, given this pairing. The partner is part of what the intervention is."
    ),
    "draw-then-pair": (
        "The average, over {n} teams, of a team's outcome if it is drawn, and paired with another drawn "
        "team, minus its outcome if it is not. Whom it would be paired with depends on who else is drawn; "
        "the effect is that of being drawn, whoever the partner."
    ),
    "matched-pair": (
        "The average, over {n} teams in {h} pairs, of a team's outcome if it is the one of its pair that is "
        "drawn minus its outcome if the other is."
    ),
    "stratified": (
        "The average, over {n} teams in {h} strata, of a team's outcome if it is drawn minus its outcome "
        "if it is not."
    ),
    "stratified pairs": (
        "The average, over {n} teams in {m} pairs in {h} strata, of a team's outcome if its pair is invited "
        "minus its outcome if its pair is not, given this pairing. Pairs are compared within their stratum, "
        "and strata count by their sizes. The partner is part of what the intervention is."
    ),
    "simple": (
        "The average, over {n} teams, of a team's outcome if it is drawn minus its outcome if it is not."
    ),
}


def estimand(lottery: Lottery, reserves: Sequence[str] = ()) -> str:
    """State what the analysis of a lottery estimates, and what it takes for granted.

    Parameters
    ----------
    lottery : Lottery
        The lottery of the units that are compared, without reserves.
    reserves : sequence of str
        Units in reserve.

    Returns
    -------
    str
    """
    sizes = {len(teams) for teams in lottery.members}
    counts = {"n": len(lottery.teams), "m": len(lottery.units), "h": len(lottery.design.strata)}
    in_pairs = lottery.design.kind == "stratified" and lottery.unit_noun == "pair"
    sentences = [_WHAT["stratified pairs" if in_pairs else lottery.design.kind].format(**counts)]
    if len(sizes) > 1:
        sentences.append("Units of different numbers of teams count alike, as the mean of their teams.")
    sentences.append(
        "Teams are compared as they were drawn, whether or not they took part. No team's outcome depends on "
        "which other units are drawn, and visiting and hosting are not told apart."
    )
    if reserves:
        number, verb = counted(len(reserves), lottery.unit_noun), "is" if len(reserves) == 1 else "are"
        sentences.append(
            f"The {number} in reserve {verb} in neither arm, and the average is over the others."
        )
    return " ".join(sentences)
