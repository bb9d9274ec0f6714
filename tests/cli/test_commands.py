"""The commands as a user runs them: files, words, exit codes."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pairing.cli import run
from pairing.data import audit_files

PROGRAMME = "programme.toml"


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """The bundled audit and its programme in a folder of their own."""
    folder = tmp_path / "audit"
    folder.mkdir()
    for name, content in audit_files().items():
        (folder / name).write_bytes(content)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace a piece of text that is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairing(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pairing", *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def test_demo_pairs_the_audit_and_proves_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The demo puts 120 trusts into 60 pairs, shows them, and verifies its own files."""
    assert run(["demo", "--out", str(tmp_path / "demo")]) == 0
    words = capsys.readouterr().out
    assert "120 teams in 60 pairs; nobody is left out." in words
    assert "Proven optimal over all" in words
    assert "is proven as recorded" in words
    pairs = rows_of(tmp_path / "demo" / "programme-result" / "pairs.csv")
    assert len(pairs) == 60
    assert all(50 <= float(row["distance_km"]) <= 300 for row in pairs)
    assert all(float(row["size_ratio"]) <= 2 and float(row["level_gap"]) <= 0.5 for row in pairs)


def test_demo_can_be_run_again_but_loses_no_changes(tmp_path: Path) -> None:
    """Without --force nothing is replaced; with it, everything but what a person has changed."""
    out = str(tmp_path / "demo")
    assert run(["demo", "--out", out, "-q"]) == 0
    assert run(["demo", "--out", out, "-q"]) == 2
    assert run(["demo", "--out", out, "-q", "--force"]) == 0
    edit(tmp_path / "demo" / PROGRAMME, "max_size_ratio = 2", "max_size_ratio = 3")
    assert run(["demo", "--out", out, "-q", "--force"]) == 2
    assert "max_size_ratio = 3" in (tmp_path / "demo" / PROGRAMME).read_text(encoding="utf-8")


def test_files_of_a_result_have_the_columns_of_the_contract(audit: Path) -> None:
    """Headers, sorting and line ends are those that other tools depend on."""
    assert run(["pair", str(audit / PROGRAMME), "-q"]) == 0
    result = audit / "programme-result"
    assert sorted(path.name for path in result.iterdir()) == [
        "exchange.csv",
        "indicators.csv",
        "pairs.csv",
        "partners.csv",
        "profiles.csv",
        "random_pairings.csv",
        "run.json",
        "teams.csv",
        "unpaired.csv",
    ]
    header = (result / "pairs.csv").read_bytes().split(b"\n")[0].decode()
    assert header.startswith(
        "pair_id,team_a,team_b,name_a,name_b,value,gain_a,gain_b,level_gap,size_a,size_b,size_ratio,distance_km"
    )
    assert (result / "teams.csv").read_text(encoding="utf-8").startswith("team,name,pair_id,partner,")
    assert (result / "unpaired.csv").read_bytes() == b"team,name,reason\n"
    assert b"\r" not in (result / "pairs.csv").read_bytes()
    record = json.loads((result / "run.json").read_bytes())
    assert record["gap"] == 0
    assert record["total_value"] == record["bound"]
    assert {"version", "settings", "seed", "objective", "certificate", "timings", "inputs"} <= set(record)
    assert [entry["path"] for entry in record["inputs"]] == ["../programme.toml", "../nlca_2022.csv"]


def test_row_order_changes_no_byte(audit: Path, tmp_path: Path) -> None:
    """Any order of the rows gives the same files, and the same record but for inputs and timings."""
    other = tmp_path / "shuffled"
    shutil.copytree(audit, other)
    lines = (other / "nlca_2022.csv").read_text(encoding="utf-8").splitlines()
    body = lines[1:]
    np.random.default_rng(20).shuffle(body)
    (other / "nlca_2022.csv").write_text("\n".join([lines[0], *body]) + "\n", encoding="utf-8")
    for folder in (audit, other):
        assert run(["pair", str(folder / PROGRAMME), "-q"]) == 0
    one, two = audit / "programme-result", other / "programme-result"
    for name in ("pairs.csv", "teams.csv", "unpaired.csv"):
        assert (one / name).read_bytes() == (two / name).read_bytes()
    records = [json.loads((folder / "run.json").read_bytes()) for folder in (one, two)]
    assert records[0]["inputs"] != records[1]["inputs"]
    for record in records:
        del record["inputs"], record["timings"]
    assert records[0] == records[1]


