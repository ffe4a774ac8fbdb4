#!/usr/bin/env bash
# Prints which GPUs a worker or executor may use, for Spark, as
#   {"name": "gpu", "addresses": ["0", "1"]}
# An address is an entry of CUDA_VISIBLE_DEVICES where that is set, and CUDA's index of the device elsewhere.
# For spark.{worker,driver,executor}.resource.gpu.discoveryScript; run it by hand to see what Spark sees.
set -euo pipefail

fail() {
  echo "discover-gpus.sh: $1" >&2
  exit 1
}

# What the resource manager granted. NVIDIA_VISIBLE_DEVICES is set by Kubernetes and the container toolkit.
granted=${CUDA_VISIBLE_DEVICES-${NVIDIA_VISIBLE_DEVICES-all}}
case $granted in
  "" | none | void | -1 | NoDevFiles) fail "No GPU is granted to this process: CUDA_VISIBLE_DEVICES or NVIDIA_VISIBLE_DEVICES is '$granted'." ;;
esac

command -v nvidia-smi >/dev/null ||
  fail "There is no nvidia-smi on the PATH: install NVIDIA's driver, or give the container the GPU (nvidia-container-toolkit)."
found=$(nvidia-smi --query-gpu=index --format=csv,noheader 2>&1) ||
  fail "nvidia-smi fails, so the driver is not usable: $(head -n 1 <<<"$found")"
count=$(grep -c "^[0-9]" <<<"$found" || true)
((count > 0)) || fail "nvidia-smi finds no GPU."

if [[ -n ${CUDA_VISIBLE_DEVICES:-} ]]; then
  IFS=, read -ra addresses <<<"$CUDA_VISIBLE_DEVICES"
  ((${#addresses[@]} <= count)) || [[ $CUDA_VISIBLE_DEVICES == *MIG* ]] ||
    fail "CUDA_VISIBLE_DEVICES is '$CUDA_VISIBLE_DEVICES', but nvidia-smi finds $count."
else
  mapfile -t addresses < <(seq 0 $((count - 1)))
fi

list=$(printf '"%s", ' "${addresses[@]}")
echo "{\"name\": \"gpu\", \"addresses\": [${list%, }]}"
