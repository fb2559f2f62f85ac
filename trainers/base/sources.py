"""The public-domain texts, read from Debian packages; none of them is kept in this repository."""

import gzip
import re
import subprocess
from pathlib import Path

DICTIONARIES = Path("/usr/share/dictd")
_DIGITS = {c: i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "--", "–": "-", "·": "-", "\u00a0": " "})

_BOOKS = {
    "Ge": "Genesis", "Exo": "Exodus", "Lev": "Leviticus", "Num": "Numbers", "Deu": "Deuteronomy", "Josh": "Joshua",
    "Jdgs": "Judges", "1Sm": "1 Samuel", "2Sm": "2 Samuel", "1Ki": "1 Kings", "2Ki": "2 Kings", "1Chr": "1 Chronicles",
    "2Chr": "2 Chronicles", "Neh": "Nehemiah", "Est": "Esther", "Psa": "Psalm", "Prv": "Proverbs",
    "Eccl": "Ecclesiastes", "SSol": "Song of Solomon", "Isa": "Isaiah", "Jer": "Jeremiah", "Lam": "Lamentations",
    "Eze": "Ezekiel", "Dan": "Daniel", "Hos": "Hosea", "Obad": "Obadiah", "Mic": "Micah", "Hab": "Habakkuk",
    "Zep": "Zephaniah", "Hag": "Haggai", "Zec": "Zechariah", "Mal": "Malachi", "Mat": "Matthew", "Rom": "Romans",
    "1Cor": "1 Corinthians", "2Cor": "2 Corinthians", "Gal": "Galatians", "Eph": "Ephesians", "Phi": "Philippians",
    "Col": "Colossians", "1Th": "1 Thessalonians", "2Th": "2 Thessalonians", "1Tim": "1 Timothy", "2Tim": "2 Timothy",
    "Phmn": "Philemon", "Heb": "Hebrews", "Jas": "James", "1Pet": "1 Peter", "2Pet": "2 Peter", "1Jn": "1 John",
    "2Jn": "2 John", "3Jn": "3 John", "Rev": "Revelation",
}


def king_james():
    """One document per chapter, from the packages bible-kjv and bible-kjv-text."""
    lines = subprocess.run(["bible", "-f", "gen1:1-rev22:21"], check=True, capture_output=True, text=True).stdout
    chapters = {}
    for line in lines.splitlines():
        if line.strip():
            place, verse = line.split(" ", 1)
            book, chapter = re.fullmatch(r"(.*?[A-Za-z])(\d+):\d+", place).groups()
            chapters.setdefault(f"{_BOOKS.get(book, book)} {chapter}", []).append(verse.strip())
    return [head + "\n" + "\n".join(verses) for head, verses in chapters.items()]


def dictionary(name):
    """(headword, body) in file order, from the package dict-<name>."""
    text = gzip.open(DICTIONARIES / f"{name}.dict.dz").read()
    entries = {}
    for line in (DICTIONARIES / f"{name}.index").read_text(encoding="utf-8").splitlines():
        word, offset, length = line.split("\t")[:3]
        if not word.startswith("00-database"):
            entries.setdefault((_number(offset), _number(length)), word)
    for (offset, length), word in sorted(entries.items()):
        yield word, text[offset:offset + length].decode("utf-8").translate(_PLAIN)


def jargon_file():
    """One document per entry, from the package dict-jargon."""
    documents = []
    for _, body in dictionary("jargon"):
        head, _, rest = body.strip().partition("\n")
        documents.append(head.strip() + ", " + paragraphs(re.sub(r"[{}]", "", rest)).lstrip())
    return documents


def paragraphs(text):
    """Joins the lines of every paragraph; lines of verse (deeply indented) stay lines."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        indented = [line for line in block.splitlines() if line.startswith("    ")]
        verse = len(indented) >= 2 and max(map(len, lines), default=0) < 60 and len(lines) > 2
        blocks.append(("\n" if verse else " ").join(lines))
    return "\n".join(block for block in blocks if block)


def _number(digits):
    value = 0
    for digit in digits:
        value = value * 64 + _DIGITS[digit]
    return value
