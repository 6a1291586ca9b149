"""Recognising the columns of a bill by the headers people and their programs write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from jointbuy.money import DIGITS

HEADER_WITHIN = 20
"""Rows searched for the header; titles above it are common."""

# For each of our columns the headers it is known by, best first: English, German, French,
# Polish, and the exports of SAP, Odoo, ERPNext, InvenTree and OpenBOM. A header that stands
# under two columns goes to the one that ranks it higher and is still free; each | lowers what
# follows it, so that "Item" is the part where nothing better is, and else the position.
NAMES: dict[str, str] = {
    "part": """
        part number; part no; part nr; part #; part id; part; pn; p n; mpn; ipn; part ipn; sub part ipn;
        component ipn; component; component number; component id; comp number; component part;
        bom lines component; bom line ids product id; item code; material number; material no; teilenummer;
        teil; artikelnummer; sachnummer; materialnummer; komponente; numero de piece; reference piece;
        reference article; code article; composant; piece; numer czesci; nr czesci; indeks; komponent; czesc;
        item id; sku; product code; | material; item number; item no; item; article; product; artikel; sub part;
        child; child part; id; reference; kod
    """,
    "name": """
        name; part name; component name; item name; product name; description; part description;
        item description; component description; material description; object description; title; designation;
        bezeichnung; benennung; beschreibung; objektkurztext; materialkurztext; kurztext; libelle; denomination;
        nom; nazwa; nazwa czesci; opis; part
    """,
    "parent": """
        parent; parent part; parent id; parent part number; parent part no; parent item; parent ipn;
        parent number; next higher assembly; nha; assembly; assembly number; assembly ipn; used in; used on;
        where used; bom; parent bom; parent assembly; father; ubergeordnetes teil; ubergeordnet;
        baugruppe; ensemble parent; ensemble; article parent; parent piece; nadrzedny; element nadrzedny;
        czesc nadrzedna; zespol; zespol nadrzedny
    """,
    "level": """
        level; lvl; bom level; explosion level; indent; indent level; indentation; structure level; depth;
        hierarchy; hierarchy level; stufe; auflosungsstufe; ebene; strukturstufe; niveau; poziom; outline;
        outline level; item level
    """,
    "quantity": """
        quantity; qty; qty per assembly; quantity per assembly; qty per; quantity per; qpa; qty assy; usage;
        comp qty cun; comp qty; component quantity; required quantity; bom lines quantity;
        bom line ids product qty; qty per parent; quantity per parent; stock qty; qty consumed per unit; menge;
        komponentenmenge; anzahl; stuckzahl; stk; quantite; qte; nombre; ilosc; liczba; szt
    """,
    "per": """
        per; per quantity; base quantity; base qty; batch size; lot size; bom quantity; basismenge; losgrosse;
        quantite de base; taille de lot; ilosc bazowa; wielkosc partii; per parents
    """,
    "scrap": """
        scrap; scrap %; scrap percent; scrap rate; scrap factor; component scrap; comp scrap; component scrap in;
        scrap in percent; waste; waste %; wastage; ausschuss; ausschuss %; komponentenausschuss; verschnitt; rebut;
        taux de rebut; perte; perte %; chute; odpad; odpad %; brak; straty
    """,
    "yield": """
        yield; yield %; yield percent; component yield; ausbeute; ausbeute %; gutausbeute; rendement; rendement %;
        uzysk; uzysk %
    """,
    "position": """
        position; find number; find no; find; pos; position no; position number; pos nr; pos no; bom item;
        positionsnummer; positionsnr; repere; rep; pozycja; poz; lp; line; line no; line number; |; |; item no;
        item number; item; nr
    """,
    "unit": """
        unit; uom; unit of measure; units; un; component unit; product unit of measure; stock uom; einheit;
        mengeneinheit; me; basismengeneinheit; unite; unite de mesure; jednostka; jednostka miary; jm; j m;
        measure
    """,
    "supplier": """
        supplier; supplier name; supplier id; vendor; vendor name; vendor id; made by; sourced from;
        source company; lieferant; lieferant name; fournisseur; dostawca; manufacturer; manufacturer name; mfr;
        mfg; maker; hersteller; fabricant; producent
    """,
    "origin": """
        origin; country of origin; coo; origin country; made in; country of manufacture; manufacturing country;
        ursprungsland; herkunftsland; ursprung; pays d origine; pays origine; origine; kraj pochodzenia;
        pochodzenie; country
    """,
    "supplied_from": """
        supplied from; supplying country; ship from; ship from country; shipped from; supplier country;
        country of supplier; country of supply; vendor country; dispatch country; versandland; lieferland;
        land des lieferanten; pays du fournisseur; pays fournisseur; pays d expedition; kraj dostawcy;
        kraj dostawy; kraj wysylki
    """,
    "unit_cost": """
        unit cost; unit price; cost per unit; price per unit; cost each; price each; standard cost;
        standard price; std cost; std price; unit rate; rate; stuckpreis; einzelpreis; stuckkosten;
        einzelkosten; standardpreis; preis je stuck; preis stk; preis pro stuck; cout unitaire; prix unitaire;
        pu; koszt jednostkowy; cena jednostkowa; cost; price; moving average price; preis; kosten; cout; prix;
        koszt; cena; valuation rate
    """,
    "cost_low": """
        cost low; low cost; unit cost low; min cost; cost min; minimum cost; price low; min price; price min;
        preis min; mindestpreis; cout min; prix min; koszt min; cena min
    """,
    "cost_high": """
        cost high; high cost; unit cost high; max cost; cost max; maximum cost; price high; max price;
        price max; preis max; hochstpreis; cout max; prix max; koszt max; cena max
    """,
    "line_cost": """
        line cost; extended cost; ext cost; extended price; ext price; line total; line price; total cost;
        total price; amount; total; gesamtpreis; gesamtkosten; betrag; positionswert; cout total; prix total;
        montant; koszt calkowity; wartosc; kwota
    """,
    "cost_per": """
        cost per; price per; price unit; pricing unit; price base; preiseinheit; unite de prix;
        jednostka ceny
    """,
    "cost_unit": """
        cost unit; unit of cost; cost uom; cost unit of measure; price uom; price unit of measure;
        pricing unit of measure; order price unit; bestellpreismengeneinheit; preismengeneinheit; preis me;
        unite du prix; unite de cout; jednostka miary ceny
    """,
    "phantom": """
        phantom; phantom assembly; phantom item; is phantom; is phantom item; phantombaugruppe;
        dummy; dummybaugruppe; dummy assembly; kit; fantome; article fantome; fantom; pozycja fantomowa
    """,
    "alternate": """
        alternate; alternative; alternates; alternate part; alternative part; alternative item;
        alternate item; alt; alt item; altitem group; alternative item group; alternativgruppe;
        substitute; substitution; substitute part; is alternative; alternativposition; alternativteil; ersatzteil fur;
        variante; remplacement; piece de remplacement; zamiennik; alternatywa
    """,
    "usage": """
        usage probability; usage prob; usage probability %; usage prob %; usage %; usage percent; alternate usage;
        einsatzwahrscheinlichkeit; einsatzwahrscheinlichkeit %; einsatzwahrsch; probabilite d emploi;
        probabilite d utilisation; taux d utilisation; prawdopodobienstwo uzycia; udzial uzycia
    """,
    "currency": """
        currency; curr; currency code; cost currency; price currency; crcy; wahrung; waehrung; devise; monnaie;
        waluta
    """,
    "cost_kind": """
        cost kind; cost type; kind of cost; cost category; cost element; kostenart; type de cout;
        nature de cout; rodzaj kosztu
    """,
    "awarded": """
        awarded; awarded share; award; award share; share awarded; split; supply share; quota; supplier share;
        lieferquote; lieferanteil; part attribuee; part de marche; udzial; udzial dostawcy
    """,
    "declaration": """
        declaration; declaration id; supplier declaration; declaration no; erklarung; lieferantenerklarung;
        attestation; deklaracja; deklaracja dostawcy
    """,
    "evidence": """
        evidence; proof; document; supporting document; certificate; nachweis; beleg; preuve; justificatif;
        dowod; dokument
    """,
    "materials": """
        materials; raw materials; contained materials; strategic raw materials; critical raw materials;
        material composition; composition; critical minerals; contains; werkstoffe; rohstoffe; enthaltene rohstoffe;
        kritische rohstoffe; strategische rohstoffe; zusammensetzung; werkstoffzusammensetzung; inhaltsstoffe;
        matieres premieres; matieres premieres strategiques; matieres premieres critiques; matieres contenues;
        composition des matieres; surowce; surowce strategiczne; surowce krytyczne; sklad; sklad materialowy
    """,
}
COLUMNS = tuple(NAMES)
"""Our columns, in the order in which they are explained."""
_SIGNS = {"€": " EUR ", "£": " GBP ", "ł": "l", "Ł": "L", "#": " # "}
_MONEY = ("unit_cost", "cost_low", "cost_high", "line_cost")
_STRUCTURE = {"parent", "level", "quantity", *_MONEY}


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header row: `index` finds each of our columns, `currency` what a cost header names.

    `twice` are pairs of our column and a header that stands more than once; `absent` are
    names given under `columns:` that no header bears.
    """

    titles: list[str]
    index: dict[str, int]
    currency: dict[str, str] = field(default_factory=dict)
    twice: tuple[tuple[str, str], ...] = ()
    absent: tuple[str, ...] = ()

    def title(self, column: str) -> str:
        """The header a column was found under, else our own name for it."""
        return self.titles[self.index[column]].strip() if column in self.index else column

    @property
    def unused(self) -> list[str]:
        """Headers nothing was read from."""
        used = set(self.index.values())
        return [title.strip() for at, title in enumerate(self.titles) if at not in used and title.strip()]


