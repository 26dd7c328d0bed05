"""Yardsticks: what else somebody could have used on the same files, each doing less than we do."""
