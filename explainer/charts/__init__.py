"""Rows and options in, an Altair chart out."""
