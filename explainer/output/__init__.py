"""The files of a site beside its pages, and the only code that writes a site."""
