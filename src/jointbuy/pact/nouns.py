"""Nouns that name somebody who can act and so promise: a list, and the endings of those who do something (supplier)."""

from __future__ import annotations

import re

_AGENTS = frozenset(
    """
    airline airlines hospital hospitals school schools university universities institute institutes household
    households pharmacy pharmacies branch subsidiary subsidiaries police customs europol eurojust panel jury tribunal
    registrar captain crew skipper head heads chief deputy treasurer accountant trustee guardian refugee student
    students researcher researchers man men woman women secretary secretary-general mission missions troops navy army
    consortium consortia depository ccp aifm efsa acer ema eurosystem pilot pilots carrier carriers trader traders
    u.s. u.k. e.u.
    we leaders leader president minister ministers government governments state states country countries nation
    nations party parties signatory signatories member members commission council parliament union eu g7 g20 nato
    partner partners ally allies authority authorities body bodies agency agencies office bureau administration
    department departments ministry ministries committee board institution institutions court courts person persons
    people operator operators manufacturer manufacturers provider providers undertaking undertakings company
    companies enterprise enterprises firm firms organisation organisations organization organizations applicant
    applicants holder holders sponsor sponsors importer importers exporter exporters producer producers supplier
    suppliers owner owners keeper keepers master beneficiary beneficiaries recipient recipients contractor
    contractors representative representatives delegate chair chairman chairperson chairpersons director directors
    officer officers official officials staff employee employees servant servants agent agents expert experts
    inspector inspectors group groups team teams bank banks fund association associations passenger passengers
    passengers consumer consumers user users client clients customer customers investor investors issuer issuers
    participant participants side sides entity entities economies economy laboratory laboratories vessel
    vessels trainee candidate candidates spouse child children parent parents worker workers citizen citizens victim
    victims national nationals community communities society public service services presidency secretariat
    ombudsman coordinator coordinators controller controllers processor processors supervisor supervisors rapporteur
    taskforce force forces ministerial summit forum conference assembly observatory center centre hub network dialogue
    donor donors borrower lender debtor creditor insurer insurers practitioner practitioners veterinarian physician
    doctor lawyer notary judge judges prosecutor arm arms eusr ecb esma eba eiopa frontex euipo organiser organisers
    vendor vendors retailer retailers distributor distributors seller sellers buyer buyers fisherman fishermen
    farmer farmers grower growers kingdom states-general republic germany france italy spain poland belgium austria
    greece portugal netherlands luxembourg ireland denmark sweden finland norway iceland canada japan australia
    mexico korea india ukraine russia china israel iran turkey türkiye moldova albania america britain hungary
    romania bulgaria croatia slovenia slovakia czechia estonia latvia lithuania malta cyprus brazil chile
    switzerland singapore vietnam indonesia philippines thailand malaysia cambodia laos mongolia nepal bangladesh
    pakistan afghanistan kazakhstan uzbekistan armenia azerbaijan georgia belarus serbia kosovo montenegro macedonia
    bosnia herzegovina cyprus liechtenstein iraq syria lebanon jordan egypt qatar kuwait bahrain oman yemen emirates
    arabia morocco algeria tunisia libya sudan ethiopia kenya uganda rwanda tanzania nigeria ghana senegal mali niger
    chad cameroon congo angola zambia zimbabwe mozambique namibia botswana africa argentina colombia peru ecuador
    bolivia paraguay uruguay venezuela guyana guatemala honduras nicaragua panama haiti cuba jamaica bahamas zealand
    fiji tonga samoa lanka taiwan unit units
    washington ottawa tokyo brussels london paris ascp acs he she they everyone anyone nobody
    subcontractor auditor auditors depositary depositaries counterparty counterparties administrator administrators
    broker brokers repository repositories
    actuary actuaries registry registries consulate consulates embassy embassies delegations intermediary
    intermediaries venue venues slaughterhouse slaughterhouses hatchery hatcheries establishments minor minors
    individual individuals adult adults pupil apprentice professional professionals plaintiff magistrate bailiff
    counsel witness witnesses spouses widow orphan heir host municipality municipalities region regions city cities
    business businesses cooperative cooperatives foundation foundations federation corporation corporations college
    academy museum archives libraries anybody everybody somebody whoever
    subjects eu-lisa eurostat eurocontrol berec srb echa easa emsa era enisa edps edpb olaf eppo ecdc eib eeas psc hr
    opcw iaea osce ncas nca ncb ncbs nsa nsas tso tsos dso dsos csd csds aifms
    respondent resident dependent patient proponent opponent incumbent
    maker makers islands payer payers payee payees voter guard guards clerk nurse midwife midwives alliance satcen
    colleague colleagues counterpart counterparts envoy envoys
    relatives executive executives escort escorts alternate confederation directorate directorate-general marino
    gambia liberia gabon guinea mauritius madagascar seychelles comoros mauritania togo benin burundi eritrea somalia
    myanmar guinea-bissau greenland andorra monaco dominica barbados kiribati kyrgyzstan tajikistan turkmenistan
    """.split()
)
_THINGS = frozenset(
    """
    number paper order matter letter register transfer factor sector indicator error offer power character parameter
    corridor water tender border fee guarantee degree grant plant amount chapter paragraph layer filter computer
    container carrier-bag identifier marker fibre tier header folder trailer rotor motor tractor reactor sensor
    monitor behaviour labour vigour colour manner remainder cover order quarter semester former latter other whether
    however further under over after never together either neither counter danger river weather disorder timber
    rubber fiber timer transponder meter liter litre calendar december november october september major prior
    superior inferior interior exterior exporter-id vector door floor armour harbour honour favour
    dossier precursor fertiliser fertilizer charger converter refrigerant variant receiver polymer elastomer printer
    router server browser laser scanner transformer boiler burner heater cooler freezer refrigerator dishwasher washer
    dryer starter semi-trailer bumper adapter connector capacitor resistor detector generator compressor radiator
    divisor denominator numerator multiplier newsletter banner poster sticker buffer waiver barrier powder butter
    primer liner wrapper filler stabiliser emulsifier sweetener coolant lubricant pollutant surfactant contaminant
    disinfectant warrant determinant constant restaurant oxidant propellant checklist median meridian headquarter
    newspaper reminder disclaimer answer helicopter scooter encounter perimeter diameter accelerator incinerator
    elevator ventilator insulator separator collector injector reflector deflector selector semiconductor alternator
    anchor frontier winter summer decoder encoder decree consider refer deliver confer enter differ suffer mixer
    blender conveyor humidifier purifier amplifier modifier qualifier classifier tracer bunker locker drawer cylinder
    slider roller propeller biomarker subsector predictor estimator descriptor simulator accumulator actuator
    colorant colourant monomer
    """.split()
)
_CAPITALS = frozenset("ANNEX TITLE CHAPTER PART SECTION ARTICLE TABLE EUR VAT TEU TFEU CN HS CE EN ISO IEC XML".split())
"""Capitals that name nobody; nor does the number of an annex."""
_BODY = re.compile(r"(?:er|ers|or|ors|ee|ees|ant|ants|ist|ists|ian|ians)$")


