"""The pool of loans as one page: a picture by state, the cap, and the tables that say the numbers; opens offline."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from jointbuy.lendingpool import Allocation, Amount, Concentration, Pool
from jointbuy.report import bar_rows as bars
from jointbuy.report import pool as words
from jointbuy.report.bar_rows import Bar
from jointbuy.report.charts import percent_of, picture
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import bullets, document, quiet, section, table
from jointbuy.report.words import PAGE

_NAME = 20
"""Per cent of the width that a name takes."""
_TOP = 6
_LEGEND = (
    ("faint", "tentative"),
    ("cell kind-1", "decided"),
    ("cell shade-1", "decided, by round figures"),
    ("cell kind-0", "known to be paid"),
)
_TONES = {"met": "eligible", "not met": "not-eligible", "unknown": "undetermined"}


def page(pool: Pool) -> str:
    """The whole page as one text; the same pool gives the same bytes."""
    first = pool.concentration[0] if pool.concentration else None
    decided = words.amount(pool.decided) if pool.decided.high else "nothing that is known"
    told = [tag("p", f"Decided: {decided}", class_="outcome")]
    told += [tag("p", words.cap(pool), class_="summary")]
    if first:
        told.append(
            tag("p", f"On {first.basis} amounts: {first.status}. {words.against(pool, first)}.", class_="summary")
        )
    head = tag(
        "header",
        tag("h1", f"{pool.facts.title}, on {pool.on}"),
        tag("p", f"as known on {pool.known_on}; facts as of {pool.facts.as_of}", class_="law"),
        tag("div", *told, class_=f"verdict {_TONES[first.status] if first else 'undetermined'}"),
    )
    main = tag("main", *(section(key, made) for key, made in _sections(pool)), id="report")
    return document(pool.facts.title, head, main)


def _sections(pool: Pool) -> Iterator[tuple[str, Markup]]:
    if pool.allocations:
        yield "pool states", join([states(pool), _states(pool)])
        yield "pool cap", join([cap(pool), _cap(pool)])
    else:
        yield "pool states", quiet(words.nothing(pool))
    yield "pool deadlines", _deadlines(pool)
    yield "pool left", bullets(words.left(pool), "no notes")
    yield "pool facts", join([_facts(pool), bullets(pool.notes, "no notes")])


# --- pictures -------------------------------------------------------------------------------


def states(pool: Pool) -> Markup:
    """A row for each state: tentative amount in outline, decided and known to be paid within it."""
    told = "; ".join(
        f"{each.title}: tentative {words.amount(each.tentative)}, decided {words.amount(each.decided)}, "
        f"paid {words.amount(each.drawn)}"
        for each in pool.allocations
    )
    rows = [(each.title, list(_bars(each)), _said(each)) for each in pool.allocations]
    return join([bars.rows("pool-states", PAGE["pool states"], told, rows, _NAME), bars.legend(_LEGEND)])


def _bars(each: Allocation) -> Iterator[Bar]:
    if each.tentative:
        yield Bar(0, each.tentative.high, "faint")
    if each.decided:
        yield Bar(0, each.decided.low, "cell kind-1", 3)
        if not each.decided.exact:
            yield Bar(each.decided.low, each.decided.high, "cell shade-1", 3)
    if each.drawn:
        yield Bar(0, each.drawn.low, "cell kind-0", 6)


def _said(each: Allocation) -> str:
    if each.status == "decided, amount not known":
        return each.status
    return _short(each.decided or each.tentative) + (", not decided" if each.status == "not decided" else "")


def _short(value: Amount | None) -> str:
    if value is None:
        return words.NONE
    return words.billions(value.low) if value.exact else words.between(value, 2)


def cap(pool: Pool) -> Markup:
    """The largest borrowers on each set of amounts, one after the other, against the limit."""
    drawn = []
    height = 34
    most = pool.terms.maximum
    for row, each in enumerate(pool.concentration):
        top = _TOP + 58 * row
        drawn.append(tag("text", each.basis, x=0, y=top + 12))
        start = 0
        for place, state in enumerate(each.largest):
            one = next(found for found in pool.allocations if found.country == state)
            value = (one.tentative if each.basis == "tentative" else one.decided or one.tentative) or Amount(0, 0)
            box: dict[str, str | int] = {
                "x": percent_of(Fraction(start * 100, most)),
                "y": top + 18,
                "width": percent_of(Fraction(value.high * 100, most)),
                "height": height - 8,
            }
            drawn.append(tag("rect", **box, class_=f"cell shade-{place + 1}"))
            drawn.append(tag("svg", tag("text", one.title, x=6, y=17), **box))
            start += value.high
        at = percent_of(Fraction(each.limit * 100, most))
        drawn.append(tag("line", x1=at, x2=at, y1=top + 12, y2=top + 18 + height - 4, class_="limit"))
        label = f"{words.billions(each.limit, 0)}: {each.status}"
        drawn.append(tag("text", label, x=at, dx=6, y=top + 12, class_="limit-label"))
    told = "; ".join(f"{each.basis}: {words.against(pool, each)}" for each in pool.concentration)
    return picture("pool-cap", PAGE["pool cap"], told, _TOP + 58 * len(pool.concentration), join(drawn))


# --- tables ---------------------------------------------------------------------------------


def _states(pool: Pool) -> Markup:
    rows: list[tuple[str, ...]] = [
        (
            each.title,
            words.amount(each.tentative),
            "amount not known" if each.status == "decided, amount not known" else words.amount(each.decided),
            words.prefinancing(each),
            words.amount(each.drawn),
            words.amount(each.freed),
        )
        for each in pool.allocations
    ]
    rows.append(
        (
            "Sum of what is known",
            *(words.amount(words.known(pool, name)) for name in words.SUMS),
        )
    )
    heads = ["pool state", "pool tentative", "pool decided", "pool prefinancing", "pool paid", "pool freed"]
    return table(
        PAGE["pool states caption"], heads, rows, "name number+word number+word number+word number+word number+word"
    )


def _cap(pool: Pool) -> Markup:
    terms = pool.terms
    titles = {one.country: one.title for one in pool.allocations}

    def row(each: Concentration) -> tuple[str, ...]:
        largest = ", ".join(titles[state] for state in each.largest)
        return each.basis, largest, words.amount(each.amount), words.cents(each.limit), each.status

    caption = PAGE["pool cap caption"].format(
        count=terms.largest,
        share=words.percent(terms.share),
        maximum=words.billions(terms.maximum, 0),
        provision=terms.provisions["share"],
    )
    heads = ["pool basis", "pool largest", "pool together", "pool limit", "pool answer"]
    return table(caption, heads, map(row, pool.concentration), "name word number+word number+word word")


def _deadlines(pool: Pool) -> Markup:
    rows = [(str(each.day), each.what, words.ahead(each.days), each.provision) for each in pool.deadlines]
    heads = ["pool day", "pool what", "pool days", "pool provision"]
    return table(PAGE["pool deadlines caption"].format(on=pool.on), heads, rows, "name word number+word word")


def _facts(pool: Pool) -> Markup:
    """Every fact, with its source by number; a source stands once below."""
    facts = [(each.title, fact) for each in pool.allocations for fact in each.facts]
    sources = list(dict.fromkeys(fact.source for _, fact in facts))
    rows = [
        (
            title,
            fact.what,
            str(fact.on),
            ", ".join(filter(None, [words.amount(fact.amount) if fact.amount else "", fact.told])),
            fact.confidence,
            str(sources.index(fact.source) + 1),
        )
        for title, fact in facts
    ]
    heads = ["pool state", "pool kind", "pool on", "pool amount", "pool confidence", "pool source"]
    made = table(PAGE["pool facts caption"], heads, rows, "name word day+word word word number+word")
    return join([made, tag("ol", *(tag("li", source) for source in sources))])
