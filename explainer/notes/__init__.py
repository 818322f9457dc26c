"""A note file: front matter, and Markdown that becomes checked HTML."""
