"""Addresses below /inspections/."""

from django.urls import path

from inspections.views import capture, checklists, findings, photos, places, rectification, rounds

app_name = "inspections"

# The phone on site.
capture_urls = [
    path("my-round/", capture.my_round, name="my-round"),
    path("p/<slug:code>/", capture.place_by_code, name="place-by-code"),
    path("stops/<int:pk>/", capture.capture, name="capture"),
    path("stops/<int:pk>/findings/", capture.finding_save, name="finding-save"),
    path("stops/<int:pk>/aside/", capture.item_aside, name="item-aside"),
    path("stops/<int:pk>/finish/", capture.visit_finish, name="visit-finish"),
]

finding_urls = [
    path("findings/", findings.findings, name="findings"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/photos/", capture.finding_photo, name="finding-photo"),
    path("finding-photos/<int:pk>/", photos.finding_photo_file, name="finding-photo-file"),
    path("fix-photos/<int:pk>/", photos.fix_photo_file, name="fix-photo-file"),
]

# One address per step of the workflow: `item-<step>`.
item_urls = [
    path("items/", rectification.items, name="items"),
    path("verify/", rectification.verify_queue, name="verify-queue"),
    path("items/<int:pk>/", rectification.item, name="item"),
    path("items/<int:pk>/sign/", rectification.item_sign, name="item-sign"),
    path("items/<int:pk>/prepare/", rectification.item_prepare, name="item-prepare"),
    path("items/<int:pk>/submit/", rectification.item_submit, name="item-submit"),
    path("items/<int:pk>/dispute/", rectification.item_dispute, name="item-dispute"),
    path("items/<int:pk>/reuse/", photos.item_reuse, name="item-reuse"),
    path("items/<int:pk>/verify/", rectification.item_verify, name="item-verify"),
    path("items/<int:pk>/return/", rectification.item_return, name="item-return"),
    path("items/<int:pk>/uphold/", rectification.item_uphold, name="item-uphold"),
    path("items/<int:pk>/reassign/", rectification.item_reassign, name="item-reassign"),
]

round_urls = [
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/add/", rounds.round_add, name="round-add"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/changes/", rounds.round_changes, name="round-changes"),
    path("rounds/<int:pk>/edit/", rounds.round_edit, name="round-edit"),
    path("rounds/<int:pk>/teams/add/", rounds.team_add, name="team-add"),
    path("rounds/<int:pk>/drop/", rounds.round_drop, name="round-drop"),
    path("rounds/<int:pk>/places/", rounds.round_places, name="round-places"),
    path("teams/<int:pk>/edit/", rounds.team_edit, name="team-edit"),
    path("visits/<int:pk>/", rounds.visit, name="visit"),
]

place_urls = [
    path("places/", places.places, name="places"),
    path("places/add/", places.place_add, name="place-add"),
    path("places/<int:pk>/", places.place, name="place"),
    path("places/<int:pk>/edit/", places.place_edit, name="place-edit"),
    path("places/<int:pk>/qr.svg", places.place_qr, name="place-qr"),
]

checklist_urls = [
    path("checklists/", checklists.checklists, name="checklists"),
    path("checklists/add/", checklists.checklist_add, name="checklist-add"),
    path("checklists/<int:pk>/", checklists.checklist, name="checklist"),
    path("checklists/<int:pk>/changes/", checklists.checklist_changes, name="checklist-changes"),
    path("checklists/<int:pk>/copy/", checklists.checklist_copy, name="checklist-copy"),
    path("checklists/<int:pk>/drop/", checklists.checklist_drop, name="checklist-drop"),
    path("checklists/<int:pk>/items/add/", checklists.checklist_item_add, name="checklist-item-add"),
    path("checklist-items/<int:pk>/edit/", checklists.checklist_item_edit, name="checklist-item-edit"),
]

urlpatterns = [*capture_urls, *finding_urls, *item_urls, *round_urls, *place_urls, *checklist_urls]
