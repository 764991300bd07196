"""The list of events to come against a list that is sorted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from funnelsim.engine.codes import CLASS_BITS
from funnelsim.engine.compiled.run import enlarge
from funnelsim.engine.compiled.world.build import event_list, free_rows, length_of
from funnelsim.engine.compiled.world.events import pop, push
from funnelsim.engine.compiled.world.world import EVENT_WORDS, WHAT_WORDS

HORIZON = 8

asked = st.tuples(st.integers(0, HORIZON), st.integers(1, 6), st.integers(0, 3))
"""When, class and serial of an event; few of each, so that many are equal."""


@given(st.lists(st.one_of(asked, st.none()), max_size=60), st.integers(1, 4))
def test_events_come_in_order_of_time_class_serial_and_asking(steps: list[Any], room: int) -> None:
    heap = event_list(room)
    w = SimpleNamespace(horizon=HORIZON, heap=heap)
    expected: list[tuple[int, ...]] = []
    for number, step in enumerate(steps):
        if step is not None:
            when, order, serial = step
            if heap.size == length_of(heap):
                before = length_of(heap)
                enlarge(heap)
                free_rows(heap, before)
            push(w, when, order, serial, number, number + 1, number + 2, number + 3)
            if when < HORIZON:
                expected.append((when, order, serial, number))
        elif expected:
            expected.sort()
            when, order, serial, asked_as = expected.pop(0)
            assert heap.entries[0] == when
            assert heap.entries[1] == (order << CLASS_BITS) + serial
            base = heap.entries[EVENT_WORDS - 1] * WHAT_WORDS
            assert heap.what[base : base + WHAT_WORDS].tolist() == [asked_as + k for k in range(WHAT_WORDS)]
            pop(w)
        assert heap.size == len(expected)
