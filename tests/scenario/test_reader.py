"""Files become plain values with places; what could do harm is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelsim.errors import Problem, ScenarioError
from funnelsim.scenario.reading.reader import parse_value, read_bytes, read_file, read_text


def problems(content: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with the content of a file."""
    with pytest.raises(ScenarioError) as caught:
        read_bytes(content.encode() if isinstance(content, str) else content, "f.yaml")
    return caught.value.problems


def test_values_follow_yaml_1_2() -> None:
    text = "a: 9:00\nb: yes\non: 1\nc: 27_000\nd: 1e3\ne: 2026-04-01\nf: ~\ng: '5'\nh: true\ni: .5\nj: 0x1F\nk: NO"
    assert read_text(text) == {
        "a": "9:00",
        "b": "yes",
        "on": 1,
        "c": 27_000,
        "d": 1000.0,
        "e": "2026-04-01",
        "f": None,
        "g": "5",
        "h": True,
        "i": 0.5,
        "j": "0x1F",
        "k": "NO",
    }


def test_places_of_keys_and_values() -> None:
    mark = read_text("a: 1\nstages:\n  propose: {effort: 4 h}\n", "f.yaml")["stages"]["propose"].marks["effort"]
    assert (mark.file, mark.line, mark.column, mark.value_line, mark.value_column) == ("f.yaml", 3, 13, 3, 21)


def test_equal_keys_are_an_error() -> None:
    (problem,) = problems("stages:\n  a: 1\n  b: 2\n  a: 3\n")
    assert (problem.line, problem.column, problem.path) == (4, 3, "stages.a")
    assert "stands twice, first in line 2" in problem.message


def test_all_equal_keys_come_at_once() -> None:
    assert [problem.line for problem in problems("a: 1\na: 2\nb: 1\nb: 2\n")] == [2, 4]


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        ("a: [1", "not YAML", 1),
        ("a: 1\nb: \tx: 2", "not YAML", 2),
        ("a: !!python/object/apply:os.system ['ls']", "tags are not allowed", 1),
        ("a: !secret x", "tags are not allowed", 1),
        ("a: 1\n---\nb: 2", "one document", 2),
        ("{a: 1}: 2", "a key must be text", 1),
        ("a: *b", "no anchor", 1),
        ("a: &a [*a]", "no anchor", 1),
        ("x: " + "[" * 5000, "nested at most 40 deep", 1),
        ("- a", "expected a mapping of keys", 1),
        ("", "expected a mapping of keys", 1),
        ("just text", "expected a mapping of keys", 1),
        ("a: \x07", "is not allowed", 1),
        (b"a: 1\nb: \xff\xfe", "not UTF-8", 2),
        ("a: 1".encode("utf-16-le"), "looks like UTF-16", 1),
        (b"\x7fELF\x02\x01\x01\x00\x00", "not", 1),
        (b"a" * 5_000_001, "at most 5,000,000 bytes", 1),
    ],
)
def test_refused(content: str | bytes, message: str, line: int) -> None:
    (problem, *_) = problems(content)
    assert message in problem.message
    assert problem.file == "f.yaml"
    assert problem.line == line


def test_alias_bombs_are_counted_not_built() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    assert "those behind aliases included" in problems("\n".join(rows))[0].message


def test_anchors_and_aliases_work() -> None:
    assert read_text("a: &x {b: 1}\nc: *x") == {"a": {"b": 1}, "c": {"b": 1}}


def test_byte_order_mark_is_ignored() -> None:
    assert read_bytes(b"\xef\xbb\xbfa: 1", "f") == {"a": 1}


def test_huge_numbers_stay_text() -> None:
    assert read_text(f"a: {'9' * 5000}\nb: 1e999")["b"] == "1e999"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "none.yaml", "cannot read"), (tmp_path, "folder")):
        with pytest.raises(ScenarioError, match=message):
            read_file(path)


def test_values_of_a_command_line() -> None:
    assert [parse_value(text) for text in ("5", "2 h", "{add: 1}", "[4, 5]", "null")] == [
        5,
        "2 h",
        {"add": 1},
        [4, 5],
        None,
    ]
    with pytest.raises(ScenarioError):
        parse_value("{add: 1")
