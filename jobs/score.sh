#!/usr/bin/env bash
# Predicts the sentiment of texts. See jobs/score.sh --help.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/submit.sh" swarmformer.jobs.Score "$@"
