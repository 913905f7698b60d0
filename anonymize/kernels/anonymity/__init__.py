"""k-anonymity and its family: classes of equal quasi-identifiers, what is lost, which recoding is best."""
