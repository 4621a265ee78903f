"""What a clerk photographs: pages found and straightened, made one PDF, kept in private files for a while."""
