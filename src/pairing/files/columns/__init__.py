"""What every column of every file means: one source for the documentation and for the workbooks' notes."""

from pairing.files.columns.dictionary import (
    Column,
    TableDescription,
    column_dictionary,
    described_tables,
    description_of,
)
from pairing.files.columns.markdown import dictionary_markdown

__all__ = [
    "Column",
    "TableDescription",
    "column_dictionary",
    "described_tables",
    "description_of",
    "dictionary_markdown",
]
