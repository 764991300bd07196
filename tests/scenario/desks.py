"""A small scenario that studies are made of."""

DESK = """\
funnelsim: 1
name: desk
horizon: 10 d
sources: {web: {rate: 2 / h}}
teams: {desk: {headcount: 3, queue: fifo}}
stages: {serve: {team: desk, effort: 20 min, convert: 0.5}}
"""
