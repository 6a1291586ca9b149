"""What one CycloneDX component says by itself: our properties and those of others, its id, its supplier."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jointbuy.formats.columns import COLUMNS

_NOT_READ = {"parent", "level", "name"}
OURS = {
    "jointbuy:" + re.sub(r"_(\w)", lambda match: match[1].upper(), column): column
    for column in COLUMNS
    if column not in _NOT_READ
}
"""The column of each of our properties: unit_cost for jointbuy:unitCost."""
PROPERTY = {column: name for name, column in OURS.items()}
USE = "jointbuy:quantity:"
TOTAL = "cdx:device:quantity"
_ORIGIN = {"countryoforigin", "origincountry", "countryofmanufacture", "manufacturingcountry", "madein", "coo"}


@lru_cache(maxsize=4096)
def meaning(name: str) -> tuple[str | None, int]:
    """The column a property fills, and its rank: 0 is best."""
    if name in OURS:
        return OURS[name], 0
    if name == TOTAL:
        return "quantity", 2
    last = re.sub(r"[\W_]", "", name.rpartition(":")[2]).casefold()
    return ("origin", 2) if last in _ORIGIN and not name.startswith("jointbuy:") else (None, 2)


def id_of(component: dict[str, Any]) -> str:
    """A component's id: jointbuy:part, else its bom-ref, else its name and version."""
    for one in component.get("properties", ()):
        if one.get("name", "") == "jointbuy:part" and one.get("value", "").strip():
            return str(one["value"]).strip()
    return str(component.get("bom-ref", "")).strip() or versioned(component)


def versioned(component: dict[str, Any]) -> str:
    """`group/name@version`, as far as they are stated."""
    group, version = component.get("group"), component.get("version")
    name = f"{group}/{component['name']}" if group else component["name"]
    return f"{name}@{version}" if version else str(name)


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list of the unreleased version, whose shape is not checked."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def amount(component: dict[str, Any]) -> str:
    """The quantity of 2.0, `{value, unit}`."""
    quantity = component.get("quantity")
    return str(quantity["value"]) if isinstance(quantity, dict) and "value" in quantity else ""


def supplier_of(component: dict[str, Any]) -> str:
    """The supplier's name, else the manufacturer's; 2.0 has them among the parties, by role."""
    for key in ("supplier", "manufacturer"):
        if name := component.get(key, {}).get("name"):
            return str(name)
    parties = objects(component.get("parties"))
    for wanted in ("supplier", "manufacturer"):
        for party in parties:
            organization = party.get("organization")
            roles = {str(role.get("role")) for role in objects(party.get("roles"))}
            if wanted in roles and isinstance(organization, dict) and organization.get("name"):
                return str(organization["name"])
    return ""
