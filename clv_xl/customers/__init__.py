"""The order log and what it reduces to: summaries, cohorts, segments, quality."""
