"""Four rooms, their doors, and the account pages."""

from django.contrib import admin
from django.urls import include, path

from config.home import home

urlpatterns = [
    path("", home, name="home"),
    path("account/", include("units.account_urls")),
    path("units/", include("units.urls")),
    path("tasks/", include("tasks.urls")),
    path("inspections/", include("inspections.urls")),
    path("reports/", include("reports.urls")),
    path("admin/", admin.site.urls),
]
