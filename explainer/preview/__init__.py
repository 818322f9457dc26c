"""The live preview: builds on every save, and shows the pages and what is wrong."""
