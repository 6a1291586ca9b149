"""The cheapest sources for the parts of a purchase under one or several acts: every open way, solved and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from itertools import product as each_of
from math import prod
from time import monotonic
from typing import TypeAlias

import numpy as np

from jointbuy import formats, law
from jointbuy.change import dated, dated_origin, resourced
from jointbuy.decide.demands import Demand, Demanded, demanded, excess, excess_of
from jointbuy.errors import JointbuyError
from jointbuy.exact import exactly
from jointbuy.fix.amounts import Amounts, Bound, TimeIsUp, TooMany, never
from jointbuy.fix.build import Built, Row, built
from jointbuy.fix.problem import Solution, Status
from jointbuy.flow.absorption import COLLECTION, Absorption
from jointbuy.flow.case import answered, controlled, members_of
from jointbuy.flow.contents import contents_of, rates_of
from jointbuy.flow.linear import Linear, linear
from jointbuy.flow.offers import Offered, Option
from jointbuy.model import Bom
from jointbuy.parameters import View
from jointbuy.remedy import Alternative
from jointbuy.result import Content, Verdict

REFUSED = "refused by check"
"""Name of a row that bars one choice, which keeps every row and which `check` does not accept."""
_KEPT = 16
"""Contents and verdicts that are kept."""
_CUTS = 60
"""Choices that keep every row and that `check` refuses, before the search is given up."""
_TOO_MANY = (
    "more assemblies may pass or fail their own test, by what is chosen, than can be weighed together; offer fewer "
    "alternatives at once, or have components traced (--reading components=traced)"
)
_Chosen: TypeAlias = "tuple[Option, _Chosen] | None"
_WAYS = 64
"""The most ways of several acts together that are looked at."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A purchase as one act sees it: what its content would be, and what its verdict."""

    read: formats.Read
    act: law.Act
    view: View

    def content(self, chosen: Iterable[Alternative] = ()) -> Content:
        """The content after some sources were exchanged, as the act's readings have it."""
        bom, view = self.bill(chosen), replace(self.view, touched=set())
        control = controlled(self.read.purchase, self.act, view)
        found = contents_of(self.read.purchase, dated(bom, members_of(view)), control, self.act, view)(view)
        assert found is not None  # noqa: S101 - there is a bill
        return found

    def bill(self, chosen: Iterable[Alternative]) -> Bom:
        """The bill after some sources were exchanged."""
        if self.read.bom is None:
            raise JointbuyError("there is no bill of materials, so there is nothing to buy elsewhere")
        members = members_of(self.view)
        return resourced(self.read.bom, (replace(each, origin=dated_origin(each.origin, members)) for each in chosen))

    def verdict(self, chosen: Iterable[Alternative]) -> Verdict:
        """What `check` says of the purchase then."""
        read = replace(self.read, bom=self.bill(chosen)) if self.read.bom is not None else self.read
        *_, found = answered(read, self.act, replace(self.view, touched=set()), tried=False)
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A row and the act, by its place among those asked for, whose content it is measured on."""

    sight: int
    demand: Demand

    @property
    def absorbed(self) -> bool:
        """Whether it is measured by absorption: then what one part changes hangs on all others."""
        return self.demand.collection == COLLECTION

    @property
    def name(self) -> str:
        """How results call it."""
        demand = self.demand
        if demand.kind != "share":
            return f"{demand.title} ({demand.provision})"
        if not demand.rule:
            return f"{demand.product}: {demand.title}"
        return f"{demand.product}: {'outside ' if demand.others else 'from '}{demand.group} ({demand.provision})"


@dataclass(frozen=True, slots=True)
class Answer:
    """How one way ended: the choice, what proves it, and what `check` held against cheaper ones."""

    rows: tuple[Asked, ...]
    built: Built
    solution: Solution
    bound: int | None
    chosen: tuple[Option, ...]
    verdicts: tuple[Verdict, ...]
    refused: tuple[str, ...]

    @property
    def cost(self) -> int | None:
        """Minor units; None without a choice."""
        return self.solution.cost

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """All that is bought elsewhere."""
        return tuple(each for option in self.chosen for each in option.alternatives)


class Sourcing:
    """The options of a purchase measured under every act asked for; measuring ends with TimeIsUp once it is `late`.

    `passes` says that the purchase does as it is: then that is the answer unless another is known to cost less. `known`
    is what each act sees of it as it is, where that was worked out before.
    """

    def __init__(
        self,
        sights: Sequence[Sight],
        offers: Offered,
        own: Sequence[Asked],
        most: int | None,
        late: Callable[[], bool] = never,
        *,
        passes: bool = False,
        known: Sequence[Content | None] = (),
    ) -> None:
        self.sights, self.offers, self.own, self.most, self.late = tuple(sights), offers, tuple(own), most, late
        self.passes = passes
        self._contents: dict[tuple[int, tuple[Alternative, ...]], Content] = {
            (at, ()): content for at, content in enumerate(known) if content is not None
        }
        self._verdicts: dict[tuple[Alternative, ...], tuple[Verdict, ...]] = {}
        self._weights: dict[Asked, tuple[Fraction, tuple[Fraction, ...]]] = {}
        self._absorbed: dict[tuple[Asked, ...], tuple[Amounts, dict[Asked, Bound]]] = {}

    @cached_property
    def ways(self) -> tuple[tuple[Asked, ...], ...]:
        """Rows that make every act accept the purchase, in each combination of their ways; the user's own in each."""
        each = []
        for at in range(len(self.sights)):
            found = self.demanded(at)
            each.append([[Asked(at, demand) for demand in way] for way in found.ways])
        number = prod(map(len, each))
        if number > _WAYS:
            raise JointbuyError(f"the acts can be met together in {number} ways; ask for fewer acts at once")
        found_ways = [[*dict.fromkeys(row for way in pick for row in way), *self.own] for pick in each_of(*each)]
        return tuple(tuple(sorted(way, key=_order)) for way in found_ways)

    def demanded(self, at: int) -> Demanded:
        """What one act asks of sources."""
        sight = self.sights[at]
        purchase, view = sight.read.purchase, replace(sight.view, touched=set())
        content = self.content(at) if sight.read.bom is not None else None
        return demanded(purchase, controlled(purchase, sight.act, view), content, sight.act, view)

    def content(self, at: int, chosen: Iterable[Alternative] = ()) -> Content:
        """What an act sees after some sources were exchanged; kept as it is, and of the last few choices."""
        key = at, tuple(chosen)
        if key not in self._contents:
            if len(self._contents) >= _KEPT:
                self._contents = {each: content for each, content in self._contents.items() if not each[1]}
            self._contents[key] = self.sights[at].content(key[1])
        return self._contents[key]

    def verdicts(self, chosen: Iterable[Alternative]) -> tuple[Verdict, ...]:
        """What `check` says under each act after some sources were exchanged; of the last few choices kept."""
        key = tuple(chosen)
        if key not in self._verdicts:
            if len(self._verdicts) >= _KEPT:
                self._verdicts.clear()
            self._verdicts[key] = tuple(sight.verdict(key) for sight in self.sights)
        return self._verdicts[key]

    def measure(self, rows: Iterable[Asked]) -> None:
        """Work out what every option weighs in the rows; it adds up as long as the method is linear.

        Raises TimeIsUp.
        """
        new = [row for row in dict.fromkeys(rows) if row not in self._weights]
        if not new:
            return
        sums: dict[Asked, list[Fraction]] = {row: [] for row in new}
        base: dict[Asked, Fraction] = {}
        for at, sight in enumerate(self.sights):
            mine = {row: excess(row.demand, sight.read.purchase) for row in new if row.sight == at}
            if not mine:
                continue
            content = self._bases[at]
            base |= {row: of(content) for row, of in mine.items()}
            for option in self.options:
                plain = self._linear[at]
                if plain and all(map(plain.plain, option.alternatives)):
                    for row in mine:
                        weights = (plain.weighs(row.demand, each) for each in option.alternatives)
                        sums[row].append(sum(weights, Fraction(0)))
                    continue
                if self.late():
                    raise TimeIsUp
                changed = sight.content(option.alternatives)
                for row, of in mine.items():
                    sums[row].append(of(changed) - base[row])
        self._weights |= {row: (base[row], tuple(sums[row])) for row in new}

    @cached_property
    def _bases(self) -> tuple[Content, ...]:
        """What each act sees of the purchase as it is."""
        return tuple(self.content(at) for at in range(len(self.sights)))

    @cached_property
    def _linear(self) -> tuple[Linear | None, ...]:
        """The purchase as a plain sum, where it is one under an act."""
        every = [each for option in self.options for each in option.alternatives]
        found = (
            linear(each.read.purchase, each.read.bom, each.act, each.view, content, [one.replaces for one in every])
            for each, content in zip(self.sights, self._bases, strict=True)
        )
        return tuple(one if one and one.keeps(every) else None for one in found)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """All options one after another."""
        return tuple(option for group in self.offers.groups for option in group)

    def weights(self, row: Asked) -> tuple[Fraction, tuple[Fraction, ...]]:
        """What the purchase as it is misses the row by, and what each option adds to that."""
        self.measure([row])
        return self._weights[row]

    def problem(self, way: Sequence[Asked], spent: int, more: Sequence[Row] = ()) -> Built:
        """The problem of a way, with more rows. Raises TimeIsUp."""
        costs = [[option.cost for option in group] for group in self.offers.groups]
        rows = [*self.rows(way, spent), *more]
        if absorbed := tuple(row for row in way if row.absorbed):
            try:
                return self.absorbed(absorbed)[0].problem(costs, rows)
            except TooMany:
                raise JointbuyError(_TOO_MANY) from None
        return built(costs, [row for row in rows if isinstance(row, Row)])

    def absorbed(self, rows: tuple[Asked, ...]) -> tuple[Amounts, dict[Asked, Bound]]:
        """What rows come to by absorption, which no option adds to by itself."""
        if rows not in self._absorbed:
            options = [option.alternatives for option in self.options]
            own = []
            for at, sight in enumerate(self.sights):
                demands = [row.demand for row in rows if row.sight == at]
                if demands and sight.read.bom is not None:
                    bill = Absorption(sight.read.purchase, sight.read.bom, sight.act, sight.view, options, demands)
                    own.append((at, bill))
            sizes = [len(group) for group in self.offers.groups]
            amounts = Amounts(sizes, both=not all(bill.simple for _, bill in own), late=self.late)
            found = {}
            for at, bill in own:
                for demand, excess_ in bill.excesses(self._bases[at], amounts).items():
                    row = Asked(at, demand)
                    found[row] = Bound(row.name, excess_, demand.strictly)
            self._absorbed[rows] = amounts, found
        return self._absorbed[rows]

    def rows(self, way: Sequence[Asked], spent: int) -> list[Row | Bound]:
        """The rows of a way, with those on the number of changes, some of which are `spent`, and on what is apart."""
        self.measure(row for row in way if not row.absorbed)
        absorbed = tuple(row for row in way if row.absorbed)
        found: list[Row | Bound] = []
        for row in way:
            if row.absorbed:
                found.append(self.absorbed(absorbed)[1][row])
                continue
            base, weights = self._weights[row]
            found.append(Row(row.name, weights, -base, row.demand.strictly))
        if self.most is not None:
            counts = tuple(Fraction(len(option.alternatives)) for option in self.options)
            found.append(Row("number of changes", counts, Fraction(self.most - spent)))
        for one, other in self.offers.apart:
            both = tuple(
                Fraction(sum(each.replaces in (one, other) for each in option.alternatives)) for option in self.options
            )
            found.append(Row("an assembly or a part in it", both, Fraction(1)))
        for label in sorted(
            {label for option in self.options for each in option.alternatives for label in each.not_with}
        ):
            each_ = (sum(label in each.not_with for each in option.alternatives) for option in self.options)
            found.append(Row(f"not_with {label}", tuple(map(Fraction, each_)), Fraction(1)))
        return found

    def solved(
        self,
        way: Sequence[Asked],
        spent: int,
        solve: Callable[..., Solution],
        until: float | None,
        apart: Sequence[Answer] = (),
    ) -> Answer:
        """The cheapest choice in one way that `check` accepts under every act.

        None that makes all changes of an answer it is to be `apart` from.
        """
        rows, refused = [*map(self._apart, apart)], list[str]()
        while True:
            try:
                problem = self.problem(way, spent, rows)
            except TimeIsUp:
                return self._unbuilt(way, spent, tuple(dict.fromkeys(refused)))
            left = None if until is None else max(0.05, until - monotonic())
            solution = self._or_as_it_is(problem, solve(problem.problem, seconds=left, settle=problem.settle))
            bound = solution.bound
            if problem.looser is not None:
                loose = solve(problem.looser, seconds=left)
                bound = loose.bound
            if solution.chosen is None:
                return Answer(tuple(way), problem, solution, bound, (), (), tuple(refused))
            taken = solution.chosen.tolist()[: len(self.offers.groups)]
            chosen = tuple(self.options[at] for at in taken)
            alternatives = [each for option in chosen for each in option.alternatives]
            verdicts = self.verdicts(alternatives)
            why = next((each.summary for each in verdicts if each.outcome != "eligible"), "")
            if not why:
                return Answer(tuple(way), problem, solution, bound, chosen, verdicts, tuple(dict.fromkeys(refused)))
            refused.append(why)
            if len(refused) > _CUTS or (until is not None and monotonic() > until) or self.late():
                if self.passes:
                    return self._unbuilt(way, spent, tuple(dict.fromkeys(refused)))
                stopped = replace(solution, status=Status.STOPPED, chosen=None, cost=None)
                return Answer(tuple(way), problem, stopped, bound, (), (), tuple(dict.fromkeys(refused)))
            again = tuple(Fraction(at in taken) for at in range(len(self.options)))
            rows.append(Row(REFUSED, again, Fraction(len(self.offers.groups) - 1)))

    def _or_as_it_is(self, built_: Built, found: Solution) -> Solution:
        """A solution, or the purchase as it is where that passes and nothing that costs less was found."""
        nothing = found.chosen is None and found.status is Status.STOPPED
        if not self.passes or not (nothing or found.cost == 0):
            return found
        problem, shares = built_.problem, tuple[Fraction, ...]()
        chosen = problem.starts[: len(self.offers.groups)]
        if built_.settle is not None:
            chosen, shares = built_.settle(chosen)
        seconds = problem.starts[problem.whole : -1] + 1
        for row, limit in zip(problem.weights.tolist(), problem.limits.tolist(), strict=True):
            mixed = sum((share * row[at] for share, at in zip(shares, seconds.tolist(), strict=True)), Fraction(0))
            if sum(row[at] for at in chosen.tolist()) + mixed > limit:
                return found
        bound = 0 if found.bound is None else min(found.bound, 0)
        taken = tuple((share.numerator, share.denominator) for share in shares)
        return replace(found, chosen=chosen, cost=0, bound=bound, shares=taken)

    def _unbuilt(self, way: Sequence[Asked], spent: int, refused: tuple[str, ...]) -> Answer:
        """An answer where time was up before the problem was made: the lightest choice if that passes, or none.

        Its problem has no rows: nothing costs less than the cheapest option of each part.
        """
        problem = built([[option.cost for option in group] for group in self.offers.groups], [])
        stopped = Solution(Status.STOPPED, None, None, self.offers.least, ())
        most = None if self.most is None else self.most - spent
        weights = [Fraction(0) if self.passes else self._outside(way, option) for option in self.options]
        chosen = lightest(self.offers.groups, weights, most)
        alternatives = [each for option in chosen for each in option.alternatives]
        if not self.kept(way, alternatives):
            return Answer(tuple(way), problem, stopped, stopped.bound, (), (), refused)
        verdicts = self.verdicts(alternatives)
        if any(each.outcome != "eligible" for each in verdicts):
            return Answer(tuple(way), problem, stopped, stopped.bound, (), (), refused)
        ends = accumulate((len(group) for group in self.offers.groups), initial=0)
        taken = [
            end + group.index(option) for end, group, option in zip(ends, self.offers.groups, chosen, strict=False)
        ]
        found = replace(stopped, chosen=np.array(taken, dtype=np.int64), cost=sum(option.cost for option in chosen))
        return Answer(tuple(way), problem, found, found.bound, chosen, verdicts, refused)

    def _outside(self, way: Sequence[Asked], option: Option) -> Fraction:
        """About what an option adds to the shares of a way: what its parts cost, counted as each row counts origins."""
        found = Fraction(0)
        for row in way:
            sight = self.sights[row.sight]
            bom, purchase = sight.read.bom, sight.read.purchase
            if row.demand.kind != "share" or bom is None:
                continue
            members, rates = members_of(sight.view), {**rates_of(purchase), purchase.contract.currency: Fraction(1)}
            for each in option.alternatives:
                at, table = each.replaces, bom.sources
                old = (table.price_high[at] or Fraction(0)) * rates[table.currency[at] or purchase.contract.currency]
                new = each.price.high * rates[each.currency]
                found += excess_of(row.demand, {dated_origin(each.origin, members): exactly(new)})
                found -= excess_of(row.demand, {dated_origin(table.origin[at], members): exactly(old)})
        return found

    def kept(self, way: Sequence[Asked], alternatives: Sequence[Alternative]) -> bool:
        """Whether a choice keeps the user's own rows, and has nothing together that excludes each other.

        The rows of acts are for `check`.
        """
        changed = [each.replaces for each in alternatives]
        labels = [label for each in alternatives for label in each.not_with]
        if len(labels) > len(set(labels)) or any({one, other} <= set(changed) for one, other in self.offers.apart):
            return False
        own = [row for row in way if not row.demand.rule]
        contents = {at: self.content(at, alternatives) for at in {row.sight for row in own}}
        for row in own:
            over = excess(row.demand, self.sights[row.sight].read.purchase)(contents[row.sight])
            if over > 0 or (over == 0 and row.demand.strictly):
                return False
        return True

    def _apart(self, answer: Answer) -> Row:
        """Not all changes of an answer at once."""
        made = [option for option in answer.chosen if option.alternatives]
        weights = tuple(Fraction(bool(option.alternatives) and option in made) for option in self.options)
        return Row("another choice", weights, Fraction(len(made) - 1))


