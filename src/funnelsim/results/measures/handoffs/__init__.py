"""What each handoff from team to team takes: waiting, leads that drop out, context, work done again, chances."""
