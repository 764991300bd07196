"""Pictures as SVG for a page: whole, named, without styles, and several of them beside one another."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from lines import company, one_desk
from matplotlib.figure import Figure

from funnelsim.views.pictures import fonts, style
from funnelsim.views.pictures import line as line_picture

HOSTILE = '<script>alert("1")</script> & 受注 \x00\x1b $5 and $6'


def element(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def attributes(root: ElementTree.Element, name: str) -> list[str]:
    return [value for each in root.iter() if (value := each.get(name)) is not None]


def test_the_title_and_the_description_name_the_picture() -> None:
    root = element(style.svg(line_picture.draw(one_desk()), "The line", HOSTILE, "a"))
    title, description = root[0], root[1]
    assert [title.text, description.text] == ["The line", HOSTILE.replace("\x00", "").replace("\x1b", "")]
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}" == "a-title a-desc"
    assert root.get("role") == "img"


def test_nothing_in_it_is_styled_by_itself() -> None:
    """A page whose policy forbids inline styles would paint it black."""
    written = style.svg(line_picture.draw(company()), "The line", "", "a")
    root = element(written)
    assert attributes(root, "style") == []
    assert "<style" not in written
    assert style.INK.lower() in attributes(root, "fill")
    names = [name for each in root.iter() for name in each.attrib]
    assert not any(":" in name or "}" in name for name in names)


def test_letters_are_letters_in_the_fonts_of_the_stack() -> None:
    root = element(style.svg(line_picture.draw(company()), "The line", "", "a"))
    said = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "propose" in said
    for name in fonts.CJK_FONTS:
        assert f"'{name}'" in str(root.get("font-family"))


def test_ids_have_the_prefix_and_links_lead_to_them() -> None:
    pictures = [style.svg(line_picture.draw(company()), "The line", "", prefix) for prefix in ("a", "b")]
    ids = [attributes(element(each), "id") for each in pictures]
    assert all(name.startswith("a-") for name in ids[0])
    assert not set(ids[0]) & set(ids[1])
    assert len(set(ids[0])) == len(ids[0])
    for each, known in zip(pictures, ids, strict=True):
        links = re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', each)
        assert links
        assert {one or other for one, other in links} <= set(known)


def test_markers_are_used_by_their_own_ids() -> None:
    figure = style.Picture()
    figure.subplots().plot(range(5), "o")
    written = style.svg(figure, "t", "d", "c")
    assert re.findall(r'<use [^>]*href="#([^"]*)"', written)[0] in attributes(element(written), "id")


def test_hostile_names_stay_text() -> None:
    figure, page = style.canvas(6, 2)
    style.write(page, 0.2, 1, HOSTILE)
    root = element(style.svg(figure, HOSTILE, HOSTILE, "a"))
    assert {each.tag.rpartition("}")[2] for each in root.iter()} == {
        "svg", "title", "desc", "defs", "g", "path", "text",
    }  # fmt: skip


def test_the_same_picture_is_the_same_text() -> None:
    def drawn() -> Figure:
        return line_picture.draw(one_desk())

    assert style.svg(drawn(), "t", "d", "a") == style.svg(drawn(), "t", "d", "a")
