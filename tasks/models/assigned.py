"""The states of an assignment, and which ones there are: late, waiting, urgent, somebody's."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.lights import WITH_THE_UNIT, Light, overdue_on
from tasks.models.drafts import HandOver
from tasks.models.progress import Progress
from tasks.models.rollup import rolled_up
from units.models import Unit
from units.roles import UNIT_ROLES, Role
from units.scoping import UnitScopedQuerySet


class State(models.TextChoices):
    NOT_STARTED = "not_started", _("not started")
    DOING = "doing", _("in progress")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    COMPLETED = "completed", _("completed")


def is_ready():
    """With the unit, and the writer of the draft has asked the lead to hand it in."""
    return Q(pk__in=HandOver.objects.filter(progress__submitted_at=None).values("progress__assignment"))


class AssignmentQuerySet(UnitScopedQuerySet):
    def given_by_ledgers(self):
        """What ledgers give to units, without what these handed down: who answers for a task, a pattern too."""
        return self.filter(parent=None)

    def asked_by_ledgers(self):
        """The same without patterns, which are asked of nobody: for all that counts or waits."""
        return self.given_by_ledgers().filter(task__repeats="")

    def asked_of(self, user):
        """What is asked of the units that `user` sees, without what these handed down among themselves."""
        if user.is_superuser:
            return self.asked_by_ledgers()
        own = user.units_in_scope().values("pk")
        return self.filter(Q(parent=None) | ~Q(parent__unit__in=own), task__repeats="")

    def without_patterns(self):
        """All that somebody must do: those of tasks that come again are asked month by month, not themselves."""
        return self.filter(task__repeats="")

    def overdue(self, on=None):
        """Those with a red light on the day `on` (default today)."""
        return self.filter(overdue_on(on or timezone.localdate()))

    def in_light(self, light, lights):
        """Those with this light: the rule of `tasks.lights`."""
        return self.filter(lights.which(light))

    def with_the_unit(self):
        """Those on which the unit has to act: nothing handed in, nothing completed."""
        return self.filter(state__in=WITH_THE_UNIT)

    def begun(self):
        """Those on which anything was said that must stay: they are not taken away from their unit."""
        said = ("progress", "events", "handed_down", "self_checks", "postponements", "coordinations")
        links = (self.model._meta.get_field(name) for name in said)
        rows = (link.related_model._base_manager.filter(**{link.field.name: OuterRef("pk")}) for link in links)
        return self.filter(reduce(or_, map(Exists, rows)))

    def handed_on(self):
        """Those that their unit has handed down to units below it."""
        return self.filter(Exists(self.model._base_manager.filter(parent=OuterRef("pk"))))

    def waiting_for_review(self):
        return self.filter(state=State.SUBMITTED)

    def of_people(self, user):
        """What the units in which `user` works must do, as opposed to what `user` looks at.

        What such a unit handed down is with the people of the unit below; patterns are for nobody to do.
        """
        own = user.units_with_role(*UNIT_ROLES).values("pk")
        here = [pk for role, pk, _path in user.roles if role in UNIT_ROLES]
        theirs = Q(parent=None) | ~Q(parent__unit__in=own) | Q(unit__in=here)
        return self.filter(theirs, unit__in=own, task__repeats="")

    def reviewable_by(self, user):
        """Those that `user` decides on, and did not hand in.

        The office of the ledger decides on what the ledger asks, the lead of a unit on what the unit handed down.
        """
        offices = user.units_with_role(Role.OFFICE).values("pk")
        leading = user.units_with_role(Role.UNIT_LEAD).values("pk")
        own = Progress.objects.filter(submitted_by=user, verdict="").values("assignment")
        asked = Q(parent=None, task__ledger__unit__in=offices) | Q(parent__unit__in=leading)
        return self.waiting_for_review().filter(asked).exclude(pk__in=own)

    def ready_for(self, user):
        """Those of which a draft waits for `user`, the lead, to hand it in."""
        return self.filter(is_ready(), unit__in=user.units_with_role(Role.UNIT_LEAD).values("pk"))

    def with_submitted_at(self):
        """Annotated with the report under review: `submitted_at`, its percent (`reported`) and quantity (`reached`)."""
        waiting = Progress.objects.filter(assignment=OuterRef("pk"), submitted_at__isnull=False, verdict="")
        return self.annotate(
            submitted_at=Subquery(waiting.values("submitted_at")[:1]),
            reported=Subquery(waiting.values("percent")[:1]),
            reached=Subquery(waiting.values("quantity")[:1]),
        )

    def by_urgency(self, lights):
        """Annotated with `urgency`, 1 for what its unit must do first: returned, late, due soon, begun, the rest.

        What is ready to be handed in comes with the returned: one press and it is with the office.
        """
        rank = Case(
            When(is_ready() | Q(state=State.RETURNED), then=0),
            When(lights.which(Light.OVERDUE), then=1),
            When(lights.which(Light.DUE_SOON), then=2),
            When(state=State.DOING, then=3),
            default=4,
        )
        order = [rank, F("due_on").asc(nulls_last=True), "pk"]
        return self.annotate(urgency=Window(RowNumber(), order_by=order))

    def with_everything(self):
        """With what the badges, the steps and the addresses of a row ask for."""
        return self.select_related("unit", "task__ledger__unit", "parent__unit")

    def with_units_below(self):
        """Annotated with `has_units_below`: whether the unit has others to whom it can hand work down."""
        below = Unit.objects.current().filter(path__startswith=OuterRef("unit__path"))
        return self.annotate(has_units_below=Exists(below.exclude(pk=OuterRef("unit"))))

    def with_rolled_up(self):
        """Annotated with `rolled_up`: how far those are to whom it was handed down; None where it was not."""
        below = Exists(self.model._base_manager.filter(parent=OuterRef("pk")))
        return self.annotate(rolled_up=Case(When(below, then=rolled_up(F("task"), F("pk")))))
