"""Prefect around the engine, and nothing else: schedule, retries, progress, artifacts."""
