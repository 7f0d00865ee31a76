"""The demonstration city 安澜市: invented, the same each time for the same seed and day, as large as it is asked for.

It is filled in this order: `ground` (units), `accounts`, `standards`, `places`, `ledgers`, `rounds`, `rectifying`,
`quarters`. What it says stands in `data/`; what the code does is draw lots and write rows in bulk.
"""
