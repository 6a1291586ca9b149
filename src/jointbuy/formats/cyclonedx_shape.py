"""Whether a CycloneDX document has the shape its standard gives it, as far as bills lean on it.

The shapes are those of CycloneDX 1.5 to 1.7 (ECMA-424), for the envelope, components, services,
licences, hashes, patches, citations and properties. What else a document holds (vulnerabilities,
workflows, model cards ...) is not looked into. Nothing here recurses, so nesting cannot exhaust it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jointbuy.errors import Where
from jointbuy.formats.problems import Problems, shown

# field:kind; a ! marks a field that must be there, a * a list, ... that other fields may follow.
_SHAPES = {
    "document": """$schema:text; bomFormat:text; specFormat:text; specVersion:text; serialNumber:serial; version:count;
        metadata:metadata; components:*component; services:*service; externalReferences:*reference;
        dependencies:*dependency; compositions:*composition; vulnerabilities:*object; annotations:*object;
        formulation:*object; declarations:object; definitions:object; citations:*citation; properties:*property;
        signature:object""",
    "metadata": """timestamp:time; lifecycles:*object; tools:any; manufacturer:entity; authors:*object;
        component:component; manufacture:entity; supplier:entity; licenses:*licence choice; properties:*property;
        distributionConstraints:object""",
    "component": """type!:component type; name!:text; bom-ref:ref; mime-type:text; supplier:entity; manufacturer:entity;
        authors:*object; author:text; publisher:text; group:text; version:text; versionRange:text; isExternal:flag;
        description:text; scope:scope; hashes:*hash; licenses:*licence choice; copyright:text; patentAssertions:*object;
        cpe:text; purl:text; omniborId:*text; swhid:*text; swid:swid; modified:flag; pedigree:pedigree;
        externalReferences:*reference; components:*component; evidence:evidence; releaseNotes:release notes;
        modelCard:object; data:*component data; cryptoProperties:object; properties:*property; tags:*text;
        signature:object""",
    "service": """name!:text; bom-ref:ref; provider:entity; group:text; version:text; description:text; endpoints:*text;
        authenticated:flag; x-trust-boundary:flag; trustZone:text; data:*service data; licenses:*licence choice;
        patentAssertions:*object; externalReferences:*reference; services:*service; releaseNotes:release notes;
        properties:*property; tags:*text; signature:object""",
    "service data": """flow!:flow; classification!:text; name:text; description:text; governance:object;
        source:*text; destination:*text""",
    "component data": "type!:data type; bom-ref:ref; ...",
    "entity": "bom-ref:ref; name:text; address:object; url:*text; contact:*object",
    "property": "name!:text; value:text",
    "hash": "alg!:algorithm; content!:digest",
    "licence choice": """license:licence; expression:text; bom-ref:ref; acknowledgement:acknowledgement; text:object;
        url:text; licensing:object; expressionDetails:*object; properties:*property""",
    "licence": """bom-ref:ref; id:licence id; name:text; acknowledgement:acknowledgement; text:object; url:text;
        licensing:object; properties:*property""",
    "swid": "tagId!:text; name!:text; version:text; tagVersion:whole; patch:flag; text:object; url:text",
    "pedigree": """ancestors:*component; descendants:*component; variants:*component; commits:*object; patches:*patch;
        notes:text""",
    "patch": "type!:patch type; diff:object; resolves:*issue",
    "issue": "type!:issue type; id:text; name:text; description:text; source:object; references:*text",
    "release notes": "type!:text; timestamp:time; resolves:*issue; properties:*property; ...",
    "evidence": "licenses:*licence choice; ...",
    "reference": "url!:text; type!:text; comment:text; hashes:*hash; properties:*property",
    "dependency": "ref!:ref used; dependsOn:*ref used; provides:*ref used",
    "composition": "aggregate!:text; bom-ref:ref; ...",
    "citation": """timestamp!:time; bom-ref:ref; pointers:*text; expressions:*text; attributedTo:ref used;
        process:ref used; note:text; signature:object""",
}
_WORDS = {
    "component type": """application; framework; library; container; platform; operating-system; device; device-driver;
        firmware; file; machine-learning-model; data; cryptographic-asset""",
    "scope": "required; optional; excluded",
    "flow": "inbound; outbound; bi-directional; unknown",
    "data type": "source-code; configuration; dataset; definition; other",
    "algorithm": """MD5; SHA-1; SHA-256; SHA-384; SHA-512; SHA3-256; SHA3-384; SHA3-512; BLAKE2b-256; BLAKE2b-384;
        BLAKE2b-512; BLAKE3; Streebog-256; Streebog-512""",
    "acknowledgement": "declared; concluded",
    "patch type": "unofficial; monkey; backport; cherry-pick",
    "issue type": "defect; enhancement; security",
}
_SERIAL = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DIGEST = re.compile(r"[a-fA-F0-9]{32}|[a-fA-F0-9]{40}|[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)

Way = tuple[Any, str | int] | None
"""The way to a value: (way to what holds it, its key or index); None is the document."""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@cache
def _licences() -> frozenset[str]:
    """The identifiers of the SPDX licence list 3.28, licences and exceptions, as CycloneDX 1.7 takes them."""
    return frozenset(Path(__file__).with_name("spdx.txt").read_text(encoding="utf-8").split())


# What each plain kind of value must be, in words that follow "it is not", and the test for it.
_PLAIN: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "any": ("", lambda _: True),
    "text": ("text in quotes", lambda value: isinstance(value, str)),
    "flag": ("true or false", lambda value: isinstance(value, bool)),
    "whole": ("a whole number", _is_whole),
    "count": ("a whole number from 1", lambda value: _is_whole(value) and value >= 1),
    "object": ("an object", lambda value: isinstance(value, dict)),
    "ref": ("a reference: text that is not empty", lambda value: isinstance(value, str) and value != ""),
    "ref used": ("a reference: text that is not empty", lambda value: isinstance(value, str) and value != ""),
    "serial": ("urn:uuid: and a UUID in small letters", lambda value: _matches(_SERIAL, value)),
    "digest": ("a hash of 32, 40, 64, 96 or 128 hexadecimal digits", lambda value: _matches(_DIGEST, value)),
    "time": ("a day with time and zone, such as 2026-02-14T09:30:00Z", lambda value: _matches(_TIME, value)),
    "licence id": (
        "an identifier of the SPDX licence list 3.28; give any other licence by its name",
        lambda value: isinstance(value, str) and value in _licences(),
    ),
}


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class _Shape:
    """`fields` gives for each field whether it is a list and the kind of it, or of its members."""

    fields: Mapping[str, tuple[bool, str]]
    required: tuple[str, ...]
    closed: bool


@cache
def _shapes() -> dict[str, _Shape]:
    found = {}
    for name, text in _SHAPES.items():
        pairs = [part.strip().partition(":") for part in text.split(";") if part.strip() != "..."]
        fields = {key.rstrip("!"): (kind[0] == "*", kind.lstrip("*")) for key, _, kind in pairs}
        required = tuple(key[:-1] for key, _, _ in pairs if key.endswith("!"))
        found[name] = _Shape(fields, required, "..." not in text)
    return found


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {kind: tuple(" ".join(text.split()).split("; ")) for kind, text in _WORDS.items()}


def component_types() -> tuple[str, ...]:
    """What the standard knows as types of components."""
    return _words()["component type"]


def path(way: Way) -> str:
    """A way as JSON path (RFC 9535): `$.components[3]['bom-ref']`."""
    steps = []
    while way:
        way, key = way
        if isinstance(key, int):
            steps.append(f"[{key}]")
        else:
            steps.append(f".{key}" if key.isidentifier() and len(key) < 60 else f"['{shown(key)[1:-1]}']")
    return "$" + "".join(reversed(steps))


@dataclass(slots=True)
class Shaper:
    """Looks at one document. `strict` is for released versions: no unknown fields or words.

    `optional` are fields that the document's version does not yet require, as (shape, field);
    `refs` holds every bom-ref met, with the way to it.
    """

    file: str
    problems: Problems
    strict: bool
    optional: frozenset[tuple[str, str]] = frozenset()
    refs: dict[str, Way] = field(default_factory=dict)

    def fault(self, way: Way, what: str, why: str = "", do: str = "") -> None:
        """A problem at a place of the document."""
        self.problems.add(what, Where(self.file, None, path(way)), why, do)

    def check(self, document: Any, what: str = "document") -> bool:
        """Whether the document, or an object of another kind, has its shape; a problem wherever it has not."""
        before = len(self.problems.found)
        shapes = _shapes()
        queue: list[tuple[Any, str, Way]] = [(document, what, None)]
        for value, name, way in queue:  # grows while it is read
            shape = shapes[name]
            if not isinstance(value, dict):
                self.fault(way, f"this is not a {name}", "an object in braces is expected here")
                continue
            fields = shape.fields
            for key, item in value.items():
                found = fields.get(key)
                if found is None:
                    if shape.closed and self.strict:
                        self.unknown(key, name, shape, (way, key))
                    continue
                many, kind = found
                if not many:
                    if kind in shapes:
                        queue.append((item, kind, (way, key)))
                    elif kind != "text" or type(item) is not str:  # most values are text
                        self.plain(item, kind, (way, key))
                elif not isinstance(item, list):
                    self.fault((way, key), f"{key} is not a list", "an array in brackets is expected here")
                elif kind in shapes:
                    here = (way, key)
                    usual = kind == "property"  # most objects are properties, and most are as they should be
                    queue += [(one, kind, (here, at)) for at, one in enumerate(item) if not (usual and _pair(one))]
                else:
                    for at, one in enumerate(item):
                        self.plain(one, kind, ((way, key), at))
            for key in shape.required:
                if key not in value and (name, key) not in self.optional:
                    self.fault(way, f"this {name} has no {key}", "the standard requires it", f"add {key}")
            if rule := _RULES.get(name):
                for what, why in rule(value):
                    self.fault(way, what, why)
        return len(self.problems.found) == before

    def unknown(self, key: str, name: str, shape: _Shape, way: Way) -> None:
        """A field the standard does not have here."""
        otherwise = "what the standard has no field for goes into properties, as name and value"
        advice = self.problems.near(key, list(shape.fields), otherwise)
        self.fault(way, f"{shown(key)} is no field of a {name}", "the standard allows no others", advice)

    def plain(self, value: Any, kind: str, way: Way) -> None:
        """A value that is not an object of its own shape."""
        if kind in _WORDS:
            words = _words()[kind]
            if not isinstance(value, str) or (self.strict and value not in words):
                what = f"{shown(str(value))} is no {kind}"
                self.fault(way, what, do=self.problems.near(str(value), words, f"write one of: {', '.join(words)}"))
            return
        wanted, test = _PLAIN[kind]
        if not test(value):
            self.fault(way, f"the value is {shown(_written(value))}", f"it is not {wanted}")
        elif kind == "ref":
            if value in self.refs:
                why = f"{path(self.refs[value])} has it too, and a bom-ref names one thing"
                self.fault(way, f"the bom-ref {shown(value)} stands twice", why, "give each its own")
            self.refs.setdefault(value, way)


def _pair(value: Any) -> bool:
    """Whether a value is a property with a name and a value and nothing else."""
    return type(value) is dict and len(value) == 2 and type(value.get("name")) is type(value.get("value")) is str


def _written(value: Any) -> str:
    """A value of any type as the file has it, without its members."""
    if isinstance(value, dict | list):
        return "{...}" if isinstance(value, dict) else "[...]"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return str(value)


# --- what the fields of one object owe each other -------------------------------------------

Fault = tuple[str, str]


def _component(value: dict[str, Any]) -> Iterator[Fault]:
    if "versionRange" in value:
        if "version" in value:
            yield "this component has both version and versionRange", "it may have one of them"
        if value.get("isExternal") is not True:
            why = "only a component with isExternal: true may have a range"
            yield "this component has a versionRange and is not external", why


def _licence(value: dict[str, Any]) -> Iterator[Fault]:
    if ("id" in value) == ("name" in value):
        how = "both id and name" if "id" in value else "neither id nor name"
        yield f"this licence has {how}", "it needs exactly one of them"


def _licence_choice(value: dict[str, Any]) -> Iterator[Fault]:
    if ("license" in value) == ("expression" in value):
        how = "both license and expression" if "license" in value else "neither license nor expression"
        yield f"this licence choice has {how}", "it needs exactly one of them"
    elif "license" in value and len(value) > 1:
        yield "fields stand beside license", "they belong inside it"


def _citation(value: dict[str, Any]) -> Iterator[Fault]:
    if "attributedTo" not in value and "process" not in value:
        yield "this citation has neither attributedTo nor process", "it needs one of them"
    if ("pointers" in value) == ("expressions" in value):
        how = "both pointers and expressions" if "pointers" in value else "neither pointers nor expressions"
        yield f"this citation has {how}", "it needs exactly one of them"


_RULES: dict[str, Callable[[dict[str, Any]], Iterator[Fault]]] = {
    "component": _component,
    "licence": _licence,
    "licence choice": _licence_choice,
    "citation": _citation,
}
