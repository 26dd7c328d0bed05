"""Speed and memory, always beside peers in the same run: only ratios mean anything."""
