"""What a city starts with: a scheme to score by, until the office writes its own."""

from decimal import Decimal

from django.db import transaction

from reports.models import Component, Scheme

NAME = "季度督查考核办法"
BASIS = "《创建全国文明城市督查考核办法（试行）》"
COMPONENTS = [
    (Component.Measure.TASKS, "任务完成", Decimal(30)),
    (Component.Measure.DEDUCTIONS, "督查扣分", Decimal(50)),
    (Component.Measure.RECTIFICATION, "整改率", Decimal(20)),
]


@transaction.atomic
def default_scheme(unit):
    """The first scheme of a level: tasks 30, inspections 50, rectification 20. Asked twice, it is the same one."""
    scheme, created = Scheme.objects.get_or_create(unit=unit, name=NAME, version=1, defaults={"basis": BASIS})
    if created:
        scheme.set_components(COMPONENTS)
    return scheme
