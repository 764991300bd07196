"""The page of `funnelsim app`: a server for one person on this machine, and the page that holds the panel."""
