"""Verbs by which what was promised goes on in a series: intend to end, prepare for, and drive."""

from __future__ import annotations

VERBS = frozenset(
    """
    abide accelerate accommodate achieve acquire adapt adhere adjust adopt align allocate allow analyse analyze
    announce apply appoint arrange assemble assess assist assure attain avoid become bolster bring broaden build
    carry cease clarify collaborate combat commence compensate compete complement comply conclude conduct confront
    connect consider consolidate construct consult continue contribute convene cooperate coordinate create
    decarbonise decarbonize declare decrease deepen defend define deliver demonstrate deploy deter determine develop
    devote
    diminish disclose discuss dismantle disrupt disseminate diversify ease educate eliminate embed embrace empower
    enable encourage endeavour endeavor enforce engage enhance enlarge enrich ensure entrust equip eradicate
    establish evaluate examine expand expedite explore extend facilitate finalise finalize follow forge formalise
    formalize formulate foster fulfil fulfill gather generate give go grow guarantee halve harmonise harmonize identify
    implement improve include incorporate inform initiate institute integrate intensify introduce invest investigate
    invite join keep lay let leverage maintain make maximise maximize minimise minimize mitigate mobilise mobilize
    modernise modernize negotiate notify observe organise organize overcome participate prepare preserve prevent
    prioritise prioritize proceed procure produce prohibit promote propose protect provide publish pursue ratify
    rebuild reconstruct recruit redouble reduce refrain reinforce relocate rely remove renew repair replace resist
    resolve resume retain revitalise revitalize safeguard seek select sell simplify solve spur stabilise stabilize
    standardise standardize stimulate streamline strengthen strive submit suspend sustain tackle take teach
    terminate transform triple undertake unlock uphold verify warn weaken widen withdraw withhold
    """.split()
)
"""Verbs that are hardly ever nouns."""
SELDOM_NOUNS = frozenset(
    """
    address advance boost buy catalyse cut deny drive end fight fill fund halt help hold hire launch limit meet pool
    put raise restore scale send set share sign speed start step stop train turn update upgrade use
    """.split()
)
"""And those that are nouns too, but seldom stand before another noun as one: share data, train soldiers."""
ADJECTIVES = frozenset(
    "complete clean clear direct double elaborate further lower open present secure separate".split()
)
"""And those that are adjectives too: of these, only what stands before an article is one for certain."""
EITHER = (
    SELDOM_NOUNS
    | ADJECTIVES
    | frozenset(
        """
        aid benefit charge control counter demand design draft effect exchange export finance focus grant import
        increase issue lead license lift map market match monitor move offer pay permit phase pilot place plan practice
        process project purchase report request research review shape staff stand station store study supply support
        survey target test trade transfer transport trust value visit work
        """.split()
    )
)
"""All that are nouns or adjectives too; of these, most stand before a noun as one: support measures, trade talks."""
OF_IN_ING = frozenset(
    """
    developing emerging existing growing following including leading remaining outstanding continuing increasing
    concerning regarding according resulting underlying
    training funding building financing planning monitoring reporting meeting processing testing spending housing
    mining banking engineering manufacturing marketing shipping fishing farming learning teaching drilling
    peacekeeping rating sharing setting opening
    """.split()
)
"""Words in -ing that are nouns or adjectives as well."""


def verb_of(word: str) -> str:
    """The verb in its base form, of a base form or of one in -ing, in small letters; "" for what is none here."""
    if word in VERBS or word in EITHER:
        return word
    if word.endswith("ing") and len(word) > 5:
        stem = word[:-3]
        doubled = stem[:-1] if stem[-1] == stem[-2] else stem
        return next((one for one in (stem, stem + "e", doubled) if one in VERBS or one in EITHER), "")
    return ""
