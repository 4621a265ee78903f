"""What a service hall does. Knows no device, no thread, no HTTP."""
