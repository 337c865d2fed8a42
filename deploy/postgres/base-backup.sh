#!/bin/sh
# Takes a base backup of a PostgreSQL server while it runs, and checks it. Usage: base-backup.sh ADDRESS FOLDER
# ADDRESS is postgresql://user@host:port/name of a user with the attribute REPLICATION; FOLDER must not exist.
set -eu
umask 077
address=$1 folder=$2
pg_basebackup --dbname="$address" --pgdata="$folder" --wal-method=stream --checkpoint=fast --progress
pg_verifybackup --quiet "$folder"
