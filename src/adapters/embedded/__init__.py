"""An embedded PostgreSQL server, shared by the processes of one machine: the first starts it, the last stops it."""
