"""Editions of the assessment system: read from tables, compared, shown, and ledgers carried over between them."""
