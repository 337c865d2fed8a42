#!/bin/sh
# Prepares the data of a PostgreSQL server as of a moment. Usage: recover.sh BACKUP ARCHIVE DATA TIME
# BACKUP is a folder of base-backup.sh that is older than TIME, ARCHIVE the folder of archive_command, DATA a folder
# that does not exist. Run it as the user of the server, then start the server on DATA.
set -eu
umask 077
backup=$1 archive=$2 data=$3 time=$4
if [ -e "$data" ]; then
  echo "recover.sh: $data exists. Name a new folder: a recovery never replaces data." >&2
  exit 1
fi
cp -R "$backup" "$data"
chmod 0700 "$data"
cat >> "$data/postgresql.auto.conf" << EOF
restore_command = 'cp "$archive/%f" "%p"'
recovery_target_time = '$time'
recovery_target_action = 'promote'
EOF
touch "$data/recovery.signal"
