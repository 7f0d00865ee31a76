"""Forms turn what people type and hand in into domain values, and know nothing else."""