def known(head: str) -> bool:
    """Whether a noun stands in the list of those who act."""
    return head.lower() in _AGENTS


def is_acronym(head: str) -> bool:
    """Whether a noun is a name in capitals, such as ECB."""
    one = head[:-1] if len(head) > 3 and head[-1] == "s" else head  # several of them: NSAs
    name = one.isupper() and 2 <= len(one) <= 8 and one.replace("-", "").isalpha()
    return name and one not in _CAPITALS and not set(one) <= set("IVX")


def can_act(head: str) -> bool:
    """Whether a noun names somebody: a list, and the endings of those who do something (supplier, applicant)."""
    low = head.lower().removesuffix("’s").removesuffix("'s")
    one = low[:-3] + "y" if low.endswith("ies") else low.removesuffix("s")
    last = re.split("[/-]", re.split("-(?:in|of|at)-", low)[0])[-1]  # Vice-Chair, Party/Parties, pilot-in-command
    if low in _AGENTS or one in _AGENTS or last in _AGENTS or last.removesuffix("s") in _AGENTS:
        return True
    if one.endswith("person"):
        return True
    if is_acronym(head):
        return True
    if low in _THINGS or low.removesuffix("s") in _THINGS or len(low) < 6:
        return False
    return bool(_BODY.search(low)) and not low.endswith(("ment", "ier-than", "eter", "eters"))
