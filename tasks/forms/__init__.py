"""What people type about ledgers, turned into values of the domain."""
