"""The pages of a site: what stands on each, and what its template is told."""
