"""Loops over the XML of a large workbook's sheet, compiled by numba (extra `large`): rows, cells, shared strings.

Only what spreadsheet programs write is known here: elements without prefix, no comments, no sections of raw text.
Anything else is UNUSUAL, and the reader that takes XML as it comes goes on. Text is decoded where it stands.
"""

from __future__ import annotations

import numpy as np

from jointbuy.ordering import compiled

NUMBER, SHARED, TEXT, DATE, ODD, PERCENT = 1, 2, 3, 4, 5, 6
"""Kinds of cells; 0 is empty, and ODD what only the row-by-row reader deals with. PERCENT is told by `sheet_looks`."""
FORMULA = 16
"""Added to the kind of a cell whose value a formula gave."""
UNUSUAL = -1
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST = 100_000
"""Bytes of a cell; a longer one is told by the row-by-row reader."""
_V, _F, _IS = 118, 102, 105


@compiled
def _is(data, at, word):  # type: ignore[no-untyped-def]
    """Whether some bytes stand at a place."""
    if at + word.size > data.size:
        return False
    for place in range(word.size):  # noqa: SIM110 (what is compiled has no generators)
        if data[at + place] != word[place]:
            return False
    return True


@compiled
def _space(data, at):  # type: ignore[no-untyped-def]
    """The next place that is no blank of XML."""
    while at < data.size and (data[at] == 32 or data[at] == 10 or data[at] == 9 or data[at] == 13):
        at += 1
    return at


@compiled
def _attribute(data, at):  # type: ignore[no-untyped-def]
    """The next attribute of a tag: where its name begins and ends, where its value does, and the place after.

    At the end of the tag the name begins at -1, and the first place of the value tells whether it is closed (1, 0);
    a name at -2 is no tag at all.
    """
    at = _space(data, at)
    if at < data.size and data[at] == 62:
        return -1, 0, 0, 0, at + 1
    if at + 1 < data.size and data[at] == 47 and data[at + 1] == 62:
        return -1, 0, 1, 0, at + 2
    name = at
    while at < data.size and data[at] > 32 and data[at] != 61 and data[at] != 62 and data[at] != 60:
        at += 1
    end = at
    if at + 1 >= data.size or data[at] != 61 or (data[at + 1] != 34 and data[at + 1] != 39) or end == name:
        return -2, 0, 0, 0, at
    quote = data[at + 1]
    at += 2
    begin = at
    while at < data.size and data[at] != quote and data[at] != 60:
        at += 1
    if at >= data.size or data[at] != quote:
        return -2, 0, 0, 0, at
    return name, end, begin, at, at + 1


@compiled
def _tag(data, at):  # type: ignore[no-untyped-def]
    """The place after a tag whose attributes do not matter, and whether it is closed; UNUSUAL where it is none."""
    while True:
        name, _, closed, _, at = _attribute(data, at)
        if name == -1:
            return at, closed == 1
        if name < 0:
            return UNUSUAL, False


@compiled
def _digits(data, begin, end):  # type: ignore[no-untyped-def]
    """A whole number of up to nine digits; UNUSUAL for anything else."""
    if end <= begin or end - begin > 9:
        return UNUSUAL
    found = 0
    for place in range(begin, end):
        if not 48 <= data[place] <= 57:
            return UNUSUAL
        found = found * 10 + (data[place] - 48)
    return found


@compiled
def _entity(data, at, to):  # type: ignore[no-untyped-def]
    """Write the sign that an entity at `at` stands for at `to`: the places after both; UNUSUAL for an unknown one."""
    end = at
    while end < data.size and end < at + 10 and data[end] != 59:
        end += 1
    if end >= data.size or data[end] != 59:
        return UNUSUAL, to
    first, size, code = data[at + 1], end - at - 1, 0
    if first == 35:
        base, begin = (16, at + 3) if data[at + 2] == 120 else (10, at + 2)
        if begin >= end:
            return UNUSUAL, to
        for place in range(begin, end):
            sign = data[place] | 32 if data[place] >= 65 else data[place]
            digit = sign - 48 if 48 <= sign <= 57 else sign - 87 if 97 <= sign <= 102 else 99
            if digit >= base:
                return UNUSUAL, to
            code = code * base + digit
    elif size == 3 and first == 97 and data[at + 2] == 109 and data[at + 3] == 112:
        code = 38
    elif size == 2 and data[at + 2] == 116 and (first == 108 or first == 103):
        code = 60 if first == 108 else 62
    elif size == 4 and first == 113 and data[at + 2] == 117 and data[at + 3] == 111 and data[at + 4] == 116:
        code = 34
    elif size == 4 and first == 97 and data[at + 2] == 112 and data[at + 3] == 111 and data[at + 4] == 115:
        code = 39
    if (code < 32 and code != 9 and code != 10) or code >= 0xFFFE or 0xD800 <= code < 0xE000 or code == 127:
        return UNUSUAL, to
    if code < 0x80:
        data[to] = code
        return end + 1, to + 1
    if code < 0x800:
        data[to], data[to + 1] = 0xC0 | code >> 6, 0x80 | code & 63
        return end + 1, to + 2
    data[to], data[to + 1], data[to + 2] = 0xE0 | code >> 12, 0x80 | code >> 6 & 63, 0x80 | code & 63
    return end + 1, to + 3


