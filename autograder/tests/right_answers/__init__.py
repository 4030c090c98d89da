"""Right answers, written as different students would write them: all must get full marks."""
