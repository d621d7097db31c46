"""The commands, one a file, each a click command named like its file; discovered, listed nowhere."""