@compiled
def _text(data, at):  # type: ignore[no-untyped-def]
    """A text up to the next tag, decoded in place: where it begins and ends, and the place of the tag.

    The place is UNUSUAL for control signs, unknown entities, and what a spreadsheet takes for a sign (`_x000D_`).
    """
    begin = at
    while at < data.size and data[at] >= 32 and data[at] != 60 and data[at] != 38 and data[at] != 95:
        at += 1
    end = at
    while at < data.size and data[at] != 60:
        sign = data[at]
        if sign == 38:
            at, end = _entity(data, at, end)
            if at < 0:
                return begin, end, UNUSUAL
            continue
        escape = sign == 95 and at + 6 < data.size and data[at + 1] == 120 and data[at + 6] == 95
        if escape or sign == 127 or (sign < 32 and sign != 10 and sign != 9):
            return begin, end, UNUSUAL
        data[end] = sign
        at += 1
        end += 1
    if at >= data.size or end - begin > LONGEST:
        return begin, end, UNUSUAL
    return begin, end, at


@compiled
def _kind(data, begin, end):  # type: ignore[no-untyped-def]
    """The kind that the type of a cell names."""
    size = end - begin
    if size == 1:
        sign = data[begin]
        return NUMBER if sign == 110 else SHARED if sign == 115 else ODD
    text = size == 3 and data[begin] == 115 and data[begin + 1] == 116 and data[begin + 2] == 114
    inline = size == 9 and data[begin] == 105 and data[begin + 6] == 83
    return TEXT if text or inline else ODD


@compiled
def _place(data, begin, end, row):  # type: ignore[no-untyped-def]
    """The column from 0 of a cell's name, whose row must be that it stands in; else UNUSUAL."""
    column, at = 0, begin
    while at < end and 65 <= data[at] <= 90:
        column = column * 26 + (data[at] - 64)
        at += 1
        if column > LAST_COLUMN:
            return UNUSUAL
    if column == 0 or _digits(data, at, end) != row:
        return UNUSUAL
    return column - 1


_T, _T_END, _IS_END = (np.frombuffer(word, np.uint8) for word in (b"<t", b"</t>", b"</is>"))
_V_END, _F_END, _C_END = (np.frombuffer(word, np.uint8) for word in (b"</v>", b"</f>", b"</c>"))
_ROW, _ROW_END, _END = (np.frombuffer(word, np.uint8) for word in (b"<row", b"</row>", b"</sheetData>"))
_SI, _SI_END, _SST_END = (np.frombuffer(word, np.uint8) for word in (b"<si", b"</si>", b"</sst>"))


@compiled
def _inline(data, at):  # type: ignore[no-untyped-def]
    """The text of `<is><t>...</t></is>`, from after `<is`: where it begins and ends, and the place after; UNUSUAL."""
    at, closed = _tag(data, at)
    if at < 0 or closed or not _is(data, at, _T):
        return 0, 0, UNUSUAL
    at, closed = _tag(data, at + 2)
    begin, end = at, at
    if at >= 0 and not closed:
        begin, end, at = _text(data, at)
        at = at + 4 if at >= 0 and _is(data, at, _T_END) else UNUSUAL
    if at < 0 or not _is(data, at, _IS_END):
        return 0, 0, UNUSUAL
    return begin, end, at + 5


