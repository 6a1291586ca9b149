"""Exact numbers from residues: a sum of products of rationals, computed modulo several primes and put together.

A rational with a known denominator is fixed by its residues modulo primes whose product exceeds its numerator
(Chinese remainders; Knuth, The Art of Computer Programming 2, section 4.3.2). Residues below 2**31 multiply within
64 bits, so that nothing wraps, and a loop over machine words gives the exact answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import prod
from operator import mul
from typing import SupportsInt

_WITNESSES = (2, 3, 5, 7)
"""They decide primality below 3,215,031,751 (Jaeschke 1993)."""
_FROM = 2**31
_NOTHING = Fraction(0)


def primes(bits: int, not_dividing: Sequence[int]) -> tuple[int, ...]:
    """Primes below 2**31 whose product has more than `bits` bits and that divide none of the numbers."""
    found: list[int] = []
    product = 1
    for candidate in _descending():
        if product.bit_length() > bits + 1:
            break
        if all(number % candidate for number in not_dividing):
            found.append(candidate)
            product *= candidate
    return tuple(found)


def _descending() -> Iterator[int]:
    return (number for number in range(_FROM - 1, 2, -2) if _prime(number))


def _prime(number: int) -> bool:
    """Miller and Rabin's test, which is certain with these witnesses for odd numbers below 2**31."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for witness in _WITNESSES:
        power = pow(witness, odd, number)
        if power in {1, number - 1}:
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


class Reader:
    """Puts numbers together from their residues modulo `moduli`, over one `denominator`.

    Numerators lie between minus and plus half the product of the moduli.
    """

    def __init__(self, moduli: Sequence[int], denominator: int) -> None:
        self._product, self._denominator = prod(moduli), denominator
        # A weight is one modulo its own prime and nothing modulo the others.
        rest = [self._product // prime for prime in moduli]
        weights = [other * pow(other, -1, prime) for other, prime in zip(rest, moduli, strict=True)]
        self._weights = [weight * (denominator % prime) for weight, prime in zip(weights, moduli, strict=True)]

    def numbers(self, residues: Iterable[Iterable[SupportsInt]]) -> list[Fraction]:
        """The numbers whose residues stand in one row for each modulus."""
        rows = [[int(one) for one in row] for row in residues]
        return [self._number(each) for each in zip(*rows, strict=True)]

    def _number(self, residues: Sequence[int]) -> Fraction:
        if not any(residues):
            return _NOTHING
        total = sum(map(mul, residues, self._weights)) % self._product
        return Fraction(total if 2 * total < self._product else total - self._product, self._denominator)


def residue(number: Fraction, prime: int) -> int:
    """The residue of a rational whose denominator the prime does not divide."""
    return number.numerator * pow(number.denominator, -1, prime) % prime
