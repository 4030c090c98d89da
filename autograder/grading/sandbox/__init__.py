"""Where a student's code runs: walls, the process behind them, and the proof that they stand."""