def _order(row: Asked) -> tuple[int, str, str, int, str, bool, bool, Fraction]:
    each = row.demand
    return row.sight, each.rule, each.title, each.place, each.group, each.others, each.at_most, each.limit


def lightest(groups: Sequence[Sequence[Option]], weights: Sequence[Fraction], most: int | None) -> tuple[Option, ...]:
    """One option of each group, of the least weight together, with no more changes than `most`.

    `weights` are those of all options, one group after another.
    """
    each = iter(weights)
    priced = [[(next(each), option) for option in group] for group in groups]
    if most is None:
        return tuple(min(group, key=lambda one: one[0])[1] for group in priced)
    # Sums by the number of changes, and for each the options chosen, the last first.
    best: dict[int, tuple[Fraction, _Chosen]] = {0: (Fraction(0), None)}
    for group in priced:
        # Of those with as many changes only the lightest is of use.
        least: dict[int, tuple[Fraction, Option]] = {}
        for weight, option in group:
            number = len(option.alternatives)
            if number not in least or weight < least[number][0]:
                least[number] = weight, option
        after: dict[int, tuple[Fraction, _Chosen]] = {}
        for spent, (sum_, chosen) in best.items():
            for number, (weight, option) in least.items():
                now, total = spent + number, sum_ + weight
                if now <= most and (now not in after or total < after[now][0]):
                    after[now] = total, (option, chosen)
        best = after
    _, left = min(best.values(), key=lambda one: one[0])
    found = []
    while left is not None:
        option, left = left
        found.append(option)
    return tuple(reversed(found))
