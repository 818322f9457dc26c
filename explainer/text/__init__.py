"""What may stand in a text: expressions, and which of its digits are loose."""
