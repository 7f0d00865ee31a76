"""The site with the gallery beside it: `settings.ROOT_URLCONF = "tests.units.gallery.urls"`."""

from django.urls import path

from config.urls import urlpatterns as site
from tests.units.gallery import views

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/field/", views.phone, name="gallery-phone"),
    path("gallery/confirm/", views.confirm, name="gallery-confirm"),
    path("gallery/export/", views.export, name="gallery-export"),
    path("gallery/step/<int:pk>/", views.export, name="gallery-item-sign"),
    path("gallery/step/<int:pk>/submit/", views.export, name="gallery-item-submit"),
    path("gallery/step/<int:pk>/dispute/", views.export, name="gallery-item-dispute"),
    *site,
]
