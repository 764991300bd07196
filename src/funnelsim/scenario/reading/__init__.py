"""From the bytes of a file to plain values that remember where they stand."""
