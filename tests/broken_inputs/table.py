"""One good programme, and many small ways to break it: each with what must be said about it.

The list is data: the tests of the files read it, and the tests of the commands run it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

GOOD_TEAMS = """\
team,name,region,latitude,longitude,patients,surgery,surgery_n,drugs,drugs_adj,drugs_n,wait,wait_se
A01,Alder,North,54.10,-1.50,200,0.20,180,0.50,0.52,90,12.5,0.8
A02,Beech,North,54.60,-1.60,240,0.25,220,0.40,0.41,95,14.0,0.9
A03,Cedar,East,52.40,0.70,210,0.30,190,0.60,0.58,85,11.0,0.7
A04,Damson,East,52.90,1.10,190,0.22,170,0.55,0.57,80,10.5,0.8
A05,Elder,South,51.10,-1.20,230,0.28,200,0.45,0.44,99,13.0,0.9
A06,Fir,South,50.90,-0.90,220,0.24,210,0.35,0.37,97,15.5,1.1
007,Gorse,West,51.80,-2.90,205,0.18,185,0.65,0.66,88,9.5,0.6
A08,Hazel,West,52.20,-3.30,215,0.33,195,0.48,0.47,91,12.0,0.7
"""

GOOD_PROGRAMME = """\
[teams]
file = "teams.csv"
id = "team"
name = "name"
size = "patients"
latitude = "latitude"
longitude = "longitude"
attributes = ["region"]

[[indicators]]
column = "surgery"
denominator = "surgery_n"

[[indicators]]
column = "drugs_adj"
denominator = "drugs_n"
unadjusted = "drugs"

[[indicators]]
column = "wait"
standard_error = "wait_se"
unit = "number"
higher_is_better = false

[rules]
min_distance_km = 50
max_distance_km = 400
max_size_ratio = 2.0
different = ["region"]
"""

GOOD_LONG = """\
team,region,indicator,value,denominator
A,North,surgery,0.20,100
A,North,drugs,0.50,90
B,South,surgery,0.30,110
B,South,drugs,0.40,95
C,East,surgery,0.25,120
C,East,drugs,0.60,85
"""

LONG_PROGRAMME = """\
[teams]
file = "teams.csv"
id = "team"
attributes = ["region"]

[[indicators]]
column = "surgery"
denominator = "denominator"

