"""The commands of `newsgraph`, one module each; heavy imports stay inside their functions."""
