"""What commands answer, as data, and the screen that shows it in Russian."""
