"""The vocabulary: what a component, a transform, a statistic, a page and an error are."""
