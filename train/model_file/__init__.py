"""Model files: inspected in a process of their own, then loaded without running anything in them."""
