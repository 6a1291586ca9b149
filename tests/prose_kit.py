"""PDF and DOCX files for tests, made here from their parts, so that no binary of unknown origin is kept."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Placed = tuple[float, float, float, str]
"""Text from the left and from the bottom in points, with the size of its letters."""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(
    pages: Sequence[Sequence[Placed]],
    trailer: str = "",
    streams: Sequence[bytes] = (),
    *,
    drawn: str = "",
    xobject: bytes = b"",
) -> bytes:
    """A PDF of some pages; `streams` are put in the place of the drawings, already packed.

    `drawn` is drawn on every page too, and `xobject` is what it may draw by the name /I.
    """
    drawings = streams or [zlib.compress(_drawing(page) + drawn.encode()) for page in pages]
    picture = f"/XObject<</I {4 + 2 * len(drawings)} 0 R>>" if xobject else ""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(drawings)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(drawings)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for at, packed in enumerate(drawings):
        box = f"/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>{picture}>>"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}/Contents {5 + 2 * at} 0 R>>".encode())
        head = f"<</Filter/FlateDecode/Length {len(packed)}>>stream\n".encode()
        objects.append(head + packed + b"\nendstream")
    objects += [xobject] if xobject else []
    return _file(objects, trailer)


def _drawing(page: Sequence[Placed]) -> bytes:
    texts = [
        f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({text.translate({40: '[', 41: ']'})}) Tj ET" for x, y, size, text in page
    ]
    return "".join(f"{text}\n" for text in texts).encode("cp1252")


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    start, count = len(out), len(objects) + 1
    out += f"xref\n0 {count}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer<</Size {count}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def paragraph(text: str, style: str = "", listed: tuple[int, int] | None = None, inside: str = "") -> str:
    """A paragraph of a DOCX: its style, its list and level, and XML put behind its text."""
    of_list = f'<w:numPr><w:ilvl w:val="{listed[1]}"/><w:numId w:val="{listed[0]}"/></w:numPr>' if listed else ""
    of_style = f'<w:pStyle w:val="{style}"/>' if style else ""
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{of_style}{of_list}</w:pPr>{run}{inside}</w:p>"


def docx(body: str, parts: Mapping[str, str] | None = None, before: str = "") -> bytes:
    """A DOCX with a body, further parts by name below word/, and what stands before its root."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"{before}<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, text in (parts or {}).items():
            archive.writestr(f"word/{name}", text)
    return made.getvalue()
