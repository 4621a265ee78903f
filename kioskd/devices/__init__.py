"""What a device is: the SDK that drivers are written against. Knows no hall."""
