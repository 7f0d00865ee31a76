"""The in-app inbox: what a person was told."""

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A person reads their own inbox and no other, whatever their role."""
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at=None)

    def tell(self, event):
        """One notice for each reader of `event`; telling twice changes nothing."""
        label, actor = event._meta.label_lower, event.actor_id
        notices = []
        for user in event.readers():
            if user.pk == actor:
                continue
            with translation.override(user.language):
                subject, note = str(event.subject())[:200], str(event.note)
            link = event.get_absolute_url()
            notices.append(
                Notice(
                    user=user,
                    event_label=label,
                    event_pk=event.pk,
                    subject=subject,
                    note=note,
                    link=link,
                )
            )
        self.bulk_create(notices, ignore_conflicts=True)


class Notice(models.Model):
    """One event told to one person. `link` is a path on this site."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event_label = models.CharField(max_length=64)
    event_pk = models.BigIntegerField()
    subject = models.CharField(_("subject"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "event_label", "event_pk"],
                name="units_notice_told_once",
            )
        ]
        indexes = [models.Index(fields=["user", "-created_at"], name="units_notice_inbox")]

    def __str__(self):
        return self.subject
