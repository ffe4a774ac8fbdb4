#!/usr/bin/env bash
# Trains a model on labelled texts. See jobs/train.sh --help.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/submit.sh" swarmformer.jobs.Train "$@"
