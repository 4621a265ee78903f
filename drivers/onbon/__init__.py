"""Onbon (仰邦) BX-5K and BX-6K character-font LED controllers, over TCP or a serial line."""
