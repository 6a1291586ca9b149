"""Random purchases near real ones: the examples' facts, some of them exchanged, so that every outcome comes up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from jointbuy import flow, formats, law
from jointbuy.decide import facts as facts_of
from jointbuy.result import Case
from jointbuy.rules import Fact, Facts
from vocabulary import Kinds, Random


def _inside(case: Case) -> frozenset[str]:
    act = law.act(case.verdict.act)
    return law.view(act, case.verdict.on, case.verdict.known_on).group(act.perimeter).members


@cache
def examples() -> tuple[tuple[Facts, Mapping[str, Fact]], ...]:
    """Facts and statements of every example."""
    folders = [folder for folder in sorted(flow.examples().iterdir()) if (folder / "purchase.yaml").is_file()]
    reads = [formats.read(folder, law.places()) for folder in folders]
    cases = [flow.decided(read, flow.paying(read.purchase), tried=False) for read in reads]  # their facts are enough
    return tuple(
        (
            facts_of.of(
                case.purchase,
                case.control,
                case.content,
                _inside(case),
                law.places().states,
                case.verdict.known_on,
            ),
            facts_of.statements(case.purchase),
        )
        for case in cases
    )


def near(maker: Random, chance: float) -> tuple[Facts, Mapping[str, Fact]]:
    """An example with each fact exchanged at a chance; what people must say is said or not, often that it is so."""
    pick = maker.random
    facts, said = pick.choice(examples())
    spoken = {key: Fact(pick.random() < 0.97) for key in maker.keys if pick.random() < 0.9}
    spoken |= {f"{key}:member 0": Fact(pick.random() < 0.5) for key in maker.keys if pick.random() < 0.1}
    return dict(_varied(facts, maker.kinds, maker, chance)), {**said, **spoken}


def _varied(
    facts: Facts, kinds: Kinds, maker: Random, chance: float
) -> Iterator[tuple[str, Fact | tuple[Facts, ...] | None]]:
    pick = maker.random
    for name, kind in kinds.items():
        found = facts.get(name)
        if isinstance(kind, dict):
            members = [dict(_varied(each, kind, maker, chance)) for each in found] if isinstance(found, tuple) else []
            if pick.random() < chance:
                members.append(dict(maker.facts(kind)))
            named = [{**each, "subject": Fact(f"member {place}")} for place, each in enumerate(members)]
            unstated = found is None if pick.random() >= chance else pick.random() < 0.2
            yield name, None if unstated and not named else tuple(named)
        elif pick.random() < chance:
            yield name, Fact(None if pick.random() < 0.2 else maker.value(name, kind))
        else:
            yield name, found
