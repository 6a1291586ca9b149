"""A yield curve: par yields and discount factors from what is quoted.

Between stated years yields are linear, before the first and after the last they stay. Par yields are turned into
discount factors by bootstrapping over coupon days, from the first coupon on: DF_n = (1 - c Σ_{i<n} DF_i) / (1 + c) with
c the par yield of n over the coupons a year. Between coupon days the logarithm of DF is linear. Decimals of `PLACES`
digits, so that every machine gives the same.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from jointbuy.lending import Curve

PLACES = 40
CONTEXT = Context(prec=PLACES)


def decimal(value: Fraction | int) -> Decimal:
    """A rational to `PLACES` digits."""
    exact = Fraction(value)
    return CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


class Yields:
    """A curve with its par yields and discount factors on coupon days worked out once; times are years from its day.

    Raises ValueError, with the years, where par yields rise so steeply that money is worth nothing, or less.
    """

    def __init__(self, curve: Curve) -> None:
        self.curve, self.times = curve, curve.compounding
        last = max(curve.points[-1][0], Fraction(1))
        count = int(last * self.times) + 1
        self.factors: list[Decimal] = [Decimal(1)]
        self.pars: list[Decimal] = []
        self._known: dict[tuple[Fraction, int], Decimal] = {}
        with localcontext(CONTEXT):
            total = Decimal(0)
            for place in range(1, count + 1):
                coupon = self._quoted(Fraction(place, self.times)) / self.times
                par = curve.quoted == "par"
                factor = (1 - coupon * total) / (1 + coupon) if par else (1 + coupon) ** -place
                if factor <= 0:
                    years = place // self.times if place % self.times == 0 else f"{place}/{self.times}"
                    raise ValueError(f"coupons before take the whole price: money in {years} years is worth nothing")
                total += factor
                self.factors.append(factor)
                self.pars.append(self.times * (1 - factor) / total)

    def _quoted(self, years: Fraction) -> Decimal:
        """The quoted yield of so many years, nominal at its compounding."""
        points = self.curve.points
        if years <= points[0][0]:
            return decimal(points[0][1])
        for (before, low), (after, high) in pairwise(points):
            if years <= after:
                return decimal(low + (high - low) * (years - before) / (after - before))
        return decimal(points[-1][1])

    def par(self, years: Fraction, times: int) -> Decimal:
        """The coupon, paid `times` a year, of a bond of so many years that is sold at its nominal."""
        if (years, times) not in self._known:
            self._known[years, times] = self._par(years, times)
        return self._known[years, times]

    def _par(self, years: Fraction, times: int) -> Decimal:
        with localcontext(CONTEXT):
            place, rest = divmod(max(years, Fraction(1, self.times)) * self.times, 1)
            low = self.pars[min(int(place), len(self.pars)) - 1]
            high = self.pars[min(int(place) + 1, len(self.pars)) - 1]
            nominal = low + (high - low) * decimal(rest)
            if times == self.times:
                return nominal
            return times * ((1 + nominal / self.times) ** (Decimal(self.times) / times) - 1)

    def discount(self, years: Fraction, raised: Fraction = Fraction(0)) -> Decimal:
        """What one unit after so many years is worth now; with `raised`, at yields so much higher (yearly)."""
        with localcontext(CONTEXT):
            place, rest = divmod(years * self.times, 1)
            index, most = int(place), len(self.factors) - 1
            if index >= most:
                # Beyond its last day the curve goes on at the average yield until then.
                factor = self.factors[most] ** (decimal(years * self.times) / most)
            else:
                part = decimal(rest)
                factor = self.factors[index] ** (1 - part) * self.factors[index + 1] ** part
            return factor * (1 + decimal(raised)) ** -decimal(years) if raised else factor
