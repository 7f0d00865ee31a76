"""A ledger file, read into a draft: nothing here knows the database."""
