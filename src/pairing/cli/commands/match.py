"""``pairing match``: the engine alone, on a table of anyone's."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from pairing.cli.command_line import command_line
from pairing.cli.console import Console
from pairing.cli.exit_codes import MEANING, ExitCode
from pairing.cli.manual import DescribedArgument, ManualCommand
from pairing.cli.options import FILE_OR_FOLDER, force, talking
from pairing.cli.output import STDOUT, write_table
from pairing.errors import InfeasibleMatchingError
from pairing.wording import counted, shortened

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pairing.files.edges import EdgeList
    from pairing.matching import MatchingProblem, MatchingSolution, Mode, Proof, ScaledValues


@click.command(
    "match",
    cls=ManualCommand,
    short_help="The engine alone, on a table of anyone's.",
    examples=[
        ("A table of pairs, with values", "pairing values {programme} -o edges.csv"),
        ("The best matching in it", "pairing match edges.csv -o matched.csv"),
        ("The pairs alone, to another program", "pairing match edges.csv -o - --mode max-value --quiet"),
    ],
    exits={
        ExitCode.NO_PAIRING: "with --mode perfect: not everyone can be paired",
        ExitCode.BAD_INPUT: MEANING[ExitCode.BAD_INPUT],
    },
    see_also=["pair", "values"],
)
@click.argument(
    "edges",
    type=FILE_OR_FOLDER,
    cls=DescribedArgument,
    description="Table with the columns team_a, team_b and value (CSV or XLSX), one row a permitted pair.",
)
@click.option(
    "-o",
    "--out",
    "file",
    type=FILE_OR_FOLDER,
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
    with console.working(f"Reading {edges.name}") as stage:
        graph = read_edges(edges)
        scaled = scale_values(graph.values)
        problem = MatchingProblem(len(graph.ids), graph.first, graph.second, scaled.integers)
        stage(f"Matching over {len(graph.first):,} permitted pairs")
        solution = _solve(problem, mode, graph)
        stage("Proving that nothing is better")
        block = (graph.first, graph.second, scaled.integers)
        proof = check_certificate(solution.certificate, solution.pairs(), [block])
        frame = _pairs_frame(graph, solution)
    console.warn(graph.warnings)
    write_table(file, frame, force=force, protect=[edges], numbers_as_text=True)
    facts = _report(console, graph, solution, scaled, proof)
    if file != STDOUT:
        console.say(f"Written to {file}.")
    console.next_step(("see what else the engine can do", command_line("match", "--help")))
    console.result(facts | {"file": str(file)})


def _solve(problem: MatchingProblem, mode: Mode, graph: EdgeList) -> MatchingSolution:
    from pairing.matching import NoPerfectMatchingError, solve

    try:
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
) -> dict[str, object]:
    """Print for people what was found and proven; give it for machines."""
    left_out = [graph.ids[at] for at in solution.unmatched]
    error = float(scaled.error_per_value * (len(graph.ids) // 2))
    total, bound = (_exact(number, scaled) for number in (proof.total, proof.bound))
    pairs, teams = counted(proof.n_pairs, "pair"), counted(len(graph.ids), "team")
    console.tell(f"{pairs} of {teams}, total value {total}.")
    if left_out:
        console.tell(f"Without a partner: {shortened(left_out, limit=20)}.")
    rounding = f"; rounding can hide at most {error:.1e}" if error else ""
    checked = f"checked over all of {counted(proof.n_edges_checked, 'permitted pair')}{rounding}"
    console.tell(f"Certificate: the dual bound is {bound}, the gap 0, {checked}.")
    return {
        "mode": solution.mode,
        "n_teams": len(graph.ids),
        "n_pairs": proof.n_pairs,
        "total_value": scaled.to_value(proof.total),
        "bound": scaled.to_value(proof.bound),
        "gap": scaled.to_value(proof.gap),
        "error_bound": error,
        "unpaired": left_out,
        "teams": list(graph.ids),
        "digits": scaled.digits,
        "certificate": solution.certificate.to_dict(),
    }


def _exact(integer: int, scaled: ScaledValues) -> str:
    """A total in units of value, with every digit that is known."""
    total = Decimal(integer).scaleb(-scaled.digits).normalize()
    return f"{total:f}" if -20 <= total.adjusted() <= 20 else f"{total:e}"