def test_teams_left_out_need_permission(audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Too strict rules: exit code 1 and nothing written; allowed: a warning, and every reason in a file."""
    edit(audit / PROGRAMME, "max_size_ratio = 2", "max_size_ratio = 1.2")
    assert run(["pair", str(audit / PROGRAMME)]) == 1
    assert "allow_unpaired = true" in capsys.readouterr().err
    assert not (audit / "programme-result").exists()
    edit(audit / PROGRAMME, "[rules]", "[rules]\nallow_unpaired = true")
    assert run(["pair", str(audit / PROGRAMME)]) == 0
    said = capsys.readouterr()
    unpaired = rows_of(audit / "programme-result" / "unpaired.csv")
    assert len(unpaired) > 0
    assert f"{len(unpaired)} teams without a partner" in said.err
    assert all(row["reason"] for row in unpaired)
    pairs = rows_of(audit / "programme-result" / "pairs.csv")
    assert 2 * len(pairs) + len(unpaired) == 120
    assert run(["verify", str(audit / "programme-result"), "-q"]) == 0


def test_an_existing_result_is_kept_without_force(audit: Path) -> None:
    """A second run refuses; with --force it replaces."""
    assert run(["pair", str(audit / PROGRAMME), "-q"]) == 0
    before = (audit / "programme-result" / "pairs.csv").stat().st_mtime_ns
    assert run(["pair", str(audit / PROGRAMME), "-q"]) == 2
    assert (audit / "programme-result" / "pairs.csv").stat().st_mtime_ns == before
    assert run(["pair", str(audit / PROGRAMME), "-q", "--force"]) == 0


def test_an_input_is_never_overwritten(audit: Path) -> None:
    """Not even with --force, and not through another name of it."""
    table = (audit / "nlca_2022.csv").read_bytes()
    shutil.copy(audit / "nlca_2022.csv", audit / "pairs.csv")
    edit(audit / PROGRAMME, 'file = "nlca_2022.csv"', 'file = "pairs.csv"')
    assert run(["pair", str(audit / PROGRAMME), "-o", str(audit), "-q", "--force"]) == 2
    assert (audit / "pairs.csv").read_bytes() == table
    assert run(["values", str(audit / PROGRAMME), "-o", str(audit / "pairs.csv"), "--force"]) == 2
    assert (audit / "pairs.csv").read_bytes() == table


def test_a_table_alone_is_enough(audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a programme the columns are guessed, said, and written beside the result, which verifies."""
    table = audit / "nlca_2022.csv"
    assert run(["pair", str(table)]) == 0
    assert "Guessed:" in capsys.readouterr().err
    result = audit / "nlca_2022-result"
    assert (result / PROGRAMME).is_file()
    assert run(["verify", str(result), "-q"]) == 0
    assert len(rows_of(result / "pairs.csv")) == 62
    assert run(["pair", str(result / PROGRAMME), "-q"]) == 0
    again = result / "programme-result"
    assert (again / "pairs.csv").read_bytes() == (result / "pairs.csv").read_bytes()


def test_an_edited_guess_is_not_lost(audit: Path) -> None:
    """A guessed programme that a person has corrected is not replaced by a new guess."""
    table = audit / "nlca_2022.csv"
    assert run(["pair", str(table), "-q"]) == 0
    guessed = audit / "nlca_2022-result" / PROGRAMME
    with guessed.open("a", encoding="utf-8") as file:
        file.write("# corrected by hand\n")
    assert run(["pair", str(table), "-q", "--force"]) == 2
    assert "corrected by hand" in guessed.read_text(encoding="utf-8")


def test_values_lists_every_pair(audit: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Every pair of the 120 trusts, to stdout by default, permitted or with the rules that ban it."""
    assert run(["values", str(audit / PROGRAMME)]) == 0
    said = capfdbinary.readouterr()
    rows = list(csv.DictReader(said.out.decode().splitlines()))
    assert list(rows[0]) == (
        [
            "team_a",
            "team_b",
            "permitted",
            "value",
            "gain_a",
            "gain_b",
            "level_gap",
            "size_ratio",
            "distance_km",
            "banned_by",
        ]
    )
    assert len(rows) == 120 * 119 // 2
    assert all((row["permitted"] == "true") == (row["banned_by"] == "") for row in rows)
    assert any(";" in row["banned_by"] for row in rows)
    assert b"pairs are permitted" in said.err


EDGES = "team_a,team_b,value\nb,a,1\nb,c,2.5\nc,d,1.25\nd,e,-0.5\n"


@pytest.mark.parametrize(
    ("mode", "pairs", "total"),
    [("max-cardinality", {("a", "b"), ("c", "d")}, 2.25), ("max-value", {("b", "c")}, 2.5)],
)
def test_match_solves_anybodys_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: str, pairs: set[tuple[str, str]], total: float
) -> None:
    """The engine alone writes the pairs and tells total and certificate."""
    (tmp_path / "edges.csv").write_text(EDGES, encoding="utf-8")
    out = tmp_path / "out.csv"
    assert run(["match", str(tmp_path / "edges.csv"), "-o", str(out), "--mode", mode, "--json"]) == 0
    rows = rows_of(out)
    assert {(row["team_a"], row["team_b"]) for row in rows} == pairs
    assert sum(float(row["value"]) for row in rows) == total
    facts = json.loads(capsys.readouterr().out)
    assert facts["total_value"] == facts["bound"] == total
    assert facts["gap"] == 0
    assert len(facts["certificate"]["vertex_duals"]) == 5


def test_match_without_a_perfect_matching(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Mode perfect ends with exit code 1, names who cannot be matched, and writes nothing."""
    (tmp_path / "edges.csv").write_text(EDGES, encoding="utf-8")
    out = tmp_path / "out.csv"
    assert run(["match", str(tmp_path / "edges.csv"), "-o", str(out), "--mode", "perfect"]) == 1
    assert not out.exists()
    assert "e" in capsys.readouterr().err


def test_match_of_nothing_is_a_header(tmp_path: Path) -> None:
    """No permitted pairs: a file with only the header, and exit code 0."""
    (tmp_path / "edges.csv").write_text("team_a,team_b,value\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    assert run(["match", str(tmp_path / "edges.csv"), "-o", str(out), "-q"]) == 0
    assert out.read_text(encoding="utf-8") == "team_a,team_b,value\n"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("a,a,1\n", "row 2, column 'team_b': 'a' is paired with itself"),
        ("a,b,1\nb,a,2\n", "row 3: 'a–b' stands there already, on row 2"),
        ("a,b,x\n", "row 2, column 'value': 'x' is not a number"),
        ("a,b,inf\n", "row 2, column 'value': 'inf'"),
        ("a,b,\n", "row 2, column 'value'"),
        (",b,1\n", "row 2: a team is blank"),
    ],
)
def test_match_refuses_bad_edges(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, told: str
) -> None:
    """Self-loops, parallel edges and values that are none are named with their row."""
    (tmp_path / "edges.csv").write_text("team_a,team_b,value\n" + body, encoding="utf-8")
    assert run(["match", str(tmp_path / "edges.csv"), "-o", "-"]) == 3
    assert told in capsys.readouterr().err


def test_check_is_quiet_about_good_input_and_lists_all_of_bad(
    audit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Problems of the settings and of the table come together."""
    assert run(["check", str(audit / PROGRAMME)]) == 0
    assert "No problems: 120 teams, 7 indicators." in capsys.readouterr().out
    edit(audit / PROGRAMME, "max_size_ratio", "max_size_ration")
    edit(audit / "nlca_2022.csv", "53.46244", "53,46x")
    assert run(["check", str(audit / PROGRAMME), "--json"]) == 3
    said = capsys.readouterr()
    problems = json.loads(said.out)["problems"]
    assert len(problems) >= 2
    assert "max_size_ratio" in said.err


def test_init_gives_something_that_works(tmp_path: Path) -> None:
    """The starter programme pairs at once; nothing is overwritten by a second init."""
    folder = tmp_path / "new"
    assert run(["init", str(folder), "-q"]) == 0
    assert run(["pair", str(folder / PROGRAMME), "-q"]) == 0
    assert run(["verify", str(folder / "programme-result"), "-q"]) == 0
    assert run(["init", str(folder), "-q"]) == 2


def test_init_guesses_from_a_table(audit: Path) -> None:
    """Given a table, init writes a programme for it that checks."""
    (audit / PROGRAMME).unlink()
    assert run(["init", str(audit / "nlca_2022.csv"), "-q"]) == 0
    assert run(["check", str(audit / PROGRAMME), "-q"]) == 0


def test_xlsx_holds_the_tables_and_no_formulas(audit: Path) -> None:
    """The workbook has the tables, and a name that looks like a formula stays text."""
    from openpyxl import load_workbook

    edit(audit / "nlca_2022.csv", "Airedale NHS Foundation Trust", "=1+1")
    assert run(["pair", str(audit / PROGRAMME), "-q", "--xlsx"]) == 0
    book = load_workbook(audit / "programme-result" / "pairing.xlsx")
    assert {"Cover", "Notes", "Columns", "Pairs", "Teams", "Unpaired", "Settings"} <= {*book.sheetnames}
    assert book["Pairs"].tables["pairs_table"].ref.startswith("A5:")
    assert book["Pairs"].max_row == 65
    cells = [cell for row in book["Teams"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert len(cells) == 2
    assert {cell.data_type for cell in cells} == {"s"}
    assert run(["verify", str(audit / "programme-result"), "-q"]) == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["pair"], 2),
        (["pear"], 2),
        (["pair", "nowhere.toml"], 5),
        (["pair", "nowhere.csv"], 5),
        (["check", "."], 5),
        (["verify", "nowhere"], 5),
        (["match", "nowhere.csv", "-o", "-"], 5),
        (["match", "nowhere.csv", "-o", "-", "--mode", "best"], 2),
        (["--help"], 0),
        (["--version"], 0),
        (["pair", "--help"], 0),
    ],
)
def test_exit_codes_of_wrong_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    """Wrong usage is 2, a file that cannot be read 5."""
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == code


def test_a_place_that_cannot_be_written_is_exit_code_5(audit: Path) -> None:
    """A file where a folder has to be is told, without a traceback."""
    (audit / "taken").write_text("a file", encoding="utf-8")
    done = pairing("pair", PROGRAMME, "-o", "taken/result", cwd=audit)
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


def test_quiet_says_nothing_and_json_only_json(audit: Path) -> None:
    """--quiet leaves both streams empty; --json prints one object on stdout."""
    quiet = pairing("pair", PROGRAMME, "-q", cwd=audit)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    facts = json.loads(pairing("pair", PROGRAMME, "--force", "--json", cwd=audit).stdout)
    assert facts["n_pairs"] == 60
    assert facts["status"] == "optimal"


def test_output_survives_a_cp1252_console(audit: Path) -> None:
    """A name that the console cannot show does not end the programme."""
    name = "Ysbyty \N{GREEK SMALL LETTER OMEGA} \U0001f3e5"
    edit(audit / "nlca_2022.csv", "Airedale NHS Foundation Trust", name)
    done = pairing("pair", PROGRAMME, cwd=audit, PYTHONIOENCODING="cp1252")
    assert done.returncode == 0
    assert "60 pairs" in done.stdout
    teams = (audit / "programme-result" / "teams.csv").read_text(encoding="utf-8")
    assert name in teams


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    """Interrupted in the middle of a long run: exit code 130, no result, no debris, no traceback."""
    rows = [f"T{n:05d},{n % 97 / 97:.4f},{n % 89 / 89:.4f},{100 + n % 50}" for n in range(3000)]
    (tmp_path / "teams.csv").write_text("team,k1,k2,n\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / PROGRAMME).write_text(
        '[teams]\nfile = "teams.csv"\nid = "team"\n'
        '[[indicators]]\ncolumn = "k1"\ndenominator = "n"\n'
        '[[indicators]]\ncolumn = "k2"\ndenominator = "n"\n',
        encoding="utf-8",
    )
    started = (
        "import sys; from pairing.__main__ import main; "
        f"sys.argv = ['pairing', 'pair', {PROGRAMME!r}]; print('up', flush=True); main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", started],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"  # a slow machine takes its time to start Python
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == [PROGRAMME, "teams.csv"]


def test_import_is_light() -> None:
    """Importing the package pulls in none of the heavy libraries, and takes little time beyond pandas'."""
    code = (
        "import pandas, sys, time; start = time.perf_counter(); import pairing; "
        "seconds = time.perf_counter() - start; "
        "heavy = {'scipy.optimize', 'scipy.sparse', 'matplotlib', 'pydantic', 'openpyxl', 'networkx'}; "
        "print(seconds < 0.3, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"
