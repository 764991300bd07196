"""The report: one file to hand over, with the answer first, that needs neither network nor script.

`given` holds what a report is made of, `sections` is the list of its parts, each of which says whether it applies,
`blocks` what parts are made of; `page`, `workbook` and `printed` write them.
"""
