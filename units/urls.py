"""units/: the directory of units and people, the work calendar, the inbox."""

from django.urls import path

from units.views import calendar, imports, inbox, kinds, people, saved_filters, tree, unit_changes

app_name = "units"

directory_urls = [
    path("", tree.tree, name="tree"),
    path("list/", tree.unit_list, name="list"),
    path("kinds/", kinds.kinds, name="kinds"),
    path("kinds/new/", kinds.entry, {"what": "kind"}, name="kind-create"),
    path("kinds/<int:pk>/", kinds.entry, {"what": "kind"}, name="kind-edit"),
    path("kinds/<int:pk>/delete/", kinds.delete, {"what": "kind"}, name="kind-delete"),
    path("groups/new/", kinds.entry, {"what": "group"}, name="group-create"),
    path("groups/<int:pk>/", kinds.entry, {"what": "group"}, name="group-edit"),
    path("groups/<int:pk>/delete/", kinds.delete, {"what": "group"}, name="group-delete"),
]

table_urls = [
    path("export/", imports.export, name="export"),
    path("import/", imports.upload, name="import"),
    path("import/<uuid:pk>/", imports.preview, name="import-preview"),
    path("import/<uuid:pk>/confirm/", imports.confirm, name="import-confirm"),
]

unit_urls = [
    path("new/", unit_changes.create, name="unit-create"),
    path("<int:pk>/", tree.unit, name="unit"),
    path("<int:pk>/edit/", unit_changes.edit, name="unit-edit"),
    path("<int:pk>/rename/", unit_changes.rename, name="unit-rename"),
    path("<int:pk>/move/", unit_changes.move, name="unit-move"),
    path("<int:pk>/merge/", unit_changes.merge, name="unit-merge"),
    path("<int:pk>/end/", unit_changes.end, name="unit-end"),
    path("<int:pk>/names/new/", unit_changes.add, {"what": "name"}, name="name-create"),
    path("names/<int:pk>/", unit_changes.change, {"what": "name"}, name="name-edit"),
    path("names/<int:pk>/delete/", unit_changes.remove, {"what": "name"}, name="name-delete"),
    path("<int:pk>/persons/new/", unit_changes.add, {"what": "person"}, name="person-create"),
    path("persons/<int:pk>/", unit_changes.change, {"what": "person"}, name="person-edit"),
    path("persons/<int:pk>/delete/", unit_changes.remove, {"what": "person"}, name="person-delete"),
    path("<int:pk>/honours/new/", unit_changes.add, {"what": "honour"}, name="honour-create"),
    path("honours/<int:pk>/", unit_changes.change, {"what": "honour"}, name="honour-edit"),
    path("honours/<int:pk>/delete/", unit_changes.remove, {"what": "honour"}, name="honour-delete"),
]

people_urls = [
    path("people/", people.people, name="people"),
    path("people/new/", people.invite, name="invite"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/password/", people.reset_password, name="person-reset"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="person-deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="person-reactivate"),
    path("people/<int:pk>/roles/new/", people.role_add, name="role-create"),
    path("memberships/<int:pk>/", people.membership_edit, name="membership-edit"),
    path("memberships/<int:pk>/end/", people.membership_end, name="membership-end"),
]

calendar_urls = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/hours/", calendar.working_hours, name="working-hours"),
    path("calendar/days/<int:pk>/delete/", calendar.calendar_day_delete, name="calendar-day-delete"),
    path("calendar/<str:day>/", calendar.calendar_day, name="calendar-day"),
]

inbox_urls = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.notices_read, name="notices-read"),
    path("inbox/<int:pk>/", inbox.notice, name="notice"),
]

filter_urls = [
    path("filters/new/", saved_filters.filter_new, name="filter-new"),
    path("filters/<int:pk>/", saved_filters.filter_edit, name="filter-edit"),
    path("filters/<int:pk>/delete/", saved_filters.filter_delete, name="filter-delete"),
]

urlpatterns = directory_urls + table_urls + unit_urls + people_urls + calendar_urls + inbox_urls + filter_urls
