"""Whether a running hall meets the standard, clause by clause, with the evidence a system can give."""
