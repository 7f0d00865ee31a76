"""Attributes of controls that many forms use; what they do is in docs/components.md."""

DAY = {"type": "date"}
SEARCH = {"data-search": ""}  # typed search in a long select
