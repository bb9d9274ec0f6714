"""``pairing match``: the engine alone, on a table of anyone's."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pairing.cli.console import Console
from pairing.cli.options import force, talking
from pairing.cli.output import STDOUT, write_table

if TYPE_CHECKING:
    import pandas as pd

    from pairing.files.edges import EdgeList
    from pairing.matching import MatchingSolution, Mode, Proof, ScaledValues


@click.command("match")
@click.argument("edges", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    "file",
    type=click.Path(path_type=Path),
    required=True,
    help="CSV file for the pairs; - for stdout.",
)
@click.option(
    "--mode",
    type=click.Choice(["perfect", "max-cardinality", "max-value"]),
    default="max-cardinality",
    show_default=True,
    help="Everybody paired; as many pairs as possible, then the greatest value; or the greatest value alone.",
)
@force
@talking
def command(edges: Path, file: Path, *, mode: Mode, force: bool, quiet: bool, as_json: bool) -> None:
    """Find the best matching in EDGES, a table with the columns team_a, team_b, value.

    A pair that is not in the table is not permitted. The answer is exact; its certificate is checked over
    every row.
    """
    from pairing.files.edges import read_edges
    from pairing.matching import MatchingProblem, check_certificate, scale_values, solve

    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    graph = read_edges(edges)
    console.warn(graph.warnings)
    scaled = scale_values(graph.values)
    problem = MatchingProblem(len(graph.ids), graph.first, graph.second, scaled.integers)
    solution = solve(problem, mode)
    block = (graph.first, graph.second, scaled.integers)
    proof = check_certificate(solution.certificate, solution.pairs(), [block])
    write_table(file, _pairs_frame(graph, solution), force=force, protect=[edges])
    _report(console, graph, solution, scaled, proof)


def _pairs_frame(graph: EdgeList, solution: MatchingSolution) -> pd.DataFrame:
    import pandas as pd

    value_of = dict(
        zip(zip(graph.first.tolist(), graph.second.tolist(), strict=True), graph.values, strict=True)
    )
    rows = [(graph.ids[a], graph.ids[b], value_of[a, b]) for a, b in solution.pairs().tolist()]
    return pd.DataFrame(rows, columns=["team_a", "team_b", "value"])


def _report(
    console: Console, graph: EdgeList, solution: MatchingSolution, scaled: ScaledValues, proof: Proof
) -> None:
    left_out = [graph.ids[at] for at in solution.unmatched]
    error = float(scaled.error_per_value * (len(graph.ids) // 2))
    total, bound = (_exact(number, scaled) for number in (proof.total, proof.bound))
    pairs = "1 pair" if proof.n_pairs == 1 else f"{proof.n_pairs} pairs"
    console.say(f"{pairs} of {len(graph.ids)} teams, total value {total}.")
    if left_out:
        console.say(f"Without a partner: {', '.join(left_out[:20])}{' ...' if len(left_out) > 20 else ''}.")
    rounding = f"; rounding can hide at most {error:.1e}" if error else ""
    checked = f"checked over all {proof.n_edges_checked} permitted pairs{rounding}"
    console.say(f"Certificate: the dual bound is {bound}, the gap 0, {checked}.")
    console.result(
        {
            "mode": solution.mode,
            "n_teams": len(graph.ids),
            "n_pairs": proof.n_pairs,
            "total": scaled.to_value(proof.total),
            "bound": scaled.to_value(proof.bound),
            "gap": scaled.to_value(proof.gap),
            "error_bound": error,
            "unpaired": left_out,
            "teams": list(graph.ids),
            "digits": scaled.digits,
            "certificate": solution.certificate.to_dict(),
        }
    )


def _exact(integer: int, scaled: ScaledValues) -> str:
    """A total as a decimal number, exact where it has at most 15 digits."""
    value = Fraction(integer) / scaled.scale
    return f"{value.numerator}" if value.denominator == 1 else f"{float(value):.15g}"
