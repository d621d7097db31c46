"""The process and its terminal: exit status, interrupts, temporary files, progress, tables."""
