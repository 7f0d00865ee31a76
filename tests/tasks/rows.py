"""What a browser sends for the rows of units in a form."""


def unit_rows(*rows, **more):
    """`unit_rows((bureau, "lead"), (school, "responsible", {"share": 40}), title="…")` as the fields of a POST."""
    sent = {"units-TOTAL_FORMS": len(rows), "units-INITIAL_FORMS": 0, **more}
    for n, (unit, part, *fields) in enumerate(rows):
        given = {"unit": unit.pk, "part": part, **(fields[0] if fields else {})}
        sent |= {f"units-{n}-{name}": value for name, value in given.items()}
    return sent
