"""Which charts there are, and each with its drawings, table, text and files."""
