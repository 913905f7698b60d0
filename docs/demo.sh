#!/bin/sh
# `make demo`: the main job on a sample file, with the result shown.
set -eu

say() { printf '\n$ %s\n' "$*"; }

rm -rf .demo
mkdir .demo
ANONYMIZE_KEY=$(anonymize keys new -)  # a throw-away key; keep yours in a secret store
export ANONYMIZE_KEY

say "head -n 4 sample_data/visits.csv"
head -n 4 sample_data/visits.csv

say "anonymize preview sample_data/visits.csv -r hipaa_safe_harbor --rows 2"
anonymize preview sample_data/visits.csv -r hipaa_safe_harbor --rows 2

say "anonymize run sample_data/visits.csv -r hipaa_safe_harbor -o .demo/safe.csv"
anonymize run sample_data/visits.csv -r hipaa_safe_harbor -o .demo/safe.csv

say "head -n 6 .demo/safe.csv"
head -n 6 .demo/safe.csv
