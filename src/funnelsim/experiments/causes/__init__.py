"""Why an arm differs: each cause is switched off in both arms on the same numbers, which splits the difference."""
