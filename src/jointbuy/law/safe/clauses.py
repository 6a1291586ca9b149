"""What tender, contract, annexes and notices must carry for a purchase: Art. 16(2) and (4) to (14), 22, and their like.

In our own words, held against the text on 2026-11-24. What the text asks for is required; what only serves to prove
or to keep it is advised, and says why.
"""

from __future__ import annotations

from jointbuy.law.safe.categories import in_category_two
from jointbuy.law.safe.entities import is_involved, may_be_cured
from jointbuy.law.safe.products import OTHER
from jointbuy.law.shared.products import DEFENCE
from jointbuy.rules import (
    Clause,
    all_of,
    any_of,
    for_any,
    is_one_of,
    outside,
    stated,
    unstated,
    within,
    yes,
)

_DEFENCE = is_one_of("product.kind", DEFENCE)
_MAY_REST_ON_18 = any_of(unstated("ground"), is_one_of("ground", "Article 18"))
_CATEGORY_TWO = all_of(_DEFENCE, in_category_two())


_CONTROLLED_OUTSIDE = all_of(is_involved(), may_be_cured(), yes("controlled"), outside("controlled_by", "inside"))
_BY_GUARANTEES = all_of(
    _CONTROLLED_OUTSIDE, any_of(unstated("screening_outcome"), is_one_of("screening_outcome", "prohibited"))
)
_BY_SCREENING = all_of(
    _CONTROLLED_OUTSIDE,
    stated("screening_outcome"),
    is_one_of("screening_outcome", "cleared", "cleared with mitigation"),
)
_MITIGATED = all_of(
    _CONTROLLED_OUTSIDE, stated("screening_outcome"), is_one_of("screening_outcome", "cleared with mitigation")
)
_SEATED_OUTSIDE = all_of(
    is_one_of("role", "subcontractor"),
    is_involved(),
    any_of(outside("established_in", "inside"), outside("managed_from", "inside")),
)
_FACILITY_OUTSIDE = all_of(is_involved(), for_any("facilities", outside("country", "inside")))
_CANADIAN = all_of(
    _DEFENCE,
    any_of(
        for_any("entities", any_of(within("established_in", "canada"), within("controlled_by", "canada"))),
        for_any("source_countries", within("country", "canada")),
    ),
)

