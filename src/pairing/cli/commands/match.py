"""``pairing match``: the engine alone, on a table of anyone's."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pairing.cli.console import Console
from pairing.cli.options import force, talking
from pairing.cli.output import STDOUT, write_table
from pairing.errors import InfeasibleMatchingError
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    import pandas as pd

    from pairing.files.edges import EdgeList
    from pairing.matching import MatchingProblem, MatchingSolution, Mode, Proof, ScaledValues


@click.command("match", short_help="The engine alone, on a table of anyone's.")
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
    from pairing.matching import MatchingProblem, check_certificate, scale_values

    if as_json and file == STDOUT:
        raise click.UsageError("--json and -o - both want the standard output; name a file with -o.")
    console = Console(quiet=quiet, as_json=as_json, stdout_is_data=file == STDOUT)
    graph = read_edges(edges)
    console.warn(graph.warnings)
    scaled = scale_values(graph.values)
    problem = MatchingProblem(len(graph.ids), graph.first, graph.second, scaled.integers)
    solution = _solve(problem, mode, graph, console)
    block = (graph.first, graph.second, scaled.integers)
    proof = check_certificate(solution.certificate, solution.pairs(), [block])
    write_table(file, _pairs_frame(graph, solution), force=force, protect=[edges])
    _report(console, graph, solution, scaled, proof)


def _solve(problem: MatchingProblem, mode: Mode, graph: EdgeList, console: Console) -> MatchingSolution:
    from pairing.matching import NoPerfectMatchingError, solve

    try:
        with console.working(f"Matching over {len(graph.first):,} permitted pairs"):
            return solve(problem, mode)
    except NoPerfectMatchingError as error:
        left_out = [graph.ids[at] for at in error.unmatched]
        raise InfeasibleMatchingError(
            f"Not every team can be paired: at most {counted(error.solution.n_pairs, 'pair')} of "
            f"{counted(len(graph.ids), 'team')} are possible, which leaves {shortened(left_out)} out.",
            left_out,
        ) from error


def _pairs_frame(graph: EdgeList, solution: MatchingSolution) -> pd.DataFrame:
    """The chosen pairs, with the values as they were written."""
    import pandas as pd

    ends = zip(graph.first.tolist(), graph.second.tolist(), strict=True)
    text_of = dict(zip(ends, graph.texts, strict=True))
    rows = [(graph.ids[a], graph.ids[b], text_of[a, b]) for a, b in solution.pairs().tolist()]
    return pd.DataFrame(rows, columns=["team_a", "team_b", "value"], dtype=object)


def _report(
    console: Console, graph: EdgeList, solution: MatchingSolution, scaled: ScaledValues, proof: Proof
) -> None:
    left_out = [graph.ids[at] for at in solution.unmatched]
    error = float(scaled.error_per_value * (len(graph.ids) // 2))
    total, bound = (_exact(number, scaled) for number in (proof.total, proof.bound))
    pairs, teams = counted(proof.n_pairs, "pair"), counted(len(graph.ids), "team")
    console.say(f"{pairs} of {teams}, total value {total}.")
    if left_out:
        console.say(f"Without a partner: {shortened(left_out, limit=20)}.")
    rounding = f"; rounding can hide at most {error:.1e}" if error else ""
    checked = f"checked over all of {counted(proof.n_edges_checked, 'permitted pair')}{rounding}"
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
    """A total in units of value, with every digit that is known."""
    total = Decimal(integer).scaleb(-scaled.digits).normalize()
    return f"{total:f}" if -20 <= total.adjusted() <= 20 else f"{total:e}"
