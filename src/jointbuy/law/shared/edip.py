"""What Chapters II and III of EDIP, Regulation (EU) 2025/2643, ask in the same words of different countries."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jointbuy.law.shared import entities
from jointbuy.law.shared.contravening import Bar
from jointbuy.law.shared.entities import (
    has_mitigation_in_place,
    not_controlled_from_outside,
    of_any_tier,
    seated_in_or_overseas,
    takes_part,
)
from jointbuy.law.shared.interests import (
    OF_THE_UNION,
    WITH_NEIGHBOURS,
    Interests,
    guarantees_assure,
    is_not_prohibited,
    screening_is_current,
)
from jointbuy.law.shared.products import removable
from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    at_least,
    by_reading,
    for_each,
    is_one_of,
    judgement,
    never,
    no,
    no_less_than,
    no_more_than,
    outside,
    stated,
    under,
    unstated,
    when,
    within,
    yes,
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """The groups and provisions in which the chapters differ; `key` stands before the keys of their questions."""

    key: str
    inside: str
    """Where contractors are seated and work, and where components from inside originate."""
    friends: str
    """Whose control and whose restrictions do no harm."""
    members: str
    """Of whom some must be in a consortium; empty where all that count are."""
    curable: str
    """Where an entity is established whose control guarantees may cure; it is also where they are approved."""
    recipients: str
    """For whom additional quantities may be bought; empty where for nobody else."""
    seat: str
    control: str
    cure: str
    entity: str
    """Where it is defined what an entity from outside is."""
    screening_act_applies: str
    """The parameter with the first day of the act on screening."""
    bar: Bar
    """What comes from countries that contravene, with the interests of the chapter."""
    commission: tuple[str, str, str]
    """Where the Commission procures for states: what it does then, whom the criteria bind, which of them bind joint
    procurement only."""
    non_recurrent: str
    """What of its contracts, advance purchases and off-take agreements included, the Union may pay."""
    who_asks: str
    """Who may ask the Commission to procure, in the words of a question."""

    @property
    def interests(self) -> Interests:
        """What a part in the action and the use of a plant must not contravene."""
        return self.bar.interests


POINTS = (
    ", and do they reach restrictions on facilities, assets, intellectual property and know-how, and sensitive "
    "information, as points (a) and (b) ask"
)
PROGRAMME = Chapter(
    "edip-",
    "inside edip",
    "inside edip",
    "union",
    "inside edip",
    "additional recipients",
    "Art. 9(1)",
    "Art. 9(5)",
    "Art. 9(6)",
    "Art. 2(20)",
    "art09.screening_act_applies",
    Bar(
        Interests("edip-", OF_THE_UNION, WITH_NEIGHBOURS, "Article 4", POINTS),
        "Art. 9(6) and (8)",
        "Art. 9(4)",
        materials=False,
    ),
    ("Art. 15(1) to (5)", "Art. 15(11)", "Art. 15(12)"),
    "Art. 16(1), 17(6) and 21(5)",
    "states that may do so",
)
UKRAINE = Chapter(
    "edip-ukraine-",
    "union and ukraine",
    "inside edip and ukraine",
    "",
    "union",
    "",
    "Art. 26(1)",
    "Art. 26(5)",
    "Art. 26(6)",
    "Art. 2(2)",
    "art26.screening_act_applies",
    Bar(
        Interests("edip-ukraine-", OF_THE_UNION, WITH_NEIGHBOURS, "Article 22", POINTS),
        "Art. 26(6) and (8)",
        "Art. 26(4)",
        materials=False,
    ),
    ("Art. 28(1) to (4)", "Art. 28(10)", "Art. 28(11)"),
    "Art. 29(1) and 30(6)",
    "Ukraine and at least one Member State together",
)


# --- procurement by the Commission ---------------------------------------------------------


def by_the_commission() -> Expression:
    """The Commission carries it out with or for the states; open where the file does not say who does."""
    return yes("union_procurement")


def unless_by_the_commission(then: Expression) -> Expression:
    """What Article 11 asks of a consortium and its agent, and of no procurement by the Commission."""
    return when(no("union_procurement"), then)


def unless_central(chapter: Chapter, rule: Expression) -> Expression:
    """A rule that binds joint procurement, and no procurement by the Commission as a central purchasing body.

    Which of the two it is, no file says: a person must.
    """
    asked = judgement(
        f"{chapter.key}central-purchasing",
        "If the Commission procures: does it act as a central purchasing body, so that the rules on components and "
        "design of joint procurement do not bind it?",
        who="buyers",
    )
    by_it = any_of(rule, under(chapter.commission[2], asked))
    return all_of(unless_by_the_commission(rule), when(by_the_commission(), by_it))


# --- product ------------------------------------------------------------------------------


def is_listed(chapter: Chapter) -> Expression:
    """A person says that the product falls within the definition; no kind that the file states tells it."""
    return judgement(
        f"{chapter.key}product",
        "Is what is bought a defence-related product of the Annex to Directive 2009/43/EC, or a work, supply or "
        "service directly related to one?",
        who="procurement agent",
    )


# --- buyers -------------------------------------------------------------------------------


def buys_together(chapter: Chapter) -> Expression:
    """Enough states form the consortium, or a Structure for European Armament Programme does; nobody else buys.

    Additional quantities may be bought for Ukraine and Moldova. Of a structure Ukraine may be a member under both
    chapters, other third countries may not. Where it would make the difference and the file is silent, it is open
    whether one carries it out, unless a person says so or denies it.
    """
    together = [at_least("art11.min_partners", "buyers", all_of(within("country", chapter.inside), takes_part()))]
    if chapter.members:
        member = all_of(within("country", chapter.members), takes_part())
        together.append(at_least("art11.min_members", "buyers", member))
    for_others = judgement(
        f"{chapter.key}additional-quantities",
        "Does it not buy itself: does the procurement agent buy additional quantities for it?",
        who="procurement agent",
    )
    ways: list[Expression] = [within("country", chapter.inside)]
    if chapter.recipients:
        received = all_of(within("country", chapter.recipients), for_others)
        ways.append(under("Art. 11(10) and 20(5)(c)", received))
    structure = judgement(
        f"{chapter.key}structure",
        "Does a Structure for European Armament Programme, set up under Chapter VI, carry the action out?",
        who="the structure",
    )
    said = any_of(yes("by_structure"), replace(structure, volunteered=True))
    consortium = all_of(*together, for_each("buyers", any_of(*ways)))
    members = for_each("buyers", under("Art. 44(1)", any_of(*ways, within("country", "inside edip and ukraine"))))
    asked = judgement(
        f"{chapter.key}commission-procurement",
        f"If the Commission procures: have {chapter.who_asks} asked it to, is it open to all Member States, and do "
        "experts and the word on parallel negotiations stand as the article asks? (union_procurement: no, where it "
        "does not.)",
        who="buyers",
    )
    paid = judgement(
        f"{chapter.key}non-recurrent",
        "If the Commission procures: does what the Union pays keep to the parts of the contract on non-recurrent "
        "costs, reserved capacities included, and is an advance purchase joint procurement?",
        who="buyers",
    )
    admitted = for_each("buyers", within("country", chapter.inside))
    by_it = all_of(under(chapter.commission[0], all_of(admitted, asked)), under(chapter.non_recurrent, paid))
    together_or_alone = any_of(consortium, under("Art. 11(3)(b)", all_of(said, members, structure)))
    return all_of(unless_by_the_commission(together_or_alone), when(by_the_commission(), by_it))


# --- contractors and subcontractors -------------------------------------------------------


def is_asked(chapter: Chapter) -> Expression:
    """A contractor, or a subcontractor as defined: with tasks under supervision, a share for them, classified access.

    What it is allocated for components of its own is no part of that share. Of who brings no component a person says
    whether its tasks contribute to design or manufacturing.
    """
    asked = judgement(
        f"{chapter.key}subcontractor-task",
        "It brings no component: do its tasks contribute to the design or manufacturing of the product?",
        who="contractor",
    )
    tests = all_of(
        is_one_of("role", "subcontractor"),
        no("own_components"),
        entities.its_share(no_less_than, "art02.subcontractor_share", "tasks"),
        yes("classified_access"),
        any_of(unstated("brings_components"), yes("brings_components"), asked),
    )
    return any_of(is_one_of("role", "contractor"), under("Art. 2(31)", of_any_tier(tests)))


def is_excused(chapter: Chapter) -> Expression:
    """A subcontractor up to a share that had a direct contract on the product with the contractor before the act.

    Who is allocated less than the band is no subcontractor that is asked, so that the foot of it need not be tested.
    """
    band = all_of(is_one_of("role", "subcontractor"), entities.its_share(no_more_than, "art11.derogation_top", "tasks"))
    question = "was the earlier direct contract on this product with the contractor?"
    return under("Art. 11(7)", all_of(band, entities.worked_together(question, chapter.key)))


def participation_clauses(chapter: Chapter) -> Expression:
    """Procedure and contract carry the criteria, and have them applied to subcontractors (Art. 11(6))."""
    asked = judgement(
        f"{chapter.key}participation-clauses",
        "Do the procurement procedure and the contract apply criteria equivalent to those on participants, and require "
        "that they are applied to subcontractors?",
        who="procurement agent",
    )
    return under("Art. 11(6)", asked)


def suppliers(chapter: Chapter) -> Expression:
    """Each is seated inside and not controlled from outside, or is excused; a subcontractor by an earlier contract.

    Where the Commission procures, seat alone is asked, and nobody is excused from it.
    """
    excused = is_excused(chapter)
    seat = any_of(under(chapter.seat, seated_in_or_overseas(chapter.inside)), excused)
    excused_with_its_control = by_reading(
        "subcontractor control",
        cured=all_of(outside("established_in", chapter.inside), excused),
        cured_for_management_too=all_of(_is_from_outside(chapter), excused),
        not_cured=never(),
    )
    control = any_of(
        under(chapter.control, not_controlled_from_outside(chapter.friends, chapter.key, chapter.entity)),
        under(chapter.cure, all_of(within("established_in", chapter.curable), _is_cured(chapter))),
        under("Art. 11(7)", excused_with_its_control),
    )
    barred = () if chapter is not UKRAINE else (under(chapter.seat, where_ukraine_governs()),)
    seated = under(chapter.commission[1], seated_in_or_overseas(chapter.inside))
    each = for_each("entities", when(is_asked(chapter), all_of(*barred, seat, control)))
    return all_of(
        unless_by_the_commission(all_of(each, _few_excused(chapter))),
        when(by_the_commission(), for_each("entities", when(is_asked(chapter), all_of(*barred, seated)))),
    )


def _is_from_outside(chapter: Chapter) -> Expression:
    return any_of(outside("established_in", chapter.inside), outside("managed_from", chapter.inside))


def _few_excused(chapter: Chapter) -> Expression:
    """By the cautious reading an earlier contract excuses one subcontractor of a procurement and no more."""
    asked = is_asked(chapter)
    excused = all_of(yes("stands_for_company"), asked, _is_from_outside(chapter), is_excused(chapter))
    several = under("Art. 11(7)", at_least("art11.several_excused", "entities", excused))
    return by_reading("excused subcontractors", each_by_itself=all_of(), one_only=when(several, never()))


def where_ukraine_governs() -> Expression:
    """In Ukraine, only where its government is in control (Art. 26(1), second subparagraph); no code tells that.

    Whoever is established elsewhere in Ukraine is not eligible, and no derogation lifts that.
    """
    question = "Is it established in an area that the government of Ukraine controls?"
    asked = judgement(f"{UKRAINE.key}territory", question, who="contracting authority")
    return any_of(outside("established_in", "ukraine"), asked)


def _is_cured(chapter: Chapter) -> Expression:
    """Guarantees, or measures pursuant to a screening that amount to them, of which more is asked than two points.

    Who is silent on a screening claims none; who states a part leaves the rest open.
    """
    asked = judgement(
        f"{chapter.key}notification",
        "Has the procurement agent notified the Commission of the guarantees?",
        who="procurement agent",
    )
    notified = under("Art. 11(8)", asked)
    measures = judgement(
        f"{chapter.key}measures",
        "Do the measures of the screening assure that control hampers nothing and that no information is reached, "
        "and are they approved by the state of establishment?",
        who="state of establishment",
    )
    approved = within("guarantee_verified_by", chapter.curable)
    guarantees = entities.gives_guarantees(approved, provision=chapter.cure, in_tender=False, notified=notified)
    current = screening_is_current(chapter.interests, chapter.screening_act_applies)
    claimed = any_of(stated("screened"), stated("screening_outcome"))
    screened = all_of(claimed, has_mitigation_in_place(), measures, current, notified)
    given = all_of(guarantees, is_not_prohibited(chapter.interests))
    return all_of(any_of(given, screened), guarantees_assure(chapter.interests))


def facilities(chapter: Chapter) -> Expression:
    """What each contractor and subcontractor uses lies inside, or outside for a reason judged.

    An excused subcontractor from outside is excused from all that Article 11(6) asks, its plants among it.
    """
    excused = all_of(_is_from_outside(chapter), is_excused(chapter))
    its_use = chapter.interests.use
    return entities.facilities_in(chapter.inside, is_asked(chapter), chapter.key, excused, its_use=its_use)


def all_named(chapter: Chapter) -> Expression:
    """The file lists the subcontracts, or says that there are none; where it is silent, a person must say so.

    So it must of a subcontractor of which the bill shows the threshold and its subcontracts state less. A supplier
    whom no subcontract names delivers components, by the bill, and is none.
    """
    question = (
        "Is there no subcontractor: tasks under the contractor's supervision, a share at the threshold, classified "
        "access?"
    )
    asked = judgement(f"{chapter.key}subcontractors", question, who="contractor")
    enough = entities.states_enough("understated_tasks", chapter.key, "art02.subcontractor_share")
    return all_of(any_of(yes("subcontracts_listed"), asked), enough)


# --- design -------------------------------------------------------------------------------


def free_to_design(chapter: Chapter, reading: str) -> Expression:
    """The design can be decided on by its holder, and no restriction from outside stands in the way."""
    holder = by_reading(
        reading,
        recipients_or_contractors=is_one_of("design_holder", "contractor", "consortium", "buying state"),
        contractors=is_one_of("design_holder", "contractor", "consortium"),
    )
    held = any_of(unstated("design_holder"), holder)
    free = any_of(removable(), within("imposed_by", chapter.friends))
    return all_of(yes("design_authority"), held, for_each("restrictions", free))
