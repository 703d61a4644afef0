"""Sample data, drawn with numpy and copied in PostgreSQL's binary format."""
