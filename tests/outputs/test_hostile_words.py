"""What is printed holds no control character and turns no text around, and JSON is whole."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import pytest

from pairing.cli.visible import escaped, visible

from .conftest import NAMES

if TYPE_CHECKING:
    from .conftest import Outputs, Said

JOINERS = "\u200c\u200d"


def unseen(text: str) -> set[str]:
    return {
        letter
        for letter in text
        if letter != "\n"
        and letter not in JOINERS
        and unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"}
    }


def test_nothing_printed_commands_the_terminal_or_turns_the_text(outputs: Outputs) -> None:
    assert outputs.said
    for words, said in outputs.said.items():
        assert not unseen(said.words), (words, unseen(said.words))


def test_nothing_fails_for_a_fault_of_its_own(outputs: Outputs) -> None:
    for words, said in outputs.said.items():
        assert "fault of its own" not in said.words, words
        assert "Traceback" not in said.words, words


def test_markup_and_formats_are_printed_as_they_stand(outputs: Outputs) -> None:
    printed = outputs.run("repair", outputs.folder / "plan", "--standby").out
    for team in NAMES:
        assert team in printed, team
    cards = outputs.run("explain", outputs.folder / "plan", "[bold]x", "%s {x} 50%").out
    assert "[bold]markup[/bold] [link=http://e.example]here[/link]" in cards
    assert "%s {x} {0} %(name)s" in cards


@pytest.mark.parametrize("width", ["60", "100", "160"])
def test_columns_of_tables_fit_and_stand_below_each_other(
    outputs: Outputs, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", width)
    programme = outputs.folder / "in" / "programme.toml"
    out = outputs.run("pair", programme, "-o", outputs.folder / f"wide-{width}").out
    lines = out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("pair "))
    table = lines[start : start + 1 + len(NAMES) // 2]
    end = cell_len(table[0])
    assert [line.split()[0] for line in table[1:]] == [f"P{number:02d}" for number in range(1, 8)]
    # The last column is a number, on the right: every line ends with it at the same place.
    assert {cell_len(line) for line in table} == {end}, table


COMMANDS = [
    ["check", "DIR/in/programme.toml"],
    ["pair", "DIR/in/programme.toml", "-o", "DIR/json", "--force"],
    ["explain", "DIR/plan"],
    ["explain", "DIR/plan", "=1+1"],
    ["explain", "DIR/plan", "=1+1", "007"],
    ["alternatives", "DIR/plan"],
    ["tradeoff", "DIR/plan", "max_size_ratio", "2"],
    ["robustness", "DIR/plan", "--draws", "5", "--seed", "1"],
    ["repair", "DIR/plan", "--without", "=1+1", "--without", "E1", "-o", "DIR/json-repaired", "--force"],
    ["repair", "DIR/plan", "--standby"],
    ["rounds", "DIR/in/programme.toml", "-n", "2", "-o", "DIR/json-rounds", "--force"],
    ["diagnose", "DIR/in/programme.toml"],
    ["allocate", "DIR/in/first.toml", "--seed", "3", "-o", "DIR/json-first"],
    ["analyse", "DIR/drawn", "DIR/in/outcomes.csv", "--force"],
    ["verify", "DIR/drawn"],
    ["verify", "DIR/plan"],
]


def said_as_json(outputs: Outputs, arguments: list[str]) -> Said:
    places = [word.replace("DIR", str(outputs.folder)) for word in arguments]
    return outputs.run(*places, "--json")


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: " ".join(words[:3]))
def test_json_is_whole_and_shows_nothing_unseen(outputs: Outputs, arguments: list[str]) -> None:
    said = said_as_json(outputs, arguments)
    assert isinstance(json.loads(said.out), dict)
    assert not unseen(said.words)


def test_names_in_json_are_what_they_are(outputs: Outputs) -> None:
    facts = json.loads(said_as_json(outputs, ["explain", "DIR/plan", "'=4"]).out)
    assert NAMES["'=4"] in json.dumps(facts, ensure_ascii=False)


def test_errors_about_hostile_ids_are_words_too(outputs: Outputs) -> None:
    said = outputs.run("explain", outputs.folder / "plan", "\u202eno\x1b[31m[bold]", codes=(2, 3))
    assert "[bold]" in said.err
    assert not unseen(said.words)


def test_what_cannot_be_seen_is_replaced_and_everything_else_stays() -> None:
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"
    accents, hebrew = "e\N{COMBINING ACUTE ACCENT}", "\u05d1\u05d9\u05ea"
    for text in (family, accents, hebrew, "two\nlines"):
        assert visible(text) == text
    for code in (
        0x07,
        0x1B,
        0x9B,
        0x200E,
        0x200F,
        0x061C,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0xFEFF,
    ):
        assert visible(f"a{chr(code)}b") == "a\N{REPLACEMENT CHARACTER}b", hex(code)
    assert visible("a\u2028b\tc\rd") == "a b c d"


def test_json_escapes_read_back_the_same() -> None:
    text = json.dumps({"\u202e": "\x9b \U000e0041 \u05d1"}, ensure_ascii=False)
    assert json.loads(escaped(text)) == json.loads(text)
    assert not unseen(escaped(text))
