"""What is wrong across the whole of a site, and in no part of it by itself."""
