"""A real PostgreSQL that several processes of one machine share, started by the first and stopped by the last."""
