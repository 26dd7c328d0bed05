"""Built-in plugins: they register through the same hooks as anybody else's."""
