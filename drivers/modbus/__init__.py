"""LED displays that speak Modbus-RTU: a number in a register, or text in several."""
