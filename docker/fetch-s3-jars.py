#!/usr/bin/env python3
"""Downloads what a Spark of Hadoop 3.4.2, as Spark 4.1 is, lacks for s3a://

    fetch-s3-jars.py DIR     DIR is the directory jars of that Spark, or any other on the class path

Amazon's SDK is one jar of 640 MB with the clients of 400 services. Of these only what S3A needs is kept, 23 MB, as bundle-VERSION-s3.jar.
The environment variable MAVEN names a mirror of Maven Central.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

HADOOP = "3.4.2"
# The versions are those in the POM of hadoop-aws. There is no spark-hadoop-cloud 4.1.0.
JARS = {
    f"org/apache/hadoop/hadoop-aws/{HADOOP}/hadoop-aws-{HADOOP}.jar": "d2d24e6b715b5656b9d238bf13b6682a07e2004dd36aad74a73aeb854319f4d9",
    "software/amazon/awssdk/bundle/2.29.52/bundle-2.29.52.jar": "62638f33045690c6bc5e496b54b0b2e89a9ad38cbedacdf6e017fea6bc85f55c",
    "software/amazon/s3/analyticsaccelerator/analyticsaccelerator-s3/1.2.1/analyticsaccelerator-s3-1.2.1.jar": "11029552e37408e41e689b20150f4b372e0b4f232de321ccafd0fcf443cdfb5a",
    "org/wildfly/openssl/wildfly-openssl/2.1.4.Final/wildfly-openssl-2.1.4.Final.jar": "95decbc5d088b40e85f58d7726b8c8f4e3be6312a0f2660c2d714a23cee80279",
    "org/apache/spark/spark-hadoop-cloud_2.13/4.1.2/spark-hadoop-cloud_2.13-4.1.2.jar": "672d7d872f434cb7fe1c90f7edcd19b1e8c67a335a578288426fbd4db5096915",
}
CLIENTS = "software/amazon/awssdk/services/"
# Objects, their keys, and credentials: of roles, of service accounts on Kubernetes, of single sign-on, of access grants.
KEPT = tuple(f"{CLIENTS}{name}/" for name in ("s3", "kms", "sts", "sso", "ssooidc", "s3control"))


def download(path, sha256, to):
    address = f"{os.environ.get('MAVEN') or 'https://repo1.maven.org/maven2'}/{path}"
    digest = hashlib.sha256()
    with urllib.request.urlopen(address, timeout=60) as response, open(to, "wb") as file:
        while block := response.read(1 << 20):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != sha256:
        sys.exit(f"Cannot use {address}: its SHA-256 is {digest.hexdigest()}, not {sha256}.")


def keep_clients(jar, to):
    with zipfile.ZipFile(jar) as whole, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as part:
        for entry in whole.infolist():
            if not entry.filename.startswith(CLIENTS) or entry.filename.startswith(KEPT):
                part.writestr(entry, whole.read(entry))


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(f"Usage: {sys.argv[0]} DIR, as in: {sys.argv[0]} /opt/spark/jars")
    directory = Path(sys.argv[1])
    for jar in directory.glob("hadoop-client-api-*.jar"):
        if jar.name != f"hadoop-client-api-{HADOOP}.jar":
            sys.exit(f"Cannot add S3 to {directory}: it has {jar.name}, and these jars are for Hadoop {HADOOP} (docs/operations.md).")
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory) as work:
        for path, sha256 in JARS.items():
            jar = Path(work, Path(path).name)
            download(path, sha256, jar)
            if jar.name.startswith("bundle-"):
                whole, jar = jar, jar.with_name(f"{jar.stem}-s3.jar")
                keep_clients(whole, jar)
            jar.chmod(0o644)
            shutil.move(jar, directory / jar.name)


main()
