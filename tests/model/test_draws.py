from __future__ import annotations

import inspect
import unicodedata

import numpy as np
from numba_twin import assert_same_bits, compiled, register

from funnelsim.model.numbers import draws, philox


def test_purposes_are_distinct_and_fit_eight_bits():
    purposes = {
        name: value
        for name, value in inspect.getmembers(draws)
        if name.isupper()
        and isinstance(value, int)
        and not name.startswith("_")
        and name not in ("WORD", "LARGEST_COUNT", "SIGNS_SOONER")
    }
    assert len(purposes) == 57
    assert len(set(purposes.values())) == len(purposes)
    assert all(0 < value < 256 for value in purposes.values())


def test_names_hash_alike_however_their_characters_are_encoded():
    name = "Großkunden-ガ"
    assert draws.name_hash32(unicodedata.normalize("NFD", name)) == draws.name_hash32(name)
    assert draws.name_hash32("web") == 0x2BEF5066  # changing the hash would change every history
    assert draws.name_hash24("web") == draws.name_hash32("web") >> 8
    assert draws.name_hash32("web") != draws.name_hash32("Web")


def test_words_keep_stage_and_purpose_apart():
    stage = draws.name_hash24("propose")
    word = draws.purpose_word(draws.EFFORT, stage)
    assert word & 0xFF == draws.EFFORT
    assert word >> 8 == stage
    assert word < 2**32


def test_range_of_visit_and_index():
    assert draws.in_range(0, 65_535)
    assert draws.in_range(65_535, 0)
    assert not draws.in_range(65_536, 0)
    assert not draws.in_range(0, 65_536)


def test_uniform_lies_inside_the_unit_interval_at_the_extremes(monkeypatch):
    for bits, expected in ((0, 2.0**-53), (0xFFFFFFFF, 1 - 2.0**-53)):
        monkeypatch.setattr(draws, "philox", lambda *_, bits=bits: (bits, bits, bits, bits))
        assert draws.uniform(1, 2, 3, 4, 5, 6, 7) == expected


def test_every_part_of_the_key_changes_the_draw_and_uniforms_are_uniform():
    base = (1, 0, 3, 4, 5, 6, 7)
    changed = [(*base[:i], base[i] + 1, *base[i + 1 :]) for i in range(7)]
    assert len({draws.uniform(*key) for key in [base, *changed]}) == 8
    number = np.arange(200_000)
    u = draws.uniform(1, 0, 99, number, draws.purpose_word(draws.VALUE), 0, 0)
    counts = np.bincount((u * 50).astype(int), minlength=50)  # type: ignore[attr-defined]
    chi2 = float(np.sum((counts - 4000.0) ** 2 / 4000.0))
    assert abs(chi2 - 49) / np.sqrt(98) < 4
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) * np.sqrt(len(u)) < 4


def test_children_differ_by_parent_kind_and_number():
    seen = {
        draws.child_entity(hi, lo, kind, number)
        for hi in range(5)
        for lo in range(5)
        for kind in (draws.EXPANSION, draws.REFERRAL)
        for number in range(20)
    }
    assert len(seen) == 5 * 5 * 2 * 20


def test_python_and_numba_give_the_same_bits():
    register(philox)
    register(draws)
    uniform, child_entity = draws.uniform, draws.child_entity

    def fill(x, out, words):
        for i in range(len(x)):
            out[i] = uniform(1, 2, x[i, 0], x[i, 1], x[i, 2], x[i, 3] & 0xFFFF, x[i, 4] & 0xFFFF)
            words[i] = child_entity(x[i, 0], x[i, 1], x[i, 2], x[i, 3])

    x = np.random.default_rng(1).integers(0, 0xFFFFFFFF, (100_000, 5), endpoint=True)
    there, words = np.empty(len(x)), np.empty((len(x), 2), dtype=np.int64)
    compiled(fill)(x, there, words)
    rows = x.tolist()
    here = [uniform(1, 2, a, b, c, d & 0xFFFF, e & 0xFFFF) for a, b, c, d, e in rows]
    assert_same_bits(here, there)
    assert_same_bits(here, uniform(1, 2, x[:, 0], x[:, 1], x[:, 2], x[:, 3] & 0xFFFF, x[:, 4] & 0xFFFF))
    assert words.tolist() == [list(child_entity(a, b, c, d)) for a, b, c, d, _ in rows]
