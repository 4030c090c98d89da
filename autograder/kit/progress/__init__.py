"""What a student has done: kept, summed up, shown."""
