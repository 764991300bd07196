"""Forms: how each kind of value may be written in a file, what changes do to it, and its JSON Schema.

`base` says what a form is; the others are the forms there are. `fields` of the scenario hangs them on the fields
of its types.
"""
