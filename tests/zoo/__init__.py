"""Small models as people have them, each exported to every target and compared in the real runtimes."""