@compiled
def _value(data, at, kind):  # type: ignore[no-untyped-def]
    """What stands in a cell, up to its end tag: its kind, where its value begins and ends, and the place after.

    A formula adds FORMULA; one without a value is ODD. What is not known here makes the cell ODD.
    """
    begin, end, formula, valued, odd = 0, 0, False, False, False
    while not _is(data, at, _C_END):
        if at + 3 >= data.size or data[at] != 60:
            return kind, begin, end, UNUSUAL
        sign, after = data[at + 1], data[at + 2]
        plain = after == 62 or after == 32 or after == 47
        if sign == _V and plain and not valued:
            at, closed = _tag(data, at + 2)
            if at >= 0 and not closed:
                begin, end, at = _text(data, at)
                at = at + 4 if at >= 0 and _is(data, at, _V_END) else UNUSUAL
            valued = True
        elif sign == _F and plain and not formula and not valued:
            at, closed = _tag(data, at + 2)
            if at >= 0 and not closed:
                while at < data.size and data[at] != 60:
                    at += 1
                at = at + 4 if _is(data, at, _F_END) else UNUSUAL
            formula = True
        elif sign == _IS and after == 115 and kind == TEXT and not valued:
            begin, end, at = _inline(data, at + 3)
            valued = True
        else:  # such as text in several runs
            odd = True
            at += 1
            while at < data.size and not (data[at] == 60 and _is(data, at, _C_END)):
                if data[at] == 60 and at + 1 < data.size and (data[at + 1] == 33 or data[at + 1] == 63):
                    return kind, begin, end, UNUSUAL
                at += 1
        if at < 0:
            return kind, begin, end, UNUSUAL
    if odd or (formula and not (begin < end or (valued and kind == TEXT))):
        kind = ODD
    elif begin == end:
        kind = 0
    return kind + FORMULA * formula, begin, end, at + 4


@compiled
def _cell(data, at, row, before, dated):  # type: ignore[no-untyped-def]
    """A cell, from after `<c`: its column, kind and style, where its value begins and ends, and the place after.

    The column is UNUSUAL where it does not come after the one before.
    """
    kind, style, column = np.int64(NUMBER), 0, before + 1
    while True:
        name, end, first, last, at = _attribute(data, at)
        if name < 0:
            break
        if end - name == 1:
            sign = data[name]
            if sign == 114:
                column = _place(data, first, last, row)
            elif sign == 115:
                style = _digits(data, first, last)
            elif sign == 116:
                kind = _kind(data, first, last)
    if name == -2 or column <= before or style < 0:
        return UNUSUAL, 0, 0, 0, 0, at
    if first == 1:
        return column, 0, style, 0, 0, at
    kind, first, last, at = _value(data, at, kind)
    if kind & 15 == NUMBER and style < dated.size and dated[style]:
        kind += DATE - NUMBER
    return (column if at >= 0 else UNUSUAL), kind, style, first, last, at


@compiled
def _row(data, at, before):  # type: ignore[no-untyped-def]
    """The number of a row, from after `<row`, whether it has no cells, and the place after; UNUSUAL for no tag."""
    number = before + 1
    while True:
        name, end, first, last, at = _attribute(data, at)
        if name < 0:
            return (number if name == -1 else UNUSUAL), first == 1, at
        if end - name == 1 and data[name] == 114:
            number = _digits(data, first, last)


@compiled
def _blank(data, kind, begin, end, shared_blank):  # type: ignore[no-untyped-def]
    """Whether a cell says nothing."""
    if kind == SHARED:
        return shared_blank[begin]
    if kind == TEXT:
        while begin < end and (data[begin] == 32 or 9 <= data[begin] <= 13):
            begin += 1
        return begin == end
    return kind == 0


@compiled
def cells(data, wanted, part, shared_blank, dated, row, begin, end, kind, style, seen, lines, spans, loose):  # type: ignore[no-untyped-def]
    """Whole rows of a sheet: for each that holds something its line, its bytes, and the cells of wanted columns.

    `wanted` by column is a first index of `begin`, `end`, `kind` and `style`, or -1; `part` that of the parts. Of a
    shared string `begin` is its number. `shared_blank` tells which of these are blank, `dated` which styles are of
    dates. `row` is the last one before. `seen` gathers the kinds of each wanted column. `loose` gets the rows that
    name no part. Gives how many rows there are, the place after them, the last row, the last one that holds
    anything, and how many are loose; UNUSUAL for the first.
    """
    rows, at, others, full = 0, _space(data, np.int64(0)), 0, 0
    while at < data.size and rows < lines.size and others < loose.size:
        if not _is(data, at, _ROW) or at + 4 >= data.size:
            break
        first = at
        number, closed, at = _row(data, at + 4, row)
        if number <= row or number > LAST_ROW:
            return UNUSUAL, at, row, full, others
        row = number
        if closed:
            at = _space(data, at)
            continue
        for each in range(begin.shape[0]):
            begin[each, rows], end[each, rows], kind[each, rows] = 0, 0, 0
        column, held = np.int64(-1), False
        at = _space(data, at)
        while not _is(data, at, _ROW_END):
            if at + 2 >= data.size or data[at] != 60 or data[at + 1] != 99 or data[at + 2] > 62:
                return UNUSUAL, at, row, full, others
            column, what, shade, one, two, at = _cell(data, at + 2, row, column, dated)
            if column < 0:
                return UNUSUAL, at, row, full, others
            held |= what != 0
            if what & 15 == SHARED:
                one = _digits(data, one, two)
                if one < 0 or one >= shared_blank.size:
                    return UNUSUAL, at, row, full, others
            if column < wanted.size and wanted[column] >= 0 and what != 0:
                each = wanted[column]
                begin[each, rows], end[each, rows], kind[each, rows], style[each, rows] = one, two, what, shade
                seen[each] |= 1 << np.int64(what)
            at = _space(data, at)
        at += 6
        if held:
            full = row
            if _blank(data, kind[part, rows] & 15, begin[part, rows], end[part, rows], shared_blank):
                loose[others] = rows
                others += 1
            lines[rows], spans[rows, 0], spans[rows, 1] = row, first, at
            rows += 1
        at = _space(data, at)
    return rows, at, row, full, others


