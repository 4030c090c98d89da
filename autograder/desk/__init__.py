"""What an instructor reads and corrects after grading."""
