"""sources/study.yml, one schema: renders, captions, trainings, judges, score."""
