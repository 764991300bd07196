"""What is measured of one replication: its window, and every figure with its definition."""