@compiled
def strings(data, begin, end, odd):  # type: ignore[no-untyped-def]
    """Shared strings, from the first `<si`: where each begins and ends, decoded in place; those in runs are `odd`.

    Of an odd one the whole element is told. Gives how many there are; UNUSUAL where they are no plain list.
    """
    count, at = 0, _space(data, np.int64(0))
    while not _is(data, at, _SST_END):
        if not _is(data, at, _SI) or count == begin.size:
            return UNUSUAL
        start = at
        at, closed = _tag(data, at + 3)
        if at < 0:
            return UNUSUAL
        begin[count], end[count], odd[count] = at, at, False
        if not closed:
            plain = False
            if _is(data, at, _T) and at + 2 < data.size and (data[at + 2] == 62 or data[at + 2] == 32):
                place, empty = _tag(data, at + 2)
                if place >= 0 and not empty:
                    one, two, place = _text(data, place)
                    plain = place >= 0 and _is(data, place, _T_END) and _is(data, place + 4, _SI_END)
                    if plain:
                        begin[count], end[count], at = one, two, place + 9
            if not plain:
                while at < data.size and not (data[at] == 60 and _is(data, at, _SI_END)):
                    at += 1
                at += 5
                if at > data.size:
                    return UNUSUAL
                begin[count], end[count], odd[count] = start, at, True
        count += 1
        at = _space(data, at)
    return count


@compiled
def as_shown(data, starts):  # type: ignore[no-untyped-def]
    """Which texts are numbers written as a reader of floats would show them: up to fifteen digits, none to spare."""
    found = np.zeros(starts.size - 1, np.bool_)
    for at in range(starts.size - 1):
        first, last = starts[at], starts[at + 1]
        if first < last and data[first] == 45:
            first += 1
        size, point, plain = last - first, -1, True
        for place in range(first, last):
            if data[place] == 46 and point < 0:
                point = place
            elif not 48 <= data[place] <= 57:
                plain = False
        if not plain or size == 0 or size > 15 + (point >= 0):
            continue
        if point < 0:
            found[at] = data[first] != 48 or (size == 1 and first == starts[at])
            continue
        whole = point - first
        small = data[first] == 48
        tiny = small and _tiny(data, point + 1, last)
        found[at] = whole > 0 and point + 1 < last and data[last - 1] != 48 and not tiny and (not small or whole == 1)
    return found


@compiled
def _tiny(data, at, last):  # type: ignore[no-untyped-def]
    """Whether the decimals after the point begin with four zeros, which are shown with an exponent."""
    return last - at > 4 and data[at] == 48 and data[at + 1] == 48 and data[at + 2] == 48 and data[at + 3] == 48


@compiled
def closed_up(data, begin, end):  # type: ignore[no-untyped-def]
    """Texts one after another, as `packed.Texts` has them; and which of them are blank."""
    starts, blank = np.zeros(begin.size + 1, np.int64), np.ones(begin.size, np.bool_)
    for at in range(begin.size):
        starts[at + 1] = starts[at] + end[at] - begin[at]
    found = np.empty(starts[-1], np.uint8)
    for at in range(begin.size):
        for place in range(end[at] - begin[at]):
            sign = data[begin[at] + place]
            found[starts[at] + place] = sign
            blank[at] &= sign == 32 or 9 <= sign <= 13
    return (found, starts), blank
