"""The commands: one file each, containing a click command of the same name, which `train.cli` discovers."""
