"""How fast, how large and how hungry each copy is, in each of its runtimes."""

FILE = "bench.json"
