"""Small files of every kind, made here: nothing comes from outside."""

# ruff: noqa: E501 - markup reads best on one line

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def archive(entries: dict[str, bytes | str], *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def pdf(*pages: str, image: tuple[int, int, bytes] | None = None, title: str = "") -> bytes:
    """A PDF whose pages have these content streams; fonts /F1 and /F2 (bold), and a grey picture /Im1."""
    width, height, pixels = image or (1, 1, b"x")
    first = 6
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d >>\nstream\n%s\nendstream"
        % (width, height, len(pixels), pixels),
        f"<< /Title ({title}) >>".encode(),
    ]
    for at, stream in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {first + 2 * at + 1} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(stream.encode())} >>\nstream\n{stream}\nendstream".encode())
    out, offsets = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % at for at in offsets))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def at(x: float, y: float, text: str, *, size: float = 11, before: str = "") -> str:
    """Words at a place of a page, `y` counted from its lower edge."""
    return f"q {before} BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET Q\n"


def lines(*texts: str, top: float = 720) -> str:
    return "".join(at(72, top - 16 * number, text) for number, text in enumerate(texts))


def docx(body: str, *, namespace: str = W, extra: dict[str, bytes | str] | None = None) -> bytes:
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>',
            **(extra or {}),
        }
    )


def p(text: str, *, style: str = "", run: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def shape(text: str, *, kind: str = "", attributes: str = "") -> str:
    mark = f'<p:ph type="{kind}"/>' if kind else ""
    return f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="x" {attributes}/><p:nvPr>{mark}</p:nvPr></p:nvSpPr><p:txBody>{paragraphs(text.split("|"))}</p:txBody></p:sp>'


def paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in texts)


def slide_table(*rows: tuple[str, ...]) -> str:
    body = "".join(
        "<a:tr>" + "".join(f"<a:tc><a:txBody>{paragraphs([cell])}</a:txBody></a:tc>" for cell in cells) + "</a:tr>"
        for cells in rows
    )
    return (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{body}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def pptx(*slides: str, hidden: tuple[int, ...] = (), extra: dict[str, bytes | str] | None = None) -> bytes:
    space = f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"'
    order = "".join(f'<p:sldId id="{256 + at}" r:id="r{at}"/>' for at in range(len(slides)))
    relations = "".join(f'<Relationship Id="r{at}" Target="slides/slide{at}.xml"/>' for at in range(len(slides)))
    made = {
        f"ppt/slides/slide{at}.xml": f'<p:sld {space} show="{int(at not in hidden)}"><p:cSld><p:spTree>{content}</p:spTree></p:cSld></p:sld>'
        for at, content in enumerate(slides)
    }
    return archive(
        {
            "ppt/presentation.xml": f"<p:presentation {space}><p:sldIdLst>{order}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
            **made,
            **(extra or {}),
        }
    )


def epub(*chapters: str, extra: dict[str, bytes | str] | None = None) -> bytes:
    items = "".join(
        f'<item id="c{at}" href="text/c{at}.xhtml" media-type="application/xhtml+xml"/>' for at in range(len(chapters))
    )
    # The reading order is the spine's, not that of the files.
    spine = "".join(f'<itemref idref="c{at}"/>' for at in reversed(range(len(chapters))))
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
            "OPS/book.opf": f'<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Care of wool</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>',
            **{f"OPS/text/c{at}.xhtml": f"<html><body>{text}</body></html>" for at, text in enumerate(chapters)},
            **(extra or {}),
        }
    )


def ods(rows: list[list[str]]) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in line
        )
        + "</table:table-row>"
        for line in rows
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return archive(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
            "content.xml": f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="Prices">{cells}</table:table></office:spreadsheet></office:body></office:document-content>',
        }
    )


def picture(*texts: str, size: tuple[int, int] = (700, 240)) -> Image.Image:
    made = Image.new("L", size, 255)
    drawing, font = ImageDraw.Draw(made), ImageFont.load_default(30)
    for number, text in enumerate(texts):
        drawing.text((20, 20 + 60 * number), text, font=font, fill=0)
    return made


def encoded(made: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    made.save(out, kind)
    return out.getvalue()
