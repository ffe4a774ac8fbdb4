#!/usr/bin/env bash
# Writes a model as a file for other programs. See jobs/export.sh --help.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/submit.sh" swarmformer.jobs.Export "$@"
