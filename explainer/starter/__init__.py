"""What one begins with: an explainer in a folder of its own, and entries to be filled in."""
