"""The reference model as every target gets it: raw pixels in, probabilities out, nothing that only trains."""
