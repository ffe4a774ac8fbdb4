#!/usr/bin/env bash
# Packs libtorch for GPUs from PyTorch's Python packages, since Maven Central has none for 2.7.1:
#   pack-gpu-natives.sh FROM TO
# FROM  a directory with the wheels of torch and of nvidia-*, or a site-packages directory that has torch:
#         pip download torch==2.7.1 --index-url https://download.pytorch.org/whl/cu128 --dest wheels
# TO    an archive for spark.archives (it ends in .tar.gz), or a directory for an image or a machine
set -euo pipefail

# The version that DJL's JNI library is made for; another one crashes when it is loaded.
wanted=2.7.1

fail() {
  echo "$2" >&2
  exit "$1"
}

[[ $# == 2 && $1 != -* ]] || fail 2 "Usage: $0 FROM TO, as in: $0 wheels pytorch-$wanted-cu128.tar.gz"
from=$1
to=$2
[[ -d $from ]] || fail 3 "There is no directory $from."
[[ ! -e $to ]] || fail 3 "$to is there already: delete it or name another."

work=$(mktemp -d "$(dirname "$to")/natives.XXXXXX")
trap 'rm -rf "$work"' EXIT

packages=$from
if compgen -G "$from/torch-*.whl" >/dev/null; then
  packages=$work/wheels
  for wheel in "$from"/torch-*.whl "$from"/nvidia_*.whl; do
    [[ ! -f $wheel ]] || python3 -m zipfile -e "$wheel" "$packages"
  done
fi
[[ -f $packages/torch/version.py ]] || fail 3 "There is no torch-*.whl and no torch/version.py in $from: it is not a directory of wheels or packages."

version=$(sed -n "s/^__version__ *= *'\(.*\)'.*/\1/p" "$packages/torch/version.py")
[[ $version == "$wanted"+* ]] || fail 3 "Cannot use PyTorch $version in $from: only $wanted works, as in torch==$wanted from https://download.pytorch.org/whl/cu128."
flavor=${version#*+}

# The layout stays: libtorch looks for CUDA's libraries in ../../nvidia/*/lib. DJL loads every
# library in torch/lib, so those for Python and for PyTorch's own tests stay out.
natives=$work/natives
mkdir -p "$natives/torch/lib"
find "$packages/torch/lib" -maxdepth 1 -name '*.so*' ! -name 'libtorch_python.so' ! -name 'libshm.so' \
  ! -name '*_test.so' ! -name 'libbackend_with_compiler.so' ! -name 'libaoti_custom_ops.so' \
  -exec cp -L {} "$natives/torch/lib/" \;
if [[ -d $packages/nvidia ]]; then
  (cd "$packages" && find nvidia -path 'nvidia/*/lib/*.so*' -print0) |
    tar -C "$packages" --null -chf - -T - | tar -C "$natives" -xf -
fi

[[ -f $natives/torch/lib/libtorch_cpu.so ]] || fail 3 "There is no libtorch_cpu.so in $packages/torch/lib."
if [[ $flavor == cu* ]]; then
  [[ -f $natives/torch/lib/libtorch_cuda.so ]] || fail 3 "There is no libtorch_cuda.so in $packages/torch/lib, though it is PyTorch $version."
  compgen -G "$natives/nvidia/cublas/lib/libcublas.so*" >/dev/null ||
    fail 3 "CUDA's libraries (nvidia/cublas/lib and others) are not in $from: download torch with what it depends on, without --no-deps."
fi

if [[ $to == *.tar.gz ]]; then
  tar -C "$natives" -cf - . | gzip -1 >"$work/archive"
  mv "$work/archive" "$to"
  folder=./natives/torch/lib
  archive="spark.archives $to#natives"$'\n'
else
  chmod 755 "$natives"
  mv "$natives" "$to"
  folder=$(cd "$to" && pwd)/torch/lib
fi
cat <<EOF
Packed PyTorch $version to $to ($(du -sh "$to" | cut -f 1)). Settings for Spark:
${archive:-}spark.executorEnv.PYTORCH_LIBRARY_PATH $folder
spark.executorEnv.PYTORCH_VERSION $wanted
spark.executorEnv.PYTORCH_FLAVOR $flavor
EOF
