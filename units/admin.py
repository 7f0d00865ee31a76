"""A plain back door for the superuser; daily work has its own pages, which keep the history and the rules."""

from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from units.models import CalendarDay, Membership, PeerGroup, Unit, UnitKind, UnitName, User, WorkingHours

# One login for the whole house: with its limit of attempts and of devices.
admin.site.login = staff_member_required(admin.site.login, login_url="login")
admin.site.site_header = admin.site.site_title = _("Wenmingtai")


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    raw_id_fields = ["unit"]


@admin.register(User)
class PersonAdmin(UserAdmin):
    fieldsets = [
        (None, {"fields": ["username", "password", "name", "phone", "language"]}),
        (_("account"), {"fields": ["is_active", "is_staff", "is_superuser", "must_change_password"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "name", "password1", "password2"]})]
    list_display = ["username", "name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["username", "name", "phone"]
    ordering = ["username"]
    filter_horizontal = []
    inlines = [MembershipInline]


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    """Name, place and end of a unit change only by their steps on its page."""

    list_display = ["name", "kind", "parent", "valid_until"]
    list_select_related = ["kind", "parent"]
    search_fields = ["name", "short_name", "code"]
    fields = ["name", "short_name", "kind", "parent", "peer_group", "code", "order", "valid_from", "valid_until"]
    readonly_fields = ["name", "parent", "valid_until"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.register([UnitKind, PeerGroup, UnitName, CalendarDay, WorkingHours])
