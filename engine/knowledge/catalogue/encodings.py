"""The encoding of a text file, told without holding the file.

Never here: reading the file.
"""

from __future__ import annotations

import codecs
from pathlib import Path

__all__ = ["encoding_of"]

STEP = 1 << 20
SAMPLE = 200_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = frozenset("ÄÖÜäöüßÀÂÆÇÈÉÊËÎÏÔÙÛŒàâæçèéêëîïôùûœÁÍÓÚÑáíóúñÅØåøÌÒìòÃÕãõ€£§°²³½¼µ«»„“”‘’–—…™®©·¿¡×±•\u00a0")
"""What western European shops write beyond ASCII: enough to tell Windows-1252 where statistics guess Chinese."""
LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "big5", "euc_kr"]


def encoding_of(path: Path) -> str:
    """A codec that reads the whole file: by its mark, UTF-16 by its zeros, UTF-8 when all of it is, else by guess."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if head[:400:2].count(0) > 100:
        return "utf-16-be"
    if head[1:400:2].count(0) > 100:
        return "utf-16-le"
    foreign = first_foreign(path)
    return "utf-8" if not foreign else legacy(foreign)


def first_foreign(path: Path) -> bytes:
    """What lies around the first byte that is not UTF-8; nothing when all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while step := file.read(STEP):
            try:
                decoder.decode(step)
            except UnicodeDecodeError as error:
                start = max(0, error.start - SAMPLE // 2)
                return step[start : start + SAMPLE]
    return b""


def legacy(sample: bytes) -> str:
    """The most likely encoding of one byte a character, or of East Asia."""
    western = sample.decode("cp1252", "replace")
    foreign = [character for character in western if ord(character) > 127]
    if all(character in WESTERN for character in foreign) and len(foreign) < 0.15 * len(western):
        return "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only for old encodings of other scripts

    best = from_bytes(sample, cp_isolation=LIKELY).best()
    return best.encoding if best else "cp1252"
