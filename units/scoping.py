"""Who sees what, said once: a person sees the rows of the units below their roles."""

from django.db import models


class UnitScopedQuerySet(models.QuerySet):
    """Rows that belong to a unit; `unit_path` is the lookup that leads from the row to its unit."""

    unit_path = "unit"

    def visible_to(self, user):
        """The rows in the subtrees where `user` holds a role today; none for a person without roles."""
        if user.is_superuser:
            return self
        return self.filter(**{f"{self.unit_path}__in": user.units_in_scope().values("pk")})
