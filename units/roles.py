"""The seven roles. A person holds a role *in a unit*, and with it in every unit below."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMIN = "admin", _("administrator")
    OFFICE = "office", _("office staff")
    INSPECTOR = "inspector", _("inspector")
    UNIT_LEAD = "unit_lead", _("unit lead")
    UNIT_STAFF = "unit_staff", _("unit staff")
    LEADER = "leader", _("leader")
    MONITOR = "monitor", _("social monitor")


# Who works inside a unit and answers for it, as opposed to who looks at it from the office.
UNIT_ROLES = frozenset({Role.UNIT_LEAD, Role.UNIT_STAFF})
