"""How numbers, dates and claims are said in a language."""
