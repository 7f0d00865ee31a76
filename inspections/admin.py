"""The editable list behind the pages: kinds of places."""

from django.contrib import admin

from inspections.models import PlaceType


@admin.register(PlaceType)
class PlaceTypeAdmin(admin.ModelAdmin):
    list_display = ["name", "order"]
    list_editable = ["order"]
    search_fields = ["name"]
