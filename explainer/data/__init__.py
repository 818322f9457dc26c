"""The data file and its tables: read, checked, worked out."""
