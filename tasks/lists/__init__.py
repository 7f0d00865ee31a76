"""What the lists of this floor can be asked for, their columns, and their cells."""
