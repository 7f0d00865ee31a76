"""Addresses below /public/, open to everybody; each is listed in tests/test_house.py."""

from django.urls import path

from reports.views import public

app_name = "public"

urlpatterns = [
    path("disclosures/", public.disclosures, name="disclosures"),
    path("disclosures/<int:pk>/", public.disclosure, name="disclosure"),
]
