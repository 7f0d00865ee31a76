"""Filters of a list that somebody keeps under a name, for themselves or for everybody below their office."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models.tree import Unit

MOST = 20  # of one person at one list


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those that an office at or above one's units shares."""
        above = {int(pk) for _role, _pk, path in user.roles for pk in path.strip("/").split("/")}
        return self.filter(Q(user=user) | Q(shared_by__in=above))

    def of_page(self, path):
        return self.filter(page=path).order_by("shared_by_id", "name", "pk")


class SavedFilter(models.Model):
    """A list page and what it is asked: `query` is what follows the `?` of the address `page`.

    `shared_by` is the unit whose office shares it: everybody with a role there or below sees it above the list.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    page = models.CharField(_("list"), max_length=200)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filters"), max_length=1000)
    shared_by = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("shared by")
    )

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["page", "name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="units_saved_filter_name_once"),
            models.CheckConstraint(condition=~Q(query="") & ~Q(name=""), name="units_saved_filter_asks_something"),
        ]
        indexes = [models.Index(fields=["page"], name="units_saved_filters_of_page")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{self.page}?{self.query}"