def fold(header: str) -> str:
    """A header without case, accents, punctuation and doubled blanks."""
    for sign, plain in _SIGNS.items():
        header = header.replace(sign, plain)
    letters = unicodedata.normalize("NFKD", header.casefold())
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w#]|_", " ", bare).split())


@cache
def _ranks() -> dict[str, list[tuple[int, str]]]:
    """Each folded header with the columns it may mean and how well it fits each."""
    found: dict[str, list[tuple[int, str]]] = {}
    for column, names in NAMES.items():
        rank = 0
        for name in names.split(";"):
            rank += 1000 if "|" in name else 1
            found.setdefault(fold(name), []).append((rank, column))
    del found[""]
    return found


def find_header(rows: Sequence[Sequence[str]], columns: Mapping[str, str]) -> tuple[int, Header] | None:
    """The first row that names the part and something of the structure, with its index."""
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        if len(row) < 2 and not columns:  # as every row is where another sign delimits cells
            continue
        header = recognise(list(row), columns)
        if {"part", "name"} & header.index.keys() and _STRUCTURE & header.index.keys():
            return at, header
    return None


def recognise(titles: list[str], columns: Mapping[str, str]) -> Header:
    """What each title means; `columns` (ours: theirs) goes before what is known here."""
    folded = [fold(title) for title in titles]
    index: dict[str, int] = {}
    absent = []
    for ours, theirs in columns.items():
        if fold(theirs) in folded:
            index[ours] = folded.index(fold(theirs))
        else:
            absent.append(ours)
    guesses = []
    currency: dict[tuple[str, int], str] = {}
    for at, name in enumerate(folded):
        meanings, code = _meanings(titles[at], name)
        for rank, column in meanings:
            guesses.append((rank, at, column))
            if code:
                currency[column, at] = code
    taken = set(index.values())
    for _, at, column in sorted(guesses):
        if column not in index and at not in taken:
            index[column] = at
            taken.add(at)
    for ours in columns.keys() & set(_MONEY) & index.keys():
        if code := _code(titles[index[ours]]):
            currency[ours, index[ours]] = code
    twice = tuple((column, titles[at].strip()) for column, at in index.items() if folded.count(folded[at]) > 1)
    money = {column: currency[column, at] for column, at in index.items() if (column, at) in currency}
    return Header(titles, index, money, twice, tuple(absent))


def _meanings(title: str, name: str) -> tuple[list[tuple[int, str]], str | None]:
    """The columns a header may mean, and the currency it names: `Unit cost (EUR)`."""
    ranks = _ranks()
    if name in ranks:
        return ranks[name], None
    code = _code(title)
    if code:
        rest = re.sub(rf"\b(in )?{code.casefold()}\b", " ", name)
        return [found for found in ranks.get(fold(rest), []) if found[1] in _MONEY], code
    # What stands in brackets beside a cost may be its scale (thousands), so only others lose it.
    outside = fold(re.sub(r"[(\[].*?[)\]]", " ", title))
    return [found for found in ranks.get(outside, []) if found[1] not in _MONEY], None


def _code(title: str) -> str | None:
    """The one currency a header names."""
    for sign, plain in _SIGNS.items():
        title = title.replace(sign, plain)
    codes = {word for word in re.findall(r"\b[A-Z]{3}\b", title) if word in DIGITS}
    return codes.pop() if len(codes) == 1 else None
