"""The people and programs that come in: accounts, their sessions, tokens, lock-outs, and who did what."""
