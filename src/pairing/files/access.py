"""Reading a file's bytes and text, or saying clearly why they cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.errors import FileAccessError, InputDataError, Problem

if TYPE_CHECKING:
    from pathlib import Path

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive or an office document", "Save the table as CSV (UTF-8), or as .xlsx."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Save the table as .xlsx or as CSV (UTF-8)."),
    (b"%PDF", "a PDF document", "Ask for the table as CSV or .xlsx."),
    (b"\x1f\x8b", "a compressed file", "Unpack it first."),
    (b"PAR1", "a Parquet file", "Save the table as CSV (UTF-8)."),
    (b"SQLite format 3", "a database", "Save the table as CSV (UTF-8)."),
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
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileAccessError(f"{path}: there is no such file.") from error
    except IsADirectoryError as error:
        raise FileAccessError(f"{path} is a folder; a file is expected.") from error
    except PermissionError as error:
        reason = "is a folder; a file is expected" if path.is_dir() else "may not be read"
        raise FileAccessError(f"{path} {reason}.") from error
    except OSError as error:
        raise FileAccessError(f"{path} could not be read: {error.strerror or error}.") from error


def decode_text(content: bytes, file: str) -> DecodedText:
    r"""Decode the bytes of a table or a settings file.

    UTF-8 (with or without a byte-order mark) and UTF-16 (with one) are known for certain. Bytes that are no
    UTF-8 can be cp1252, in which Excel for Windows saves a plain "CSV"; that is accepted with a warning.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        Its name for messages.

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
    _refuse_other_formats(content, file)
    try:
        decoded = _decode(content, file)
    except UnicodeDecodeError as error:
        raise InputDataError(
            [
                Problem(
                    f"the text cannot be decoded (byte {error.start + 1})",
                    file,
                    expected="UTF-8",
                    advice="Save the file again as CSV UTF-8.",
                )
            ]
        ) from error
    if any(letter < " " and letter not in _TEXT_CONTROLS for letter in decoded.text):
        raise InputDataError(
            [
                Problem(
                    "the file holds NUL or other control characters and is not a plain text table",
                    file,
                    advice="Save the table as CSV (UTF-8) or as .xlsx.",
                )
            ]
        )
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


def _refuse_other_formats(content: bytes, file: str) -> None:
    for signature, what, advice in _SIGNATURES:
        if content.startswith(signature):
            raise InputDataError([Problem(f"this is {what}, not a text table", file, advice=advice)])
    if content[:200].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise InputDataError(
            [
                Problem(
                    "this is a web page or XML, not a text table",
                    file,
                    advice="Save the table as CSV (UTF-8).",
                )
            ]
        )
