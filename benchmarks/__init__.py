"""Side-by-side timings of clv_xl and the libraries people use instead: `python -m benchmarks`."""
