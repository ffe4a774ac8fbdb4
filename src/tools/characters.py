"""Writes the table of characters from what Hugging Face's BERT tokenizer does to each.

    pip install tokenizers==0.23.2
    cd src/main/resources/swarmformer/tokens
    python ../../../../tools/characters.py tokenizer.json > characters.txt

The table describes single characters only. That is enough as long as no character that the
normaliser keeps and the vocabulary has is ever moved by canonical ordering: checked below.
"""

import json
import sys
import unicodedata

from tokenizers import Tokenizer

HEADER = """\
# What Hugging Face's BERT tokenizer makes of each code point (hexadecimal); one that is not named stays as it is.
# Written by src/tools/characters.py: do not edit.
#   removed | space | FIRST-LAST alone: a word of its own | LETTERS: part of a word, as these | LETTER alone
"""

HANGUL = range(0xAC00, 0xD7A4)
SURROGATES = range(0xD800, 0xE000)


def effect(tokenizer, point):
    """The effect of a code point between two letters, as the table puts it; None for no effect."""
    text = tokenizer.normalizer.normalize_str(f"a{chr(point)}b")
    words = [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)]
    assert words[0][0] == "a" and words[-1][-1] == "b", (hex(point), words)
    if words == ["ab"]:
        return "removed"
    if words == ["a", "b"]:
        return "space"
    if len(words) == 1:
        return changed(chr(point), words[0][1:-1])
    assert len(words) == 3 and words[0] == "a" and words[2] == "b", (hex(point), words)
    assert len(words[1]) == 1, (hex(point), words)
    return (changed(chr(point), words[1]) or "") + " alone"


def changed(before, after):
    return None if before == after else " ".join(f"{ord(letter):04X}" for letter in after)


def check_order(alphabet):
    """Canonical ordering moves nothing that matters if every letter is a starter."""
    moved = [c for c in alphabet if unicodedata.combining(c) and unicodedata.category(c) != "Mn"]
    assert not moved, moved


def ranges(effects):
    """Joins neighbours with the same effect to [first, last, effect]."""
    found = []
    for point, what in effects:
        if found and found[-1][1] == point - 1 and found[-1][2] == what:
            found[-1][1] = point
        else:
            found.append([point, point, what])
    return found


def main(path):
    with open(path, encoding="utf-8") as file:
        check_order({letter for entry in json.load(file)["model"]["vocab"] for letter in entry})
    tokenizer = Tokenizer.from_file(path)
    # Hangul is decomposed by arithmetic; surrogates are no characters.
    points = [p for p in range(0x110000) if p not in HANGUL and p not in SURROGATES]
    effects = [(point, effect(tokenizer, point)) for point in points]
    print(HEADER, end="")
    for first, last, what in ranges(effects):
        if what:
            print(f"{first:04X}" + (f"-{last:04X}" if last > first else ""), what.strip())


if __name__ == "__main__":
    main(sys.argv[1])
