"""Reading a file's bytes and text, or saying clearly why they cannot be read."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.cohort.cells import shown
from pairing.errors import FileAccessError, InputDataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_TEXT_CONTROLS = frozenset("\t\n\r\f")


@dataclass(frozen=True)
class DecodedText:
    """Text of a file, and what had to be assumed to read it.

    Parameters
    ----------
    text : str
        Without a byte-order mark.
    warning : str, optional
        Set if the file is not UTF-8.
    """

    text: str
    warning: str | None = None


@dataclass(frozen=True)
class Expected:
    """What a file should have been.

    Parameters
    ----------
    what : str
        As the end of "this is a web page, not ...".
    advice : str
        How to make it so, as a sentence.
    """

    what: str
    advice: str


TEXT_TABLE = Expected("a text table", "Save the table as CSV (UTF-8) or as .xlsx.")
SETTINGS = Expected("a settings file", "Give a programme.toml, saved as plain text in UTF-8.")


def read_bytes(path: Path) -> bytes:
    """Read a whole file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    FileAccessError
        If there is no such file, it is a folder, or it may not be read.
    """
    with reading(path):
        return path.read_bytes()


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say in words why a file could not be read.

    Parameters
    ----------
    path : pathlib.Path
        The file that is read inside.

    Raises
    ------
    FileAccessError
        If there is no such file, it is a folder, or it may not be read.
    """
    name = shown(str(path))
    try:
        yield
    except FileNotFoundError as error:
        raise FileAccessError(f"{name}: there is no such file.") from error
    except IsADirectoryError as error:
        raise FileAccessError(f"{name} is a folder; a file is expected.") from error
    except PermissionError as error:
        reason = "is a folder; a file is expected" if path.is_dir() else "may not be read"
        raise FileAccessError(f"{name} {reason}.") from error
    except OSError as error:
        raise FileAccessError(f"{name} could not be read: {error.strerror or error}.") from error
    except ValueError as error:
        # A NUL is in no file's name, nor half of a character; Python refuses both before it asks the system.
        if "\0" not in str(path) and not isinstance(error, UnicodeEncodeError):
            raise
        raise FileAccessError(f"{name!r} cannot be the name of a file.") from error


def decode_text(content: bytes, file: str, expected: Expected = TEXT_TABLE) -> DecodedText:
    r"""Decode the bytes of a table or a settings file.

    UTF-8 (with or without a byte-order mark) and UTF-16 (with one) are known for certain. Bytes that are no
    UTF-8 can be cp1252, in which Excel for Windows saves a plain "CSV"; that is accepted with a warning.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        Its name for messages.
    expected : Expected
        What it should be, for messages.

    Returns
    -------
    DecodedText
        The text, and a warning if its encoding was assumed.

    Raises
    ------
    InputDataError
        If the bytes are no text in these encodings; a well-known other format is named.

    Examples
    --------
    >>> decode_text(b"\xef\xbb\xbfteam", "teams.csv")
    DecodedText(text='team', warning=None)
    >>> decode_text("Ysbyty Môn".encode("cp1252"), "teams.csv").text
    'Ysbyty Môn'
    """
    _refuse_other_formats(content, file, expected)
    try:
        decoded = _decode(content, file)
    except UnicodeDecodeError as error:
        message = f"the text cannot be decoded (byte {error.start + 1})"
        raise InputDataError([Problem(message, file, expected="UTF-8", advice=expected.advice)]) from error
    if any(letter < " " and letter not in _TEXT_CONTROLS for letter in decoded.text):
        message = f"the file holds NUL or other control characters and is not {expected.what}"
        raise InputDataError([Problem(message, file, advice=expected.advice)])
    return decoded


def _decode(content: bytes, file: str) -> DecodedText:
    if content.startswith(_UTF8_MARK):
        return DecodedText(content.decode("utf-8-sig"))
    if content.startswith(_UTF16_MARKS):
        return DecodedText(content.decode("utf-16"))
    try:
        return DecodedText(content.decode("utf-8"))
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    assumed = f"{file} is not UTF-8; it was read as cp1252 (Windows)."
    return DecodedText(text, f"{assumed} Check names with accents, or save it as UTF-8.")


def _refuse_other_formats(content: bytes, file: str, expected: Expected) -> None:
    found = next((what for signature, what in _SIGNATURES if content.startswith(signature)), None)
    if content[:200].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        found = "a web page or XML"
    if found is not None:
        message = f"this is {found}, not {expected.what}"
        raise InputDataError([Problem(message, file, advice=expected.advice)])
