"""What must change nothing changes nothing, and draws stay with their leads."""
