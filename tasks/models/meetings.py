"""Meetings, what they decided, and what became of it: a decision becomes a task and is seen through it."""

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Max, Min, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tasks.models.assignment import Assignment
from tasks.models.counting import counted
from tasks.models.ledger import Ledger, Task
from units.models import Attachment, Unit
from units.roles import Role
from units.scoping import UnitScopedQuerySet
from units.trackers import every_change
from units.workflow import NotInThisState
from units.working_time import official_day


class MeetingQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        """The meetings that units in the user's scope held or attended."""
        if user.is_superuser:
            return self
        scope = user.units_in_scope().values("pk")
        attended = self.model.attending.through.objects.filter(unit__in=scope).values("meeting")
        return self.filter(Q(unit__in=scope) | Q(pk__in=attended))

    def with_counts(self, on):
        """Annotated with how many `decisions` there are, and how many of them are `done` and on the day `on` `late`."""
        rows = Decision.objects.with_standing(on).filter(meeting=OuterRef("pk"))
        return self.annotate(
            decided=counted(rows, "meeting"),
            done=counted(rows.filter(standing=Standing.DONE), "meeting"),
            late=counted(rows.filter(standing=Standing.LATE), "meeting"),
        )


@pghistory.track(*every_change(), model_name="MeetingHistory")
class Meeting(models.Model):
    """A meeting that a unit held, with its minutes."""

    class Kind(models.TextChoices):
        DISPATCH = "dispatch", _("dispatch meeting")
        JOINT = "joint", _("joint meeting")
        COMMAND = "command", _("command meeting")
        OTHER = "other", _("other meeting")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="meetings", verbose_name=_("held by"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.DISPATCH)
    title = models.CharField(pgettext_lazy("meeting", "title"), max_length=150)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("meeting place"), max_length=100, blank=True)
    chair = models.CharField(_("chaired by"), max_length=64, blank=True)
    attending = models.ManyToManyField(
        Unit, related_name="meetings_attended", blank=True, verbose_name=_("attending units")
    )
    minutes = models.TextField(_("minutes"), blank=True)
    file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("minutes as a file")
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "held_on", "title"], name="tasks_meeting_once"),
            models.CheckConstraint(condition=~Q(title=""), name="tasks_meeting_has_a_title"),
            models.CheckConstraint(
                condition=Q(kind__in=["dispatch", "joint", "command", "other"]), name="tasks_meeting_kind_is_known"
            ),
        ]
        indexes = [models.Index(fields=["unit", "-held_on"], name="tasks_meetings_of_unit")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("tasks:meeting", args=[self.pk])

    def may_edit(self, user):
        """Whether `user` writes the minutes and makes tasks of the decisions."""
        return user.has_role(Role.OFFICE, self.unit)

    def must_edit(self, user):
        if not self.may_edit(user):
            raise PermissionDenied

    @transaction.atomic
    def decide(self, *, by, text, parts, deadline=None):
        """Add a decision under the next number. `parts`: a dict of unit → part."""
        self.must_edit(by)
        type(self).objects.select_for_update().get(pk=self.pk)
        last = self.decisions.aggregate(last=Max("number"))["last"] or 0
        decision = self.decisions.create(number=last + 1, text=text, deadline=deadline)
        decision.give_to(parts)
        return decision

    @transaction.atomic
    def drop(self, *, by):
        """Delete it. Raises `ValidationError` when a decision has become a task."""
        self.must_edit(by)
        type(self).objects.select_for_update().get(pk=self.pk)
        if self.decisions.exclude(task=None).exists():
            raise ValidationError(_("A decision of this meeting has become a task: the meeting stays."))
        self.delete()


class Standing(models.TextChoices):
    """What became of a decision."""

    LATE = "overdue", _("late")
    DOING = "doing", _("in progress")
    OPEN = "not_started", _("no task yet")
    DONE = "done", _("carried out")


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever reads the minutes reads what was decided."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))

    def with_standing(self, on):
        """Annotated with `standing` on the day `on`, with `due`, the earliest day that is still open, and with how many
        units were `asked` and have `done` it. Without a task the decision's own deadline counts."""
        given = Assignment.objects.asked_by_ledgers().filter(task=OuterRef("task"))
        open_days = given.with_the_unit().order_by().values("task").annotate(day=Min("due_on")).values("day")
        rows = self.annotate(
            asked=counted(given, "task"),
            done=counted(given.filter(state="completed"), "task"),
            due=Case(When(task=None, then=F("deadline")), default=Subquery(open_days)),
        )
        standing = Case(
            When(asked__gt=0, asked=F("done"), then=models.Value(Standing.DONE)),
            When(due__lt=on, then=models.Value(Standing.LATE)),
            When(task=None, then=models.Value(Standing.OPEN)),
            default=models.Value(Standing.DOING),
            output_field=models.CharField(),
        )
        return rows.annotate(standing=standing)

    def by_lateness(self):
        """After `with_standing`: the latest first, then what is due next, what is no task yet, what is done."""
        rank = Case(*(When(standing=value, then=n) for n, value in enumerate(Standing.values)), default=9)
        return self.order_by(rank, F("due").asc(nulls_last=True), "-meeting__held_on", "number")

    def before(self, meeting):
        """What the meeting begins with: of the meetings that the same unit held earlier all that is not carried out,
        and of the last one also what is. After `with_standing`."""
        earlier = Meeting.objects.filter(unit=meeting.unit_id).filter(
            Q(held_on__lt=meeting.held_on) | Q(held_on=meeting.held_on, pk__lt=meeting.pk)
        )
        last = earlier.order_by("-held_on", "-pk").values("pk")[:1]
        rows = self.filter(meeting__in=earlier.values("pk"))
        return rows.filter(~Q(standing=Standing.DONE) | Q(meeting__in=last))


@pghistory.track(*every_change(), model_name="DecisionHistory")
class Decision(models.Model):
    """One thing that a meeting decided. Once it is a task it does not change here any more: the task carries it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions", verbose_name=_("meeting"))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(pgettext_lazy("meeting", "decision"))
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    units = models.ManyToManyField(Unit, through="DecisionUnit", related_name="+", verbose_name=_("units"))
    task = models.OneToOneField(
        Task, models.SET_NULL, null=True, blank=True, related_name="decision", verbose_name=_("task")
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("meeting", "decision")
        verbose_name_plural = _("decisions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="tasks_decision_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="tasks_decision_says_something"),
        ]

    def __str__(self):
        return gettext("%(meeting)s, item %(number)s") % {"meeting": self.meeting, "number": self.number}

    def get_absolute_url(self):
        """Where it is seen: in its meeting."""
        return f"{self.meeting.get_absolute_url()}#decision-{self.number}"

    @property
    def parts(self):
        """Unit → part, as it was decided."""
        return {one.unit: one.part for one in self.given.all()}

    def by_part(self):
        """The names of its units under the word of their part, the lead first. From what was prefetched."""
        given = list(self.given.all())
        named = [(part.label, [one.unit.name for one in given if one.part == part]) for part in Assignment.Part]
        return [(label, names) for label, names in named if names]

    def give_to(self, parts):
        """Say exactly which units it is given to. Call inside the transaction of the change."""
        if list(parts.values()).count(Assignment.Part.LEAD) > 1:
            raise ValidationError(_("A task has one leading unit."))
        self.given.all().delete()
        DecisionUnit.objects.bulk_create(
            DecisionUnit(decision=self, unit=unit, part=part) for unit, part in parts.items()
        )

    def hold(self, by):
        """Lock it for a change by `by`. Raises `NotInThisState` when it has become a task, or was deleted meanwhile."""
        self.meeting.must_edit(by)
        try:
            self.refresh_from_db(from_queryset=Decision.objects.select_for_update(of=("self",)))
        except Decision.DoesNotExist as gone:
            raise NotInThisState("the decision was deleted meanwhile") from gone
        if self.task_id:
            raise NotInThisState("the decision is a task already")

    @transaction.atomic
    def change(self, *, by, text, parts, deadline=None):
        """Say it otherwise, while it is no task."""
        self.hold(by)
        self.text, self.deadline = text, deadline
        self.save(update_fields=["text", "deadline"])
        self.give_to(parts)

    @transaction.atomic
    def drop(self, *, by):
        """Delete it, while it is no task."""
        self.hold(by)
        self.delete()

    @transaction.atomic
    def become_task(self, ledger, *, by):
        """Make it a task of `ledger`, given to its units by the rules of `Task.assign`. Made once: whoever comes second
        gets `NotInThisState`. Raises `ValidationError` for what the ledger does not take."""
        self.hold(by)
        if not by.has_role(Role.OFFICE, ledger.unit):
            raise PermissionDenied
        parts = self.parts
        if not parts:
            raise ValidationError(_("Item %(number)s: give it to a unit first.") % {"number": self.number})
        Ledger.objects.select_for_update().get(pk=ledger.pk)
        task = Task(ledger=ledger, title=self.text, requirement=self.origin, deadline=self.deadline)
        task.section = str(self.meeting)[:200]
        task.key = Task.key_of(task.title, task.requirement)
        if ledger.tasks.filter(key=task.key).exists():
            words = _("Item %(number)s: this ledger has a task with this title and requirement already.")
            raise ValidationError(words % {"number": self.number})
        task.order = ledger.next_order()
        task.save()
        task.assign(parts)
        self.task = task
        self.save(update_fields=["task"])
        return task

    @property
    def origin(self):
        """Where the task comes from, in the words of the ledger: official, so Chinese."""
        return f"{official_day(self.meeting.held_on)}《{self.meeting.title}》议定事项第{self.number}项。"


@pghistory.track(*every_change(), model_name="DecisionUnitHistory")
class DecisionUnit(models.Model):
    """A unit that a decision is given to, with its part."""

    decision = models.ForeignKey(
        Decision, models.CASCADE, related_name="given", verbose_name=pgettext_lazy("meeting", "decision")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    part = models.CharField(_("part"), max_length=12, choices=Assignment.Part)

    class Meta:
        verbose_name = _("unit of a decision")
        verbose_name_plural = _("units of a decision")
        ordering = ["part", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "unit"], name="tasks_decision_unit_once"),
            models.UniqueConstraint(fields=["decision"], condition=Q(part="lead"), name="tasks_decision_one_lead"),
            models.CheckConstraint(
                condition=Q(part__in=["lead", "responsible", "supporting"]), name="tasks_decision_part_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.unit} · {self.get_part_display()}"
