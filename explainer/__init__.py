"""A static explainer website generator in which every number on every page has a source."""
