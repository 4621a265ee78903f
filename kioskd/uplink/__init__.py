"""What the hall reports upward: ratings, in the fields of the province's exchange."""
