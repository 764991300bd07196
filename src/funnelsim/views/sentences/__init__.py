"""What came out, in sentences: which of them, in which order, with which figures."""