CLAUSES = (
    # --- tender specifications ---
    Clause(
        "conditions-of-participation",
        "tender specifications",
        "Make seat, executive management, control and facilities of contractors and subcontractors involved conditions "
        "of participation, and say which countries count as inside.",
        "Art. 16(2), (3) and (8)",
        when=_DEFENCE,
    ),
    Clause(
        "component-limit",
        "tender specifications",
        "Ask for a product of whose estimated component cost at most {art16.max_outside_share} originates outside, "
        "measured for each end product, and for no component sourced from a country that contravenes security and "
        "defence interests; say how origin and cost are to be declared.",
        "Art. 16(2) and (10)",
        when=_DEFENCE,
    ),
    Clause(
        "subcontractors-involved",
        "tender specifications",
        "Ask bidders to name every subcontractor with its part of the contract value, and which of them provide a "
        "critical input with unique attributes, are allocated {art16.involved_share} or more and need classified "
        "access.",
        "Art. 16(2) and (12)",
        when=_DEFENCE,
    ),
    Clause(
        "guarantees-in-tender",
        "tender specifications",
        "Set out the guarantees on control from outside: that it restrains neither the order nor its results, that no "
        "third country reaches classified information, and that whoever takes part is cleared by a Member State. "
        "A template of the Commission may be used.",
        "Art. 16(5) and (6)",
        when=_DEFENCE,
        whom=_BY_GUARANTEES,
    ),
    Clause(
        "design-in-tender",
        "tender specifications",
        "Ask that contractors can decide on definition, adaptation and evolution of the design, and may in law "
        "substitute or remove components that third countries restrict.",
        "Art. 16(2) and (11)",
        when=_CATEGORY_TWO,
    ),
    Clause(
        "conditions-of-the-states",
        "tender specifications",
        "Set appropriate conditions that protect the security and defence interests of the Union and its Member "
        "States: for these products the buyers choose them.",
        "Art. 16(13)",
        when=is_one_of("product.kind", OTHER),
    ),
    # --- contract ---
    Clause(
        "participation-in-contract",
        "contract",
        "Carry the participation requirements on seat, management, control, facilities, components and sources; "
        "advised beside: for as long as the contract lasts, and passed on to subcontractors involved.",
        "Art. 16(2)",
        when=_DEFENCE,
    ),
    Clause(
        "conditions-of-the-states-in-contract",
        "contract",
        "Carry the conditions that the buyers have chosen for these products.",
        "Art. 16(13)",
        when=is_one_of("product.kind", OTHER),
    ),
    Clause(
        "study-of-replacement",
        "contract",
        "Have the contractor undertake to study, within {art16.study_years} years, whether the input of the "
        "subcontractor from outside can be replaced by one that comes from inside, is free of restrictions and meets "
        "what is asked of it in technique and time.",
        "Art. 16(4)(b)",
        when=_DEFENCE,
        whom=all_of(_SEATED_OUTSIDE, stated("study_years")),
    ),
    Clause(
        "mitigation-in-contract",
        "contract",
        "Make the mitigation that the screening asked for an obligation under the contract.",
        "Art. 16(5)",
        required=False,
        when=_DEFENCE,
        whom=_MITIGATED,
    ),
    Clause(
        "design-in-contract",
        "contract",
        "Secure the authority over the design, with the rights, licences and documents needed to use it.",
        "Art. 16(2) and (11)",
        when=_CATEGORY_TWO,
    ),
    Clause(
        "opening-to-others",
        "contract",
        "Let at least one more Member State, EEA-EFTA state or Ukraine join, and interested candidate and partnership "
        "countries besides; the steps taken to that end are the buyer's duty.",
        "Art. 4(3)",
        when=yes("single_buyer"),
    ),
    Clause(
        "changes-reported",
        "contract",
        "Have the contractor report a change of owner, management, facility, subcontractor, origin or source before it "
        "takes effect: a condition once met can be lost, and payment hangs on it.",
        "Art. 16(2), (9) and (14)",
        required=False,
    ),
    Clause(
        "information-for-payment",
        "contract",
        "Oblige the contractor to hand over what the operational arrangements ask for, in time for each request: the "
        "borrowing state must file it, and only the contractor has it.",
        "Art. 10(3) and 16(14)",
        required=False,
    ),
    Clause(
        "access-for-audit",
        "contract",
        "Give those who audit the loan access to the contractor's records, as the loan agreement has it.",
        "Art. 14",
        required=False,
    ),
    Clause(
        "visibility",
        "contract",
        "Agree how the Union's support is made visible, with due regard to security: the emblem where it fits and the "
        "funding statement \u201csupported by the European Union \u2013 SAFE\u201d. It is the "
        "Member State's duty; the clause has the contractor help.",
        "Art. 22(2)",
        required=False,
    ),
    Clause(
        "payments-in-time",
        "contract",
        "Let the last payment fall due early enough for a request that is assessed and approved by "
        "{art12.availability_ends}; requests come twice a year, and assessing one may take two months.",
        "Art. 12(1) to (3)",
        required=False,
    ),
    Clause(
        "agreement-with-canada",
        "contract",
        "Carry the conditions of the agreement for Canadian companies and components; its text was not seen here, so "
        "take them from the agreement itself.",
        "Agreement under Art. 17 (text not seen)",
        when=_CANADIAN,
    ),
    # --- annexes ---
    Clause(
        "bill-with-origins",
        "annexes",
        "Bill of materials with cost, origin and source of every component, declared by its suppliers: the share "
        "cannot be shown without it.",
        "Art. 16(10)",
        required=False,
        when=_DEFENCE,
    ),
    Clause(
        "statement-on-sources",
        "annexes",
        "Each supplier's statement that nothing it supplies is sourced from a contravening country.",
        "Art. 16(10)",
        required=False,
    ),
    Clause(
        "owners-and-management",
        "annexes",
        "Register extracts that show seat, owners up to the last, and executive management of contractors and "
        "subcontractors involved.",
        "Art. 16(3)",
        required=False,
        when=_DEFENCE,
    ),
    Clause(
        "guarantees-verified",
        "annexes",
        "The guarantees, with their verification by the Member State of establishment.",
        "Art. 16(5) and (6)",
        when=_DEFENCE,
        whom=_BY_GUARANTEES,
    ),
    Clause(
        "screening-decision",
        "annexes",
        "The outcome of the screening, with proof that its mitigation, if any, is in place.",
        "Art. 16(5)",
        when=_DEFENCE,
        whom=_BY_SCREENING,
    ),
    Clause(
        "earlier-relationship",
        "annexes",
        "The contract that shows a direct relationship on this product before {act.entry_into_force}.",
        "Art. 16(4)(a)",
        when=_DEFENCE,
        whom=all_of(_SEATED_OUTSIDE, stated("related_since")),
    ),
    Clause(
        "reason-for-facilities",
        "annexes",
        "For each facility outside: why nothing inside was readily available, and why its use contravenes no security "
        "and defence interest.",
        "Art. 16(8)",
        when=_DEFENCE,
        whom=_FACILITY_OUTSIDE,
    ),
    Clause(
        "earlier-clearance",
        "annexes",
        "The earlier clearance, and a statement that nothing has changed that calls it into question.",
        "Art. 16(9)",
        when=_DEFENCE,
        whom=all_of(is_involved(), stated("clearance_claimed")),
    ),
    Clause(
        "restrictions-register",
        "annexes",
        "A register of every component that a third country restricts, by whom, and what the contractor may do.",
        "Art. 16(11)",
        required=False,
        when=_CATEGORY_TWO,
    ),
    Clause(
        "steps-taken",
        "annexes",
        "The log of steps that opened the contract to other states, with their answers.",
        "Art. 4(3), recital 30",
        required=False,
        when=yes("single_buyer"),
    ),
    Clause(
        "vat-certificate",
        "annexes",
        "The VAT exemption certificate, stamped by the authorities of the buyer's Member State and kept by the "
        "supplier; it confirms that the transaction is exempt.",
        "Art. 20 and Annex",
    ),
    # --- notices ---
    Clause(
        "notification",
        "notices",
        "Notify the Commission of the mitigation applied or the guarantees given; keep more for it to ask for.",
        "Art. 16(7)",
        when=_DEFENCE,
        whom=any_of(_BY_GUARANTEES, _MITIGATED),
    ),
    Clause(
        "modification-notice",
        "notices",
        "Where the contract was opened to new buyers or its quantities raised by way of Article 18: a notice in the "
        "Official Journal.",
        "Art. 18(5)",
        when=all_of(_DEFENCE, stated("events.last_amendment"), for_any("modifications", _MAY_REST_ON_18)),
    ),
    # --- requests for payment ---
    Clause(
        "evidence-of-progress",
        "requests for payment",
        "Justification with evidence of progress under the plan.",
        "Art. 12(2)",
    ),
    Clause(
        "evidence-on-article-16",
        "requests for payment",
        "The information on the conditions of Article 16 that the operational arrangements name.",
        "Art. 10(3) and 16(14)",
    ),
)
