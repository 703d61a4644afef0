"""Sample data, generated with numpy and copied in PostgreSQL's binary format."""
