"""What `tintype serve` runs: the API, a worker beside it, and the order in which they come and go."""
