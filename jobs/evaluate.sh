#!/usr/bin/env bash
# Tells how right predictions are. See jobs/evaluate.sh --help.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/submit.sh" swarmformer.jobs.Evaluate "$@"
