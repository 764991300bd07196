"""What samples say: differences, selection, posteriors, allocation, indices. Knows figures, no scenarios."""
