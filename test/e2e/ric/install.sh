#!/bin/sh
# Installs AWS's Node runtime client into DIRECTORY and builds its native part, which is all that
# may run a script. Needs: nodejs npm libnode-dev cmake g++ make autoconf automake libtool.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=${1:?usage: install.sh DIRECTORY}

mkdir -p "$target"
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$target"
cd "$target"
npm ci
# Node's headers are taken from this machine instead of the network.
npm_config_nodedir=${NODEDIR:-/usr} npm rebuild --ignore-scripts=false aws-lambda-ric