[[indicators]]
column = "drugs"
denominator = "denominator"
"""

TABLE, SETTINGS = "teams.csv", "programme.toml"


@dataclass(frozen=True)
class BrokenInput:
    """A fault put into the good programme, and what must be said about it.

    Parameters
    ----------
    name : str
        What is wrong, in a few words.
    says : str
        Part of the sentence that tells it.
    file : str or None
        File that is named as the place.
    row, column, value : int or str, optional
        The rest of the place.
    advises : str
        Part of the advice.
    cells : mapping of (int, str) to str
        Cells of the table to change, by row (the header is row 1) and column.
    settings : tuple of (str, str)
        Text of the settings to replace.
    add : str
        Lines to add at the end of the settings.
    teams : str or bytes, optional
        Another table altogether.
    files : mapping of str to str
        Other files beside it.
    n_problems : int
        How many problems must be told; anything more is noise.
    exit_code : int
        Of a command: 3 for bad input, 5 for a file that cannot be read.
    """

    name: str
    says: str
    file: str | None = TABLE
    row: int | None = None
    column: str | None = None
    value: str | None = None
    advises: str = ""
    cells: Mapping[tuple[int, str], str] = field(default_factory=dict)
    settings: tuple[tuple[str, str], ...] = ()
    add: str = ""
    teams: str | bytes | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    n_problems: int = 1
    exit_code: int = 3

    def write(self, folder: Path) -> Path:
        """Write the broken programme to a folder and give its settings file."""
        for name, content in self.files.items():
            (folder / name).write_text(content, encoding="utf-8")
        teams = _changed(GOOD_TEAMS, self.cells) if self.teams is None else self.teams
        (folder / TABLE).write_bytes(teams if isinstance(teams, bytes) else teams.encode("utf-8"))
        settings = GOOD_PROGRAMME if not self.name.startswith("long:") else LONG_PROGRAMME
        for old, new in self.settings:
            if old not in settings:
                raise ValueError(f"{self.name}: {old!r} does not stand in the settings")
            settings = settings.replace(old, new, 1)
        path = folder / SETTINGS
        path.write_text(settings + self.add, encoding="utf-8")
        return path


def _changed(table: str, cells: Mapping[tuple[int, str], str]) -> str:
    rows = [line.split(",") for line in table.splitlines()]
    header = list(rows[0])
    for (row, column), value in cells.items():
        rows[row - 1][header.index(column)] = value
    return "\n".join(",".join(row) for row in rows) + "\n"


def _all_rows(column: str, *values: str) -> dict[tuple[int, str], str]:
    return {(row, column): value for row, value in enumerate(values, start=2)}


def _long(old: str, new: str) -> str:
    if old not in GOOD_LONG:
        raise ValueError(old)
    return GOOD_LONG.replace(old, new, 1)


_SWAPPED = {
    **_all_rows("latitude", "-1.5", "-1.6", "0.7", "1.1", "-1.2", "-0.9", "-2.9", "-3.3"),
    **_all_rows("longitude", "54.1", "54.6", "52.4", "52.9", "51.1", "50.9", "51.8", "52.2"),
}
_SWAPPED_FAR_AWAY = {
    **_all_rows("latitude", "151.2", "144.9", "153.0", "138.6", "149.1", "147.3", "145.8", "152.9"),
    **_all_rows("longitude", "-33.9", "-37.8", "-27.5", "-34.9", "-35.3", "-42.9", "-16.9", "-31.4"),
}
_METRES = {
    **_all_rows("latitude", *["403000"] * 8),
    **_all_rows("longitude", *["512000"] * 8),
}
_HEADER = GOOD_TEAMS.splitlines()[0]
_FIRST = GOOD_TEAMS.splitlines()[1]
_REST = "\n".join(GOOD_TEAMS.splitlines()[2:]) + "\n"

IN_THE_TABLE = (
    BrokenInput(
        "id used twice",
        "is already used on row 2",
        row=4,
        column="team",
        value="A01",
        cells={(4, "team"): "A01"},
    ),
    BrokenInput("id blank", "the id is blank", row=5, column="team", cells={(5, "team"): " "}),
    BrokenInput(
        "letter O for zero",
        "is not a number",
        row=6,
        column="patients",
        value="2O0",
        cells={(6, "patients"): "2O0"},
    ),
    BrokenInput(
        "infinite", "is infinite", row=6, column="surgery", value="inf", cells={(6, "surgery"): "inf"}
    ),
    BrokenInput(
        "number too large", "is too large", row=6, column="wait", value="1e999", cells={(6, "wait"): "1e999"}
    ),
    BrokenInput(
        "word for a rate",
        "is not a number",
        row=3,
        column="surgery",
        value="n/a",
        advises="Leave a cell empty",
        cells={(3, "surgery"): "n/a"},
    ),
    BrokenInput(
        "suppressed twice",
        "is not a number (also in row 6)",
        row=3,
        column="drugs_adj",
        value="*",
        cells={(3, "drugs_adj"): "*", (6, "drugs_adj"): "*"},
    ),
    BrokenInput(
        "percent sign",
        "is not a number",
        row=3,
        column="surgery",
        value="25%",
        advises='unit = "percent"',
        cells={(3, "surgery"): "25%"},
    ),
    BrokenInput(
        "decimal comma",
        "is not a number",
        row=3,
        column="surgery",
        value="0,25",
        advises="Write 0.25",
        teams=f"{_HEADER}\n{_FIRST}\n{_REST}".replace("0.25", '"0,25"'),
    ),
    BrokenInput(
        "thousands separator",
        "is not a number",
        row=2,
        column="patients",
        value="1,200",
        advises="Write 1200",
        teams=GOOD_TEAMS.replace(",200,0.20", ',"1,200",0.20'),
    ),
    BrokenInput(
        "rate above one",
        "is not a proportion",
        row=4,
        column="surgery",
        value="1.3",
        cells={(4, "surgery"): "1.3"},
    ),
    BrokenInput(
        "negative rate",
        "is not a proportion",
        row=4,
        column="surgery",
        value="-0.1",
        cells={(4, "surgery"): "-0.1"},
    ),
    BrokenInput(
        "column of percentages",
        "8 of 8 values lie above 1",
        column="surgery",
        advises='unit = "percent"',
        cells=_all_rows("surgery", "20", "25", "30", "22", "28", "24", "18", "33"),
    ),
    BrokenInput(
        "percentage above 100",
        "is not a percent",
        row=3,
        column="surgery",
        value="125",
        cells=_all_rows("surgery", "20", "125", "30", "22", "28", "24", "18", "33"),
        settings=(('denominator = "surgery_n"', 'denominator = "surgery_n"\nunit = "percent"'),),
    ),
    BrokenInput(
        "denominator missing",
        "the denominator is missing",
        row=5,
        column="surgery_n",
        cells={(5, "surgery_n"): ""},
    ),
    BrokenInput(
        "denominator zero",
        "is no denominator",
        row=5,
        column="surgery_n",
        value="0",
        cells={(5, "surgery_n"): "0"},
    ),
    BrokenInput(
        "denominator negative",
        "is negative",
        row=5,
        column="surgery_n",
        value="-7",
        cells={(5, "surgery_n"): "-7"},
    ),
    BrokenInput(
        "denominator not whole",
        "is not a whole number",
        row=5,
        column="surgery_n",
        value="17.5",
        cells={(5, "surgery_n"): "17.5"},
    ),
    BrokenInput(
        "standard error missing",
        "the standard error is missing",
        row=9,
        column="wait_se",
        cells={(9, "wait_se"): ""},
    ),
    BrokenInput(
        "standard error zero",
        "is not a standard error",
        row=9,
        column="wait_se",
        value="0",
        cells={(9, "wait_se"): "0"},
    ),
    BrokenInput(
        "unadjusted rate missing",
        "the unadjusted rate is missing",
        row=7,
        column="drugs",
        cells={(7, "drugs"): ""},
    ),
    BrokenInput(
        "size zero", "is not a size", row=7, column="patients", value="0", cells={(7, "patients"): "0"}
    ),
    BrokenInput(
        "latitude missing", "the latitude is missing", row=8, column="latitude", cells={(8, "latitude"): ""}
    ),
    BrokenInput(
        "longitude missing",
        "the longitude is missing",
        row=8,
        column="longitude",
        cells={(8, "longitude"): ""},
    ),
    BrokenInput(
        "latitude out of range",
        "is out of range",
        row=8,
        column="latitude",
        value="154.1",
        cells={(8, "latitude"): "154.1"},
    ),
    BrokenInput(
        "longitude out of range",
        "is out of range",
        row=8,
        column="longitude",
        value="-290",
        cells={(8, "longitude"): "-290"},
    ),
    BrokenInput(
        "one place swapped",
        "looks swapped",
        row=8,
        column="latitude",
        value="-2.9",
        cells={(8, "latitude"): "-2.9", (8, "longitude"): "51.8"},
    ),
    BrokenInput("all places swapped", "look swapped in 8 of 8 rows", column="latitude", cells=_SWAPPED),
    BrokenInput(
        "all places swapped far away",
        "look swapped in 8 of 8 rows",
        column="latitude",
        cells=_SWAPPED_FAR_AWAY,
    ),
    BrokenInput("grid metres", "look like metres", column="latitude", cells=_METRES),
    BrokenInput(
        "nowhere",
        "is not plausible",
        row=8,
        column="latitude",
        value="0",
        cells={(8, "latitude"): "0", (8, "longitude"): "0"},
    ),
    BrokenInput(
        "id with a letter that cannot be seen",
        "zero width space (U+200B)",
        row=4,
        column="team",
        advises="Type the id anew",
        cells={(4, "team"): "A\u200b03"},
    ),
    BrokenInput(
        "id with a line break",
        "cannot be seen: a line break",
        row=4,
        column="team",
        cells={(4, "team"): '"A\n03"'},
    ),
    BrokenInput(
        "coordinates named the other way round",
        "look swapped: 'longitude' is declared as the latitude",
        column="longitude",
        advises="Try latitude = 'latitude'",
        cells={
            **_all_rows("latitude", "48.1", "48.8", "49.4", "50.1", "51.3", "52.5", "53.6", "50.9"),
            **_all_rows("longitude", "11.6", "9.2", "8.7", "8.6", "12.4", "13.4", "10.0", "6.9"),
        },
        settings=(
            ('latitude = "latitude"', 'latitude = "longitude"'),
            ('longitude = "longitude"\nattr', 'longitude = "latitude"\nattr'),
        ),
    ),
    BrokenInput(
        "one column for both coordinates",
        "is named as the latitude and as the longitude",
        column="latitude",
        settings=(('longitude = "longitude"', 'longitude = "latitude"'),),
    ),
    BrokenInput(
        "ids for sizes",
        "is named as the id and as the size",
        column="team",
        settings=(('size = "patients"', 'size = "team"'),),
    ),
    BrokenInput(
        "a column of decimal commas beside points",
        "is not a number (also in rows 4, 5, 6, 7, 8 and 1 more)",
        row=3,
        column="surgery",
        value="0,25",
        advises="Write 0.25",
        teams=GOOD_TEAMS.replace(",", ";")
        .replace(";0.2", ";0,2")
        .replace(";0.3", ";0,3")
        .replace(";0.18", ";0,18")
        .replace("200;0,20", "200;0.20")
        .replace("0,37", "0.37")
        .replace("0,35", "0.35"),
    ),
    BrokenInput(
        "indicator without a value",
        "no team has a value",
        column="surgery",
        cells=_all_rows("surgery", *[""] * 8),
    ),
    BrokenInput(
        "indicator of one team",
        "only one team has a value",
        column="surgery",
        cells=_all_rows("surgery", "0.2", *[""] * 7),
    ),
    BrokenInput(
        "constant indicator",
        "every team has the same value, 0.2",
        column="surgery",
        cells=_all_rows("surgery", *["0.2"] * 8),
    ),
)

_ATTRIBUTES = 'attributes = ["region"]'
_ALL_BUT_ONE = '\nexclude = ["A01", "A02", "A03", "A04", "A05", "A06", "007"]'

SHAPE_OF_THE_TABLE = (
    BrokenInput("empty file", "the file is empty", teams=""),
    BrokenInput("header only", "there are no teams", teams=f"{_HEADER}\n"),
    BrokenInput("one team", "there are only 1 team", teams=f"{_HEADER}\n{_FIRST}\n"),
    BrokenInput(
        "all but one excluded",
        "only 1 team once 7 are excluded",
        add="",
        settings=((_ATTRIBUTES, _ATTRIBUTES + _ALL_BUT_ONE),),
    ),
    BrokenInput(
        "column renamed",
        "there is no such column",
        column="patients",
        advises="Did you mean 'Patients'?",
        teams=GOOD_TEAMS.replace("patients", "Patients", 1),
    ),
    BrokenInput(
        "two columns of one name",
        "columns 7 and 9 have the same name",
        row=1,
        column="surgery",
        teams=GOOD_TEAMS.replace(",drugs,", ",surgery,", 1),
    ),
    BrokenInput(
        "column without a name", "column 3 has no name", row=1, teams=GOOD_TEAMS.replace(",region,", ",,", 1)
    ),
    BrokenInput(
        "row too short", "there are 12 cells", row=2, teams=GOOD_TEAMS.replace("12.5,0.8", "12.5", 1)
    ),
    BrokenInput(
        "row too long", "there are 14 cells", row=2, teams=GOOD_TEAMS.replace("12.5,0.8", "12,5,0.8", 1)
    ),
    BrokenInput(
        "quote not closed", "the quotation marks do not match", teams=GOOD_TEAMS.replace("Fir", '"Fir', 1)
    ),
    BrokenInput(
        "cell too long", "is longer than 131,072 letters", teams=GOOD_TEAMS.replace("Fir", "F" * 140_000)
    ),
    BrokenInput("zip archive", "an office document", teams=b"PK\x03\x04" + bytes(40)),
    BrokenInput("old workbook", "an old Excel workbook", teams=b"\xd0\xcf\x11\xe0" + bytes(40)),
    BrokenInput("web page", "a web page", teams="<html><table></table></html>"),
    BrokenInput("NUL bytes", "NUL", teams=GOOD_TEAMS.replace("Fir", "F\x00r")),
    BrokenInput("no known encoding", "cannot be decoded", teams=GOOD_TEAMS.encode() + b"\x81\x8d\n"),
    BrokenInput(
        "no header",
        "there is no such column",
        column="team",
        advises="The first row looks like data",
        teams=GOOD_TEAMS.split("\n", 1)[1],
        n_problems=2,
    ),
)

LONG_TABLE = (
    BrokenInput(
        "long: given twice",
        "is already given for team 'B' on row 4",
        row=5,
        column="indicator",
        value="surgery",
        teams=_long("B,South,drugs", "B,South,surgery"),
    ),
    BrokenInput(
        "long: facts contradict",
        "contradicts 'South' on row 4",
        row=5,
        column="region",
        value="North",
        teams=_long("B,South,drugs", "B,North,drugs"),
    ),
    BrokenInput(
        "long: bad value",
        "is not a proportion",
        row=6,
        column="value",
        value="2.5",
        teams=_long("0.25", "2.5"),
    ),
    BrokenInput(
        "long: denominator missing",
        "the denominator is missing",
        row=7,
        column="denominator",
        teams=_long("0.60,85", "0.60,"),
    ),
    BrokenInput(
        "long: no such indicator",
        "no row has the indicator 'surgery'",
        column="indicator",
        advises="Did you mean 'surgeries'?",
        teams=GOOD_LONG.replace("surgery", "surgeries"),
        n_problems=2,
    ),
    BrokenInput(
        "long: no value column",
        "a long table needs it",
        column="value",
        settings=(('id = "team"', 'id = "team"\nlayout = "long"'),),
        teams=_long("value", "amount"),
    ),
)

IN_THE_SETTINGS = (
    BrokenInput(
        "no TOML",
        "not valid TOML at line 3",
        SETTINGS,
        value="id = team",
        settings=(('id = "team"', "id = team"),),
    ),
    BrokenInput(
        "id not in quotes",
        "not valid TOML",
        SETTINGS,
        value="forbid = [[007, 008]]",
        advises='such as "007"',
        add="forbid = [[007, 008]]\n",
    ),
    BrokenInput(
        "number of thousands of digits", "far too many digits", SETTINGS, add=f"not_nearest = {'9' * 5_000}\n"
    ),
    BrokenInput(
        "hexadecimal number of thousands of digits",
        "is not a number",
        SETTINGS,
        column="rules.max_size_ratio",
        value="a number of thousands of digits",
        settings=(("max_size_ratio = 2.0", f"max_size_ratio = 0x{'f' * 5_000}"),),
    ),
    BrokenInput("lists in lists", "too deeply", SETTINGS, add=f"same = {'[' * 5_000}{']' * 5_000}\n"),
    BrokenInput(
        "tables in tables", "too deeply", SETTINGS, add=f"calipers = {'{a=' * 3_000}1{'}' * 3_000}\n"
    ),
    BrokenInput(
        "NUL in the name of a file",
        "holds a NUL",
        SETTINGS,
        column="teams.file",
        value="a␀b",
        settings=(('"teams.csv"', r'"a\u0000b"'),),
    ),
    BrokenInput(
        "table as the settings",
        "is a table, not a settings file",
        SETTINGS,
        advises="pairing init",
        settings=((GOOD_PROGRAMME, GOOD_TEAMS),),
    ),
    BrokenInput(
        "settings as the table",
        "is a settings file, not a table",
        SETTINGS,
        settings=(('"teams.csv"', '"programme.toml"'),),
    ),
    BrokenInput(
        "forbidden and excluded",
        "is in a forbidden pair and also excluded",
        SETTINGS,
        column="rules.forbid[1]",
        value="A03",
        add='forbid = [["A01", "A03"]]\n',
        settings=(('attributes = ["region"]', 'attributes = ["region"]\nexclude = ["A03"]'),),
    ),
    BrokenInput(
        "forbidden and not that far in recruitment",
        "does not take part, by its status",
        SETTINGS,
        column="rules.forbid[1]",
        value="A03",
        add='forbid = [["A01", "A03"]]\n',
        settings=(('id = "team"', 'id = "team"\nstatus = "stage"'),),
        teams="\n".join(
            f"{line},{'stage' if not row else 'invited' if row == 3 else 'eligible'}"
            for row, line in enumerate(GOOD_TEAMS.splitlines())
        ),
    ),
    BrokenInput(
        "key twice", "not valid TOML", SETTINGS, value="min_distance_km = 60", add="min_distance_km = 60\n"
    ),
    BrokenInput(
        "unknown section",
        "there is no such section",
        SETTINGS,
        column="rule",
        advises="'rules'",
        settings=(("[rules]", "[rule]"),),
    ),
    BrokenInput(
        "unknown key",
        "there is no such key",
        SETTINGS,
        column="rules.max_size_ration",
        advises="Did you mean 'max_size_ratio'?",
        settings=(("max_size_ratio", "max_size_ration"),),
    ),
    BrokenInput(
        "unknown lottery key",
        "there is no such key",
        SETTINGS,
        column="lottery.desing",
        advises="'design'",
        add='\n[lottery]\ndesing = "simple"\n',
    ),
    BrokenInput(
        "no file",
        "the key is missing",
        SETTINGS,
        column="teams.file",
        settings=(('file = "teams.csv"\n', ""),),
    ),
    BrokenInput(
        "no teams",
        "the section is missing",
        SETTINGS,
        column="teams",
        settings=((GOOD_PROGRAMME[: GOOD_PROGRAMME.index("[[ind")], ""),),
    ),
    BrokenInput(
        "no indicators",
        "the section is missing",
        SETTINGS,
        column="indicators",
        settings=((GOOD_PROGRAMME[GOOD_PROGRAMME.index("[[ind") : GOOD_PROGRAMME.index("[rules]")], ""),),
    ),
    BrokenInput(
        "number in quotes",
        "is not a number",
        SETTINGS,
        column="rules.max_size_ratio",
        value="2",
        advises="without quotes",
        settings=(("max_size_ratio = 2.0", 'max_size_ratio = "2"'),),
    ),
    BrokenInput(
        "ratio below one",
        "is too small",
        SETTINGS,
        column="rules.max_size_ratio",
        value="0.5",
        settings=(("max_size_ratio = 2.0", "max_size_ratio = 0.5"),),
    ),
    BrokenInput(
        "ratio not finite",
        "is not a finite number",
        SETTINGS,
        column="rules.max_size_ratio",
        value="NaN",
        settings=(("max_size_ratio = 2.0", "max_size_ratio = nan"),),
    ),
    BrokenInput(
        "least above greatest",
        "is more than max_distance_km",
        SETTINGS,
        column="rules.min_distance_km",
        value="500",
        settings=(("min_distance_km = 50", "min_distance_km = 500"),),
    ),
    BrokenInput(
        "no such choice",
        "is not one of the choices",
        SETTINGS,
        column="rules.missing",
        value="bann",
        advises="'ban'",
        add='missing = "bann"\n',
    ),
    BrokenInput(
        "excluded team unknown",
        "there is no team 'A09'",
        column="team",
        advises="Did you mean",
        settings=(('attributes = ["region"]', 'attributes = ["region"]\nexclude = ["A09"]'),),
    ),
    BrokenInput(
        "excluded id a number",
        "is not text",
        SETTINGS,
        column="teams.exclude[1]",
        value="7",
        advises='Put it in quotes: "7"',
        settings=(('attributes = ["region"]', 'attributes = ["region"]\nexclude = [7]'),),
    ),
    BrokenInput(
        "forbidden team unknown",
        "is no team of the table",
        SETTINGS,
        column="rules.forbid[1]",
        value="7",
        add='forbid = [["A01", "7"]]\n',
    ),
    BrokenInput(
        "required team unknown",
        "is no team of the table",
        SETTINGS,
        column="rules.require[1]",
        value="A10",
        advises="Did you mean 'A0",
        add='require = [["A02", "A10"]]\n',
    ),
    BrokenInput(
        "required with two",
        "is required with two partners, 'A03' and 'A05'",
        SETTINGS,
        column="rules.require[2]",
        value="A01",
        add='require = [["A01", "A03"], ["A05", "A01"]]\n',
    ),
    BrokenInput(
        "required and forbidden",
        "are required together and also forbidden",
        SETTINGS,
        column="rules.require[1]",
        add='require = [["A01", "A03"]]\nforbid = [["A03", "A01"]]\n',
    ),
    BrokenInput(
        "required and excluded",
        "is required in a pair and also excluded",
        SETTINGS,
        column="rules.require[1]",
        value="A03",
        add='require = [["A01", "A03"]]\n',
        settings=(('attributes = ["region"]', 'attributes = ["region"]\nexclude = ["A03"]'),),
    ),
    BrokenInput(
        "paired with itself",
        "is paired with itself",
        SETTINGS,
        column="rules.forbid[1]",
        value="A01",
        add='forbid = [["A01", "A01"]]\n',
    ),
    BrokenInput(
        "three in a pair",
        "is not a pair of teams",
        SETTINGS,
        column="rules.forbid[1]",
        value='["A01", "A02", "A03"]',
        add='forbid = [["A01", "A02", "A03"]]\n',
    ),
    BrokenInput(
        "same and different",
        "must be the same and must be different",
        SETTINGS,
        column="rules.different",
        value="region",
        add='same = ["region"]\n',
    ),
    BrokenInput(
        "rule on an unknown column",
        "is no column of the table",
        SETTINGS,
        column="rules.different",
        value="regoin",
        advises="'region'",
        settings=(('different = ["region"]', 'different = ["regoin"]'),),
    ),
    BrokenInput(
        "caliper on text",
        "is not a number",
        row=2,
        column="name",
        value="Alder",
        add="calipers = { name = 3 }\n",
        n_problems=8,
    ),
    BrokenInput(
        "neither patients nor error",
        "needs a denominator or a standard_error",
        SETTINGS,
        column="indicators[1]",
        settings=(('denominator = "surgery_n"\n', ""),),
    ),
    BrokenInput(
        "one indicator twice",
        "2 indicators are read from this column",
        column="surgery",
        add='\n[[indicators]]\ncolumn = "surgery"\ndenominator = "drugs_n"\n',
    ),
    BrokenInput(
        "impossible target",
        "is no possible target",
        SETTINGS,
        column="indicators[1].target",
        value="20.0",
        settings=(('denominator = "surgery_n"', 'denominator = "surgery_n"\ntarget = 20.0'),),
    ),
    BrokenInput(
        "no weight at all",
        "every weight is 0",
        SETTINGS,
        column="indicators",
        settings=tuple(
            (f'column = "{name}"', f'column = "{name}"\nweight = 0.0')
            for name in ("surgery", "drugs_adj", "wait")
        ),
    ),
    BrokenInput(
        "unknown objective",
        "is no objective",
        SETTINGS,
        column="objective.order[1]",
        value="totl",
        advises="'total'",
        add='\n[objective]\norder = ["totl"]\n',
    ),
    BrokenInput(
        "size ratio without sizes",
        "sizes are needed",
        SETTINGS,
        column="rules.max_size_ratio",
        settings=(('size = "patients"\n', ""),),
    ),
    BrokenInput(
        "distance without places",
        "distances are needed",
        SETTINGS,
        column="rules.min_distance_km",
        settings=(('latitude = "latitude"\nlongitude = "longitude"\n', ""),),
        n_problems=2,
    ),
    BrokenInput(
        "latitude alone",
        "latitude and longitude belong together",
        SETTINGS,
        column="teams.longitude",
        settings=(('longitude = "longitude"\n', ""),),
    ),
    BrokenInput(
        "travel time without a table",
        "there is no table of them",
        SETTINGS,
        column="rules.max_travel_minutes",
        add="max_travel_minutes = 90\n",
    ),
)

OTHER_FILES = (
    BrokenInput(
        "table missing", "there is no such file", None, settings=(("teams.csv", "team.csv"),), exit_code=5
    ),
    BrokenInput(
        "name of a file too long",
        "could not be read",
        None,
        settings=(('"teams.csv"', f'"{"a" * 5_000}.csv"'),),
        exit_code=5,
    ),
    BrokenInput(
        "previous pairs missing", "there is no such file", None, add='previous = "round1.csv"\n', exit_code=5
    ),
    BrokenInput(
        "previous without columns",
        "there is no such column",
        "round1.csv",
        column="team_b",
        add='previous = "round1.csv"\n',
        files={"round1.csv": "team_a,other\nA01,A02\n"},
    ),
    BrokenInput(
        "travel of an unknown team",
        "is no team of this programme",
        "travel.csv",
        row=3,
        column="team_b",
        value="A99",
        add='travel_table = "travel.csv"\nmax_travel_minutes = 90\n',
        files={"travel.csv": "team_a,team_b,minutes\nA01,A02,30\nA01,A99,60\n"},
    ),
    BrokenInput(
        "travel of negative time",
        "is negative",
        "travel.csv",
        row=2,
        column="minutes",
        value="-5",
        add='travel_table = "travel.csv"\n',
        files={"travel.csv": "team_a,team_b,minutes\nA01,A02,-5\n"},
    ),
    BrokenInput(
        "journey with a cell too many",
        "there are 4 cells",
        "travel.csv",
        row=2,
        add='travel_table = "travel.csv"\n',
        files={"travel.csv": "team_a,team_b,minutes\nA01,A02,x,5\nA02,A03,9\n"},
    ),
    BrokenInput(
        "journey given twice",
        "already given on row 2",
        "travel.csv",
        row=4,
        column="team_b",
        add='travel_table = "travel.csv"\n',
        files={"travel.csv": "team_a,team_b,minutes\nA01,A02,5\nA02,A01,9\nA01,A02,7\n"},
    ),
)

BROKEN_INPUTS = (*IN_THE_TABLE, *SHAPE_OF_THE_TABLE, *LONG_TABLE, *IN_THE_SETTINGS, *OTHER_FILES)
