"""Templates of pages and documents."""
