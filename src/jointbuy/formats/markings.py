"""Security markings: a file that carries one is not read, since nobody has cleared this program for it (§16).

Only the marking itself is meant, alone in a line, a cell or under a key for it; a sentence that speaks of classified
information is no marking. Words: Council Decision 2013/488/EU, Annex I for the Union; C-M(2002)49 for NATO; the
national ones as those documents' tables of equivalence name them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from jointbuy.errors import Problem, Unusable, Where
from jointbuy.formats.problems import shown
from jointbuy.yamltext import Fields, Node, Text

CLEARED = "JOINTBUY_CLEARED"
"""The environment variable by which a person says that the machine is cleared for what is marked."""
KEYS = ("marking", "classification")
"""Keys of the purchase file that hold a marking."""
_NOT = re.compile(r"\b(un|not |non[ -])classified\b|\bnon[ -]classifié\b|\bdéclassifié\b|\bdeclassified\b")
_WORDS = (
    r"classified|classifié|(?:très |tres )?secret|top secret|restricted|restreint|confidential|confidentiel"
    r"|geheim|streng geheim|vertraulich|vs-nfd|dienstgebrauch|tajne|ściśle tajne|poufne|zastrzeżone|segreto"
    r"|segretissimo|riservato|riservatissimo|secreto|reservado|hemlig|salainen|luottamuksellinen"
)
_LEVEL = re.compile(rf"\b({_WORDS})\b")
_AROUND = r"eu|ue|eu-r|nato|otan|cosmic|atomal|vs|nur|für|den|only|diffusion|défense|defense|classification|marking"
_ALONE = re.compile(rf"(?:[\s\-/:;|*#=_.()\[\]]+|\b(?:{_WORDS}|{_AROUND})\b)+")


def names_a_level(text: str) -> bool:
    """Whether a value given as marking is one: "SECRET UE/EU SECRET", but not "unclassified"."""
    return _LEVEL.search(_NOT.sub("", text.casefold())) is not None


def is_marking(text: str) -> bool:
    """Whether a text is a marking and nothing else."""
    folded = text.strip().casefold()
    return 3 < len(folded) <= 80 and names_a_level(folded) and _ALONE.fullmatch(folded) is not None


def refuse(marking: str, where: Where) -> None:
    """Stop at once, before anything else is said about the file, unless the user says that the machine is cleared.

    Raises Unusable.
    """
    if os.environ.get(CLEARED) == "1":
        return
    advice = f"handle it on a system cleared for it, with {CLEARED}=1 set; take a marking out only when it is wrong"
    raise Unusable([Problem(f"the file is marked {shown(marking)}", where, "classified files are not read", advice)])


def check_comments(text: str, file: str) -> None:
    """Refuse a YAML text in which a comment of its own line is a marking."""
    for line, content in enumerate(text.splitlines(), 1):
        if content.lstrip().startswith("#") and is_marking(content.lstrip(" \t#")):
            refuse(content.lstrip(" \t#"), Where(file, line))


def check_rows(rows: Iterable[tuple[Where, Iterable[str]]]) -> None:
    """Refuse a table in which a cell around the rows of parts is a marking."""
    for where, cells in rows:
        for cell in cells:
            if is_marking(cell):
                refuse(cell, where)


def without(tree: Node) -> Node:
    """A file's keys without that of a marking. Refuses what is marked; one that says otherwise has been read."""
    if not isinstance(tree, Fields):
        return tree
    for key in KEYS:
        if isinstance(marking := tree.fields.get(key), Text) and names_a_level(marking.value):
            refuse(marking.value, marking.where)
    if isinstance(title := tree.fields.get("title"), Text) and is_marking(title.value):
        refuse(title.value, title.where)
    left = {key: value for key, value in tree.fields.items() if key not in KEYS}
    return tree._replace(fields=left, keys={key: where for key, where in tree.keys.items() if key not in KEYS})
