"""Four rooms, their doors, the account pages, and the door to the street."""

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
    path("public/", include("reports.public_urls")),
    path("admin/", admin.site.urls),
]
