"""What happens in a run, told as the reference engine tells it: files and functions have the names of theirs."""
