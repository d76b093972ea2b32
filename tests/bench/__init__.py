"""Speed and memory, measured: ratios within one run count, for machines are noisy."""
