#!/usr/bin/env bash
# Makes a page of how the nights of a store went. See jobs/report-trend.sh --help.
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/submit.sh" swarmformer.jobs.ReportTrend "$@"
