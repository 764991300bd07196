"""Production lines of all sizes and scripts, made by hand."""

from __future__ import annotations

from funnelsim.views.pictures.facts import Crew, Line, Station


def station(label: str, team: int, entered: float, share: float | None, wip: float, queue: float) -> Station:
    """A station whose other figures follow from these."""
    return Station(
        label=label,
        team=team,
        crew="no rep needed" if team < 0 else f"Team {team}",
        entered=entered,
        advanced=entered * (share or 0.0),
        conversion=share,
        wip=wip,
        queue=queue,
        wait=None if team < 0 else queue * 7.3,
        ends=(entered * (share or 0.0), 0.0, entered * (1 - (share or 0.0)), *[0.0] * 6),
    )


def one_desk() -> Line:
    """A single stage that never waits."""
    crew = Crew("desk", 3, 0.667, 0.0, limit=False)
    return Line(
        "One desk", (station("serve", 0, 1461, 1.0, 2.9, 0.9),), (), (crew,), 1461, "Demand limits the line."
    )


def company() -> Line:
    """Ten stages, two beside the line, three teams of which one is the limit."""
    names = [
        "screen",
        "contact",
        "qualify",
        "meet",
        "discover",
        "demo",
        "propose",
        "negotiate",
        "close",
        "onboard",
    ]
    teams = (0, 0, 0, 1, -1, 1, 1, 1, 1, 2)
    stages = tuple(
        station(name, team, 500 * 0.6**number, 0.6, 3.0 + number, 0.4 * number)
        for number, (name, team) in enumerate(zip(names, teams, strict=True))
    )
    aside = (station("nurture", 0, 69.0, 0.0, 0.3, 0.2), station("upsell", 2, 5.0, 0.5, 0.6, 0.2))
    crews = (
        Crew("Inside sales", 6, 0.54, 0.41, limit=False),
        Crew("Field sales", 5, 0.96, 0.0, limit=True),
        Crew("Customer success", 4, 0.94, 0.0, limit=False),
    )
    verdict = "Field sales limits the line: its queue grows by 3.1 leads a month, and its load is 1.02. " * 3
    return Line("基準企業 / Reference company (mid-market SaaS, IS-FS-CS)", stages, aside, crews, 7.65, verdict)


def japanese() -> Line:
    """Long names without spaces."""
    stages = (
        station("問い合わせ一次対応・ヒアリング担当", 0, 812.4, 0.31, 120.2, 88.0),
        station("提案書作成および社内稟議支援", 1, 251.0, 0.4, 33.0, 2.0),
        station("契約・導入キックオフミーティング調整", 2, 100.0, None, 14.0, 3.0),
    )
    crews = (
        Crew("インサイドセールス第一課（コールセンター）", 12, 1.0, 0.0, limit=True),
        Crew("フィールドセールス", 5, 0.6, 0.0, limit=False),
        Crew("カスタマーサクセス", 1, None, 0.0, limit=False),
    )
    return Line(
        "東京支店の新規開拓ライン 2026年度（計画）",
        stages,
        (),
        crews,
        98,
        "インサイドセールスがラインを制約しています。",
    )


def procurement() -> Line:
    """Twenty stages with long names, nine teams."""
    stages = tuple(
        station(
            f"Stage {n}: security and procurement review",
            n % 9 if n % 4 else -1,
            12345 * 0.82**n,
            0.82,
            50 * n,
            4.0,
        )
        for n in range(20)
    )
    aside = tuple(station(f"aside {n}", n, 10.0 * n, 0.1, 3.0, 1.0) for n in range(8))
    crews = tuple(
        Crew(f"Team number {n} of the company", n + 1, 0.1 * n, 0.05 * n, limit=n == 3) for n in range(9)
    )
    return Line(
        "A very long line in which every stage has a review of its own, " * 2, stages, aside, crews, 12, "x " * 900
    )


def silent() -> Line:
    """Nothing ever came."""
    return Line("", (station("wait", -1, 0.0, None, 0.0, 0.0),), (), (), 0.0, "")


ALL = (one_desk, company, japanese, procurement, silent)
