"""What-if questions: what may be moved on a line, and answers that grow more certain while one looks."""
