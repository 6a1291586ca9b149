"""The recursion of `many`, tranche by tranche, compiled by numba (extra `large`): the same to the cent.

What a float leaves open of interest is settled here in whole numbers. The remainder of a division, whose quotient is
known to a few units, is far below 2**63: taken modulo 2**64 it is exact, however often the product has wrapped. What
is left open of a level payment is handed back, since that takes numbers of any length.
"""

from __future__ import annotations

import numpy as np

from jointbuy.ordering import compiled

OPEN = -(2**62)
"""No level payment: it is not known yet."""
_EQUAL, _ANNUITY = 1, 2
_SCALE, _LARGEST, _ULPS = 10**9, 2.0**51, 2.0**-50


@compiled
def fill(  # type: ignore[no-untyped-def]
    amount, rate, years, over, yearly, length, periods, grace, kind, half_up, column, row, paying, into
):
    """Fills interest, principal and closing, `into` int64[3, N, K], from a tranche (column) and one of its rows on.

    The first are as in `Batch`, `yearly` and `length` the rate and the length as floats. Returns the column and row of
    a level payment that is to be settled in exact numbers, to go on from with it as `paying` (OPEN at the beginning);
    N when all is done, -1 for an amount from 2**51 on.
    """
    interest, principal, closing = into[0], into[1], into[2]
    for c in range(column, amount.size):
        owed = closing[c, row - 1] if row else amount[c]
        last, parts = periods[c] - 1, periods[c] - grace[c]
        each = amount[c] // parts
        rest, repaid, whole, carried = amount[c] - each * parts, 0, 0, 0
        for r in range(row, periods[c]):
            now, long = _of(yearly, r, c), _of(length, r, c)
            bears = owed * (now * long)
            if not (abs(bears) < _LARGEST and abs(owed) < _LARGEST):
                return -1, r
            charged = np.rint(bears)
            bears_whole = np.int64(charged)
            if abs(bears - charged) >= 0.5 - (abs(charged) + 1.0) * _ULPS:
                product = owed * _of(rate, r, c) * _of(years, r, c)  # modulo 2**64
                bears_whole = _nearest(product, bears_whole, _SCALE * _of(over, r, c), half_up)
            part = np.int64(0)
            if r == last:
                part = owed
            elif r >= grace[c] and kind[c] == _EQUAL:
                whole, carried = whole + each, carried + rest
                if carried >= parts:
                    whole, carried = whole + 1, carried - parts
                up = 2 * carried > parts or (2 * carried == parts and (half_up or whole % 2 == 1))
                part, repaid = whole + up - repaid, whole + up
            elif r >= grace[c] and kind[c] == _ANNUITY:
                if r == grace[c] or _of(rate, r, c) != _of(rate, r - 1, c):
                    if paying == OPEN or r != row:
                        paying = _level(owed, now, length, r, periods[c], c)
                    if paying == OPEN:
                        return c, r
                part = paying - bears_whole
            owed -= part
            interest[c, r], principal[c, r], closing[c, r] = bears_whole, part, owed
        for r in range(periods[c], interest.shape[1]):
            interest[c, r] = principal[c, r] = closing[c, r] = 0
        row, paying = 0, OPEN
    return amount.size, 0


@compiled
def _of(values, row, column):  # type: ignore[no-untyped-def]
    """What stands in a place; one row or one column stands for all."""
    return values[min(row, values.shape[0] - 1), min(column, values.shape[1] - 1)]


@compiled
def _nearest(product, near, denominator, half_up):  # type: ignore[no-untyped-def]
    """A product (modulo 2**64) over a denominator, rounded; `near` is a few units from it. Half up leaves zero."""
    rest = product - near * denominator
    while rest < 0:
        near, rest = near - 1, rest + denominator
    while rest >= denominator:
        near, rest = near + 1, rest - denominator
    away = near >= 0 if half_up else near % 2 != 0
    return near + (2 * rest > denominator or (2 * rest == denominator and away))


@compiled
def _level(owed, now, length, row, end, column):  # type: ignore[no-untyped-def]
    """The level payment from a row on at the rate that stands now; OPEN where a float leaves open what it rounds to."""
    worth = 0.0
    for later in range(end - 1, row - 1, -1):
        worth = (worth + 1.0) / (1.0 + now * _of(length, later, column))
    paying = owed / worth
    found = np.rint(paying)
    relative = _ULPS / 2 * (end - row + 4)  # as in `many`
    clear = abs(found) < _LARGEST and abs(paying - found) < 0.5 - (abs(found) + 1.0) * relative
    return np.int64(found) if clear else OPEN
