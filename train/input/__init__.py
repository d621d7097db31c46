"""Input files, which may come from anybody: opened and parsed so that none can hang or flood a command."""
