#!/usr/bin/env bash
# Examines a cluster and recommends settings. See jobs/doctor.sh --help.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/submit.sh" swarmformer.jobs.Doctor "$@"
