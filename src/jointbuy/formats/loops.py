"""Loops over the bytes and rows of a large bill, compiled by numba (extra `large`): texts, numbers, uses, sources.

Texts are UTF-8 in one array of bytes, from `begin[i]` up to `end[i]`. Codes are int32, and 0 is what is not written.
"""

from __future__ import annotations

import numpy as np

from jointbuy.ordering import compiled

_SEED, _FACTOR = np.uint64(0xCBF29CE484222325), np.uint64(0x9E3779B97F4A7C15)
NOT_PLAIN = -1
TOP, NOWHERE = -1, -2
"""The row above one of the highest level, and above one that comes too early."""
LONGEST = 100_000
"""Bytes of a cell; a longer one is told by the row-by-row reader."""
CHUNK = 4096
"""Texts looked at in one go, so that what is made of them stays near."""


@compiled
def _blank(sign):  # type: ignore[no-untyped-def]
    """What str.strip takes away, as far as it is ASCII."""
    return sign == 32 or 9 <= sign <= 13 or 28 <= sign <= 31


@compiled
def _word(data, at):  # type: ignore[no-untyped-def]
    """Eight bytes as one number; written out, so that they are loaded at once."""
    return (
        np.uint64(data[at])
        | np.uint64(data[at + 1]) << np.uint64(8)
        | np.uint64(data[at + 2]) << np.uint64(16)
        | np.uint64(data[at + 3]) << np.uint64(24)
        | np.uint64(data[at + 4]) << np.uint64(32)
        | np.uint64(data[at + 5]) << np.uint64(40)
        | np.uint64(data[at + 6]) << np.uint64(48)
        | np.uint64(data[at + 7]) << np.uint64(56)
    )


@compiled
def _key(data, begin, size):  # type: ignore[no-untyped-def]
    """A text of up to eight bytes itself, or else a mix of all its bytes."""
    if size > 8:
        found = np.uint64(size) * _FACTOR
        for at in range(0, size - 8, 8):
            found = (found ^ _word(data, begin + at)) * _FACTOR
            found ^= found >> np.uint64(29)
        found = (found ^ _word(data, begin + size - 8)) * _FACTOR
        return found ^ (found >> np.uint64(32))
    if size == 8:
        return _word(data, begin)
    found = np.uint64(0)
    for at in range(size):
        found |= np.uint64(data[begin + at]) << np.uint64(8 * at)
    return found


@compiled
def _same(one, begin, other, start, size):  # type: ignore[no-untyped-def]
    """Whether two texts of more than eight bytes are alike."""
    for at in range(0, size - 8, 8):
        if _word(one, begin + at) != _word(other, start + at):
            return False
    return _word(one, begin + size - 8) == _word(other, start + size - 8)


@compiled
def _slot(key, places):  # type: ignore[no-untyped-def]
    """Where to look for a key first, by the upper bits of its product: all bytes of it bear on these."""
    return np.uint64((key * _FACTOR >> np.uint64(32)) * np.uint64(places) >> np.uint64(32))


