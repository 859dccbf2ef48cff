export interface NodeSettings {
  readonly name: string;
  /** Everything that the node stores lies below. */
  readonly folder: string;
  /** Where PostgreSQL's programs are. */
  readonly programs: string;
  readonly postgresPort: number;
  readonly restPort: number;
  readonly etcdPorts: readonly number[];
}

/** How long the key of the leader lives without being renewed: what a dead node costs at the most, almost. */
const ttl = 20;

/**
 * Patroni's configuration of one node, as docs/patroni.md explains it. By etcd's older API: with the newer one Patroni
 * 3.0.2, which is Debian's, takes the lead back from another node when it was frozen
 * (github.com/patroni/patroni/pull/2689).
 */
export function nodeConfiguration(settings: NodeSettings): string {
  const { name, folder, programs, postgresPort, restPort, etcdPorts } = settings;
  return `
scope: stator
name: ${name}
restapi:
  listen: 127.0.0.1:${restPort}
  connect_address: 127.0.0.1:${restPort}
etcd:
  hosts: [${etcdPorts.map((port) => `"127.0.0.1:${port}"`).join(", ")}]
bootstrap:
  dcs:
    ttl: ${ttl}
    loop_wait: 2
    retry_timeout: 8
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        max_connections: 100
        synchronous_commit: "on"
        wal_retrieve_retry_interval: 1s
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
  pg_hba:
    - host replication replicator 127.0.0.1/32 scram-sha-256
    - host all all 127.0.0.1/32 scram-sha-256
postgresql:
  listen: 127.0.0.1:${postgresPort}
  connect_address: 127.0.0.1:${postgresPort}
  data_dir: ${folder}/data
  bin_dir: ${programs}
  pgpass: ${folder}/pgpass
  authentication:
    superuser: { username: postgres, password: drill }
    replication: { username: replicator, password: drill }
    rewind: { username: rewinder, password: drill }
  parameters:
    unix_socket_directories: ${folder}
  basebackup:
    checkpoint: fast
`;
}
