"""SDT identity-card readers: find, select and read a card lying on the reader."""
