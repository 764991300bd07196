"""From columns to numbers with intervals: likelihoods and estimators, which know arrays and nothing of ours."""
