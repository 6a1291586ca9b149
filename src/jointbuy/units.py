"""Units of measure by the names that bills write, with exact factors.

Names are English, German, French and Polish, and the codes of UN/ECE Recommendation 20. Factors of the inch, foot,
pound and ounce are those of the international yard and pound agreement of 1959; gallons are the liquid ones of the
United States.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit: what it measures, and how many of that dimension's first unit one is."""

    dimension: str
    factor: Fraction


_NAMES: dict[str, dict[str, str]] = {
    "pieces": {
        "1": "pc pcs pce piece pieces ea each nos unit units item items st stk stck stuck szt sztuka c62 h87 nar",
        "2": "pair pairs pr paar paire para npr",
        "10": "ten tens",
        "12": "dozen dz dzn dutzend douzaine tuzin dzp",
        "100": "hundred cen hundert cent cst",
        "1000": "thousand mil tsd millier tys m1000",
    },
    "mass": {
        "1": "kg kgm kilogram kilograms kilogramm kilogramme",
        "1/1000": "g gr gram grams gramm gramme grm",
        "1/1000000": "mg mgm milligram",
        "1000": "t to tne tonne tonnes ton tona",
        "45359237/100000000": "lb lbs lbr pound pounds",
        "45359237/1600000000": "oz onz ounce ounces",
    },
    "length": {
        "1": "m mtr meter metre metres meters",
        "1/1000": "mm mmt millimeter millimetre",
        "1/100": "cm cmt centimeter centimetre",
        "1000": "km kmt kilometer kilometre",
        "254/10000": "in inch inches inh zoll",
        "3048/10000": "ft foot feet fot",
        "9144/10000": "yd yard yards yrd",
    },
    "area": {
        "1": "m2 mtk sqm qm",
        "1/10000": "cm2 cmk",
        "1/1000000": "mm2 mmk",
        "9290304/100000000": "ft2 ftk sqft",
    },
    "volume": {
        "1": "l ltr liter litre litres liters",
        "1/1000": "ml mlt",
        "1/100": "cl clt",
        "1000": "m3 mtq cbm",
        "3785411784/1000000000": "gal gll gallon gallons",
    },
    "time": {
        "1": "h hr hrs hour hours std stunde stunden heure heures hur godz",
        "1/60": "min minute minutes minuten",
        "24": "d day days tag tage jour jours day",
    },
}


@cache
def _known() -> dict[str, Unit]:
    return {
        name: Unit(dimension, Fraction(factor))
        for dimension, units in _NAMES.items()
        for factor, names in units.items()
        for name in names.split()
    }


def unit(name: str) -> Unit | None:
    """The unit of that name, however it is capitalised; None for one that is not known here."""
    return _known().get(name.casefold().strip(" .").replace("²", "2").replace("³", "3").replace("ü", "u"))
