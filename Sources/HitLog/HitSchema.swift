import GRDB

/// The tables of the hit log, one migration per released change; never edit one that was released.
///
/// Raw hits are narrow rows without any index but the row number: a lookup costs one append.
/// `hit_minutes` replaces an index on time: it holds, for each minute, the span of row numbers
/// whose hits touch it. `infections` and `name_sets` aggregate in the same transaction.
enum HitSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("hits-1") { db in try db.execute(sql: hits1) }
    migrator.registerMigration("hits-2") { db in try db.execute(sql: hits2) }
    migrator.registerMigration("hits-3") { db in try db.execute(sql: hits3) }
    return migrator
  }

  /// Tells one database from its successor: row numbers begin again when it was set aside.
  private static let hits3 = "INSERT OR REPLACE INTO hit_state VALUES ('identity', random())"

  /// Clients behind forwarders and balancers: what told them apart, and who told of them.
  private static let hits2 = """
    ALTER TABLE hits ADD COLUMN prefix INTEGER;    -- known bits of client; NULL = all
    ALTER TABLE hits ADD COLUMN device BLOB;       -- kind, length, data, repeated; NULL = none
    ALTER TABLE hits ADD COLUMN relay BLOB;        -- 4 or 16 octets; NULL = the client itself asked
    ALTER TABLE hits ADD COLUMN relay_port INTEGER;
    -- SQLite cannot change what is unique in a table.
    CREATE TABLE infections_2 (
      id INTEGER PRIMARY KEY, client BLOB NOT NULL, generator INTEGER NOT NULL,
      names INTEGER NOT NULL, hits INTEGER NOT NULL, verified INTEGER NOT NULL,
      first INTEGER NOT NULL, last INTEGER NOT NULL, -- microseconds since 1970
      qtypes BLOB NOT NULL,        -- u16 big-endian, ascending
      transports INTEGER NOT NULL, -- bit per transport
      last_port INTEGER NOT NULL, last_server INTEGER NOT NULL,
      prefix INTEGER NOT NULL,     -- known bits of client; 0 = all
      device BLOB NOT NULL,        -- as in hits; empty = none
      last_relay BLOB, last_relay_port INTEGER NOT NULL, -- who told of the last lookup
      UNIQUE (client, generator, prefix, device)
    );
    INSERT INTO infections_2 SELECT id, client, generator, names, hits, verified, first, last,
      qtypes, transports, last_port, last_server, 0, x'', NULL, 0 FROM infections;
    DROP TABLE infections;
    ALTER TABLE infections_2 RENAME TO infections;
    """

  private static let hits1 = """
    -- One lookup of a listed name, or equal lookups folded into a count.
    CREATE TABLE hits (
      id INTEGER PRIMARY KEY,
      time INTEGER NOT NULL,       -- first lookup, microseconds since 1970
      span INTEGER NOT NULL,       -- last lookup minus first, microseconds
      count INTEGER NOT NULL,
      client BLOB NOT NULL,        -- 4 or 16 octets
      port INTEGER NOT NULL,       -- source port of the first lookup
      server INTEGER NOT NULL,     -- servers.id
      how INTEGER NOT NULL,        -- transport | action << 8 | flags << 16
      qtype INTEGER NOT NULL,
      qname BLOB NOT NULL,         -- wire form, the client's letter case
      matched INTEGER NOT NULL,    -- octet of qname where the listed name starts
      provenance INTEGER NOT NULL, -- provenance.id
      ordinal INTEGER,
      more BLOB                    -- further matches, or an unresolved payload
    );
    CREATE TABLE servers (
      id INTEGER PRIMARY KEY, address BLOB NOT NULL, port INTEGER NOT NULL
    );
    CREATE TABLE generators (
      id INTEGER PRIMARY KEY, family TEXT NOT NULL, variant TEXT NOT NULL, seed TEXT NOT NULL,
      kind INTEGER NOT NULL
    );
    CREATE TABLE provenance (
      id INTEGER PRIMARY KEY, generator INTEGER NOT NULL,
      valid_from INTEGER, valid_to INTEGER -- seconds since 1970
    );
    CREATE TABLE hit_minutes (
      minute INTEGER PRIMARY KEY,  -- minutes since 1970
      first INTEGER NOT NULL, last INTEGER NOT NULL -- smallest and largest hits.id
    );
    CREATE TABLE infections (
      id INTEGER PRIMARY KEY, client BLOB NOT NULL, generator INTEGER NOT NULL,
      names INTEGER NOT NULL, hits INTEGER NOT NULL, verified INTEGER NOT NULL,
      first INTEGER NOT NULL, last INTEGER NOT NULL, -- microseconds since 1970
      qtypes BLOB NOT NULL,        -- u16 big-endian, ascending
      transports INTEGER NOT NULL, -- bit per transport
      last_port INTEGER NOT NULL, last_server INTEGER NOT NULL,
      UNIQUE (client, generator)
    );
    -- Which places of a generator's list a client asked for: chunks of 4,096 ordinals.
    CREATE TABLE name_sets (
      infection INTEGER NOT NULL, period INTEGER NOT NULL, chunk INTEGER NOT NULL,
      members BLOB NOT NULL, PRIMARY KEY (infection, period, chunk)
    ) WITHOUT ROWID;
    -- How far each ring is stored; moves in the transaction that stores the rows.
    CREATE TABLE ring_cursors (ring TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE hit_state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    """
}
