#!/usr/bin/env bash
# Adds a night of predictions to a store. See jobs/score-nightly.sh --help.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/submit.sh" swarmformer.jobs.ScoreNightly "$@"
