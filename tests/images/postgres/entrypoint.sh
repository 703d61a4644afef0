#!/bin/bash
# Start as root, give the folders to postgres, go on as postgres: make the database once, then serve it.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then
	mkdir -p "$PGDATA"
	chown -R postgres:postgres "$PGDATA" /run/postgresql
	exec setpriv --reuid=postgres --regid=postgres --init-groups "$0"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	initdb --username="$POSTGRES_USER" --pwfile=<(echo "$POSTGRES_PASSWORD") --auth=scram-sha-256 --encoding=UTF8 \
		--locale=C.UTF-8 --no-sync
	echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
	echo "create database $POSTGRES_DB" | postgres --single -j postgres
fi
exec postgres -c listen_addresses='*'
