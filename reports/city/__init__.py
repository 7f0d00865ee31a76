"""The demonstration city 安澜市: invented, the same each time for the same seed and day, as large as it is asked for.

`make` fills it in this order: `ground` (units), `people`, `places`, `ledgers` and `reporting` (tasks), `inspecting`
(rounds, findings, the courses of their items), `photos`, `quarters` (boards, notices). What it says stands in `data/`;
what the code does is draw lots and write rows in bulk.
"""
