#!/usr/bin/env bash
# Prints which GPUs a worker or executor may use, for Spark, as
#   {"name": "gpu", "addresses": ["0", "1"]}
# An address is CUDA's index of the device in this process, among the visible ones.
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

# CUDA counts the devices of CUDA_VISIBLE_DEVICES, in its order, from 0.
if [[ -n ${CUDA_VISIBLE_DEVICES:-} ]]; then
  IFS=, read -ra visible <<<"$CUDA_VISIBLE_DEVICES"
  ((${#visible[@]} <= count)) || [[ $CUDA_VISIBLE_DEVICES == *MIG* ]] ||
    fail "CUDA_VISIBLE_DEVICES is '$CUDA_VISIBLE_DEVICES', but nvidia-smi finds $count."
  count=${#visible[@]}
fi

addresses=$(seq -f '"%g"' -s ', ' 0 $((count - 1)))
echo "{\"name\": \"gpu\", \"addresses\": [$addresses]}"
