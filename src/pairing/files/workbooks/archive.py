"""An office document with no trace of when it was made: the same bytes for the same content."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

_NO_DATE = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_NO_STAMP = b"1980-01-01T00:00:00Z"
_PROPERTIES = "docProps/core.xml"


def without_dates(document: bytes) -> bytes:
    """Give every part of a document, and its properties, the first date that a zip archive can hold.

    Parameters
    ----------
    document : bytes
        A zip archive such as an .xlsx file.

    Returns
    -------
    bytes
        The same parts in the same order.
    """
    content = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(document)) as source,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for part in source.infolist():
            data = source.read(part)
            if part.filename == _PROPERTIES:
                data = _STAMP.sub(rb"\g<1>" + _NO_STAMP + rb"\g<3>", data)
            entry = zipfile.ZipInfo(part.filename, _NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3  # the system that made it would be another trace
            target.writestr(entry, data)
    return content.getvalue()
