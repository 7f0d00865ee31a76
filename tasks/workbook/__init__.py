"""A ledger as a workbook that is edited and handed in again: written, read, compared, taken over."""