@compiled
def intern(data, begin, end, at, codes, table, starts, pool, count):  # type: ignore[no-untyped-def]
    """Codes of the texts from `at` on, blanks around them aside; new ones go into the pool.

    Gives the first text that found no room, how many texts are known, and the bytes that room is needed for; or -1
    for the first where two texts have one key. Known text i is `pool[starts[i] : starts[i + 1]]`. `table` has, for a
    power of two of places, a key, and a code by 16 with the length of a text that is its own key, else 9.
    """
    mask, key = np.uint64(table.size // 2 - 1), np.empty(CHUNK, np.uint64)
    first, size = np.empty(CHUNK, np.int64), np.empty(CHUNK, np.int64)
    while at < begin.size:
        rows, needed = min(CHUNK, begin.size - at), np.int64(0)
        for row in range(rows):
            b, e = np.int64(begin[at + row]), np.int64(end[at + row])
            if b < e and (data[b] <= 32 or data[e - 1] <= 32):
                while b < e and _blank(data[b]):
                    b += 1
                while b < e and _blank(data[e - 1]):
                    e -= 1
            first[row], size[row] = b, e - b
            key[row] = _key(data, b, e - b)
            needed += e - b
        if 4 * (count + rows) > table.size or count + rows >= starts.size or starts[count] + needed > pool.size:
            return at, count, needed
        for row in range(rows):
            if size[row] == 0:
                codes[at + row] = 0
                continue
            tag = np.uint64(min(size[row], 9))
            slot = _slot(key[row], table.size // 2)
            while True:
                entry = table[2 * slot + np.uint64(1)]
                if entry == 0:
                    table[2 * slot], table[2 * slot + np.uint64(1)] = key[row], np.uint64(count) * np.uint64(16) | tag
                    for place in range(size[row]):
                        pool[starts[count] + place] = data[first[row] + place]
                    starts[count + 1] = starts[count] + size[row]
                    codes[at + row] = count
                    count += 1
                    break
                if table[2 * slot] == key[row] and entry & np.uint64(15) == tag:
                    codes[at + row] = np.int32(entry >> np.uint64(4))
                    break
                slot = (slot + np.uint64(1)) & mask
        for row in range(rows):
            if size[row] > 8:
                known = codes[at + row]
                length = starts[known + 1] - starts[known]
                if length != size[row] or not _same(data, first[row], pool, starts[known], length):
                    return -1, count, needed
        at += rows
    return at, count, 0


@compiled
def spread(old, table):  # type: ignore[no-untyped-def]
    """Enter what is in one table into a larger one, which is empty."""
    mask = np.uint64(table.size // 2 - 1)
    for place in range(0, old.size, 2):
        if old[place + 1] != 0:
            slot = _slot(old[place], table.size // 2)
            while table[2 * slot + np.uint64(1)] != 0:
                slot = (slot + np.uint64(1)) & mask
            table[2 * slot], table[2 * slot + np.uint64(1)] = old[place], old[place + 1]


@compiled
def decimals(data, starts, point):  # type: ignore[no-untyped-def]
    """Plain decimals such as 1234.56 as whole number and places after the point; NOT_PLAIN for any other text."""
    size = starts.size - 1
    number, scale = np.zeros(size, np.int64), np.full(size, NOT_PLAIN, np.int64)
    for at in range(size):
        first, last = starts[at], starts[at + 1]
        if last == first or last - first > 18:
            continue
        value, after, plain = 0, -1, data[first] != point and data[last - 1] != point
        for place in range(first, last):
            sign = data[place]
            if 48 <= sign <= 57:
                value = value * 10 + (sign - 48)
                if after >= 0:
                    after += 1
            elif sign == point and after < 0:
                after = 0
            else:
                plain = False
                break
        if plain:
            number[at], scale[at] = value, max(after, 0)
    return number, scale


@compiled
def folded_alike(data, starts):  # type: ignore[no-untyped-def]
    """Whether two of these texts may differ only in capitals or blanks: also where a text is not ASCII."""
    upper, lower, other = False, False, False
    for at in range(starts[0], starts[-1]):
        sign = data[at]
        upper |= 65 <= sign <= 90
        lower |= 97 <= sign <= 122
        other |= _blank(sign) or sign >= 128
    if not other and not (upper and lower):
        return False
    size = starts.size - 1
    room = 2
    while room < 2 * size:
        room *= 2
    table = np.zeros(room, np.uint64)
    mask = np.uint64(room - 1)
    for at in range(size):
        found, gap = _SEED, False
        for place in range(starts[at], starts[at + 1]):
            sign = data[place]
            if sign >= 128:
                return True
            if _blank(sign):
                gap = True
                continue
            if gap:
                found = (found ^ np.uint64(32)) * _FACTOR
                found ^= found >> np.uint64(29)
                gap = False
            if 65 <= sign <= 90:
                sign += 32
            found = (found ^ np.uint64(sign)) * _FACTOR
            found ^= found >> np.uint64(29)
        found |= np.uint64(1)
        slot = _slot(found, room)
        while table[slot] != 0:
            if table[slot] == found:
                return True
            slot = (slot + np.uint64(1)) & mask
        table[slot] = found
    return False


@compiled
def beginning(data, starts, signs):  # type: ignore[no-untyped-def]
    """Which texts begin, whatever the capitals, with one of `signs` (uint8[n, 3]), or with what is not ASCII."""
    size = starts.size - 1
    found = np.zeros(size, np.bool_)
    for at in range(size):
        first, last = starts[at], starts[at + 1]
        for place in range(first, min(first + 3, last)):
            found[at] |= data[place] >= 128
        if last - first < 3:
            continue
        for one in range(signs.shape[0]):
            if (
                data[first] | 32 == signs[one, 0]
                and data[first + 1] | 32 == signs[one, 1]
                and data[first + 2] | 32 == signs[one, 2]
            ):
                found[at] = True
    return found


@compiled
def first_seen(codes, size):  # type: ignore[no-untyped-def]
    """The codes there are, in the order in which they are met; int32."""
    seen = np.zeros(size, np.bool_)
    order = np.empty(size, np.int32)
    count = 0
    for row in range(codes.size):
        code = codes[row]
        if not seen[code]:
            seen[code] = True
            order[count] = code
            count += 1
    return order[:count]


@compiled
def several_uses(start, child):  # type: ignore[no-untyped-def]
    """Whether a part stands twice in one parent; uses grouped by parent, as `kernels.Graph` has them."""
    last = np.full(start.size, -1, np.int32)
    for parent in range(start.size - 1):
        for use in range(start[parent], start[parent + 1]):
            if last[child[use]] == parent:
                return True
            last[child[use]] = parent
    return False


@compiled
def sources(part, supplier, bare, parts):  # type: ignore[no-untyped-def]
    """One source for each part and supplier: its part, supplier and first row; that of each row; and the row at fault.

    A blank supplier is the only one that other rows of the part name. Where they name several, a row without one
    may say nothing (`bare`) and belongs to none (-1); at fault, else -1, is the first that says something.
    Sources are in the order in which they are met.
    """
    only = np.zeros(parts, np.int32)
    for row in range(part.size):
        sold = supplier[row]
        if sold > 0:
            known = only[part[row]]
            if known == 0:
                only[part[row]] = sold
            elif known != sold:
                only[part[row]] = -1
    last = np.full(parts, -1, np.int32)
    source = np.empty(part.size, np.int32)
    of, seller, first = np.empty(part.size, np.int32), np.empty(part.size, np.int32), np.empty(part.size, np.int32)
    before = np.empty(part.size, np.int32)
    count = 0
    for row in range(part.size):
        one, sold = part[row], supplier[row]
        if sold == 0:
            sold = only[one]
            if sold < 0:
                if not bare[row]:
                    return source, of[:0], seller[:0], first[:0], row
                source[row] = -1
                continue
        at = last[one]
        while at >= 0 and seller[at] != sold:
            at = before[at]
        if at < 0:
            at = count
            of[at], seller[at], first[at], before[at] = one, sold, row, last[one]
            last[one] = at
            count += 1
        source[row] = at
    return source, of[:count], seller[:count], first[:count], -1


@compiled
def agreed(source, codes, size):  # type: ignore[no-untyped-def]
    """What the rows of each source state, 0 where none does; and the first row that states something else, or -1."""
    said = np.zeros(size, np.int32)
    for row in range(source.size):
        at, code = source[row], codes[row]
        if at >= 0 and code > 0:
            if said[at] == 0:
                said[at] = code
            elif said[at] != code:
                return said, row
    return said, -1


@compiled
def _cell(data, at, delimiter):  # type: ignore[no-untyped-def]
    """Where the cell at a place begins and ends, what comes after it, and whether it is sound.

    That is without control signs, and closed where it is quoted. Doubled quotes are made single in `data` itself.
    """
    size, quoted = data.size, at < data.size and data[at] == 34
    at += quoted
    begin, end, closed = at, at, not quoted
    while at < size:
        sign = data[at]
        if quoted and sign == 34:
            at += 1
            if at == size or data[at] != 34:
                closed = True
                break
        elif not quoted and (sign == delimiter or sign == 10 or sign == 13):
            break
        elif (sign < 32 and sign not in (9, 11, 12)) or sign == 127:
            return begin, end, at, False
        if quoted:
            data[end] = sign
        end += 1
        at += 1
    after = at == size or data[at] == delimiter or data[at] == 10 or data[at] == 13
    return begin, end, at, closed and after


@compiled
def split(data, final, delimiter, wanted, begin, end, lines, line, part, loose):  # type: ignore[no-untyped-def]
    """Rows of delimited text: where the cells of each begin and end, doubled quotes made single in `data` itself.

    `wanted` by column of the header is a first index of `begin` and `end`, or -1; `part` that of the parts. Gives how
    many rows there are, the bytes they take, the line after them, and how many of them name no part and are not
    blank: these are in `loose`, as row, first byte and last. -1 for the rows where only a reader of every trouble
    goes on. A row that is cut off at the end is left, unless the text is `final`.
    """
    rows, at, others, size = 0, np.int64(0), 0, data.size  # a literal would be compiled for by itself
    while at < size and rows < begin.shape[1]:
        first, column, full, begun, wide = at, 0, False, line, False
        for one in range(begin.shape[0]):
            begin[one, rows], end[one, rows] = 0, 0
        while True:
            b, e, at, sound = _cell(data, at, delimiter)
            if not final and at + 1 >= size:
                return rows, first, begun, others
            if not sound or e - b > LONGEST:
                return -1, at, line, others
            for place in range(b, e):
                if not _blank(data[place]):
                    full = True
                    wide |= column >= wanted.size
                    break
            if column < wanted.size and wanted[column] >= 0:
                begin[wanted[column], rows], end[wanted[column], rows] = b, e
            column += 1
            if at == size:
                break
            at += 1
            if data[at - 1] == delimiter:
                continue
            if data[at - 1] == 13:
                if at < size and data[at] != 10:
                    return -1, at, line, others
                at = min(at + 1, size)
            line += 1
            break
        if full:
            b, e = begin[part, rows], end[part, rows]
            while b < e and _blank(data[b]):
                b += 1
            if b == e or wide:
                if others == loose.shape[0]:
                    return -1, at, line, others
                loose[others, 0], loose[others, 1], loose[others, 2] = rows, first, at
                others += 1
            lines[rows] = begun
            rows += 1
    return rows, at, line, others


@compiled
def rows_above(depth, deepest):  # type: ignore[no-untyped-def]
    """For each row of an indented list the nearest one above that is a level higher, or TOP; NOWHERE if none can be."""
    stack = np.empty(deepest + 1, np.int32)
    above = np.empty(depth.size, np.int32)
    height = 0
    for row in range(depth.size):
        at = depth[row]
        if at > height:
            above[row:] = NOWHERE
            return above
        above[row] = stack[at - 1] if at > 0 else TOP
        stack[at] = row
        height = at + 1
    return above


@compiled
def once(above, part, made_of, parts):  # type: ignore[no-untyped-def]
    """The parent of each row below another, -1 where that assembly was listed before; and whether all lists agree."""
    start = np.zeros(above.size + 1, np.int32)
    for row in range(above.size):
        if above[row] >= 0:
            start[above[row] + 1] += 1
    for row in range(above.size):
        start[row + 1] += start[row]
    at, below = start[:-1].copy(), np.empty(above.size, np.int32)
    for row in range(above.size):
        if above[row] >= 0:
            below[at[above[row]]] = row
            at[above[row]] += 1
    first, parent = np.full(parts, -1, np.int32), np.full(above.size, -1, np.int32)
    for row in range(above.size):
        begin, end = start[row], start[row + 1]
        if begin == end:
            continue
        known = first[part[row]]
        if known < 0:
            first[part[row]] = row
            for place in range(begin, end):
                parent[below[place]] = part[row]
            continue
        if end - begin != start[known + 1] - start[known]:
            return parent, False
        one, two = np.sort(made_of[below[begin:end]]), np.sort(made_of[below[start[known] : start[known + 1]]])
        for place in range(one.size):
            if one[place] != two[place]:
                return parent, False
    return parent, True
