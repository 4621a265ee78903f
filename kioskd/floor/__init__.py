"""Between the hall and its devices: the only place that knows both."""
