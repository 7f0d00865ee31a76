"""Which days somebody may mean: one rule for what is typed into forms and for what stands in files. Pure."""

YEARS = range(2000, 2101)


def is_plausible(day):
    """Whether it is a day of the years in which a city works with this; 0026 and 20266 are slips of the pen."""
    return day.year in YEARS
