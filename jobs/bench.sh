#!/usr/bin/env bash
# Times the tokenizer and the network. See jobs/bench.sh --help.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/submit.sh" swarmformer.jobs.Bench "$@"
