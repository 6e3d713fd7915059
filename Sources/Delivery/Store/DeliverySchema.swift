import GRDB

/// The tables of `delivery.sqlite`, where each sink stands.
///
/// Nothing in them names a client; they point into the feed by sequence, so that what is erased
/// there is gone here too.
enum DeliverySchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(
        sql: """
          CREATE TABLE sinks (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL,
            created INTEGER NOT NULL, cursor INTEGER NOT NULL DEFAULT 0,
            failures_in_row INTEGER NOT NULL DEFAULT 0, next_try INTEGER NOT NULL DEFAULT 0,
            head INTEGER NOT NULL DEFAULT 0, head_tries INTEGER NOT NULL DEFAULT 0,
            head_first_tried INTEGER NOT NULL DEFAULT 0, last_success INTEGER,
            last_error TEXT, last_error_at INTEGER, delivered INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0, disabled TEXT);
          CREATE TABLE skips (
            sink INTEGER NOT NULL REFERENCES sinks ON DELETE CASCADE, reason TEXT NOT NULL,
            number INTEGER NOT NULL, PRIMARY KEY (sink, reason)) WITHOUT ROWID;
          CREATE TABLE told (
            sink INTEGER NOT NULL REFERENCES sinks ON DELETE CASCADE, record BLOB NOT NULL,
            revision INTEGER NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (sink, record)) WITHOUT ROWID;
          CREATE INDEX told_at ON told (at);
          CREATE TABLE pending (
            sink INTEGER NOT NULL REFERENCES sinks ON DELETE CASCADE, record BLOB NOT NULL,
            day TEXT NOT NULL, revision INTEGER NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY (sink, record)) WITHOUT ROWID;
          CREATE INDEX pending_day ON pending (sink, day, sequence);
          CREATE TABLE parts (
            sink INTEGER NOT NULL REFERENCES sinks ON DELETE CASCADE, day TEXT NOT NULL,
            part INTEGER NOT NULL, PRIMARY KEY (sink, day)) WITHOUT ROWID;
          CREATE TABLE dead_letters (
            sink INTEGER NOT NULL REFERENCES sinks ON DELETE CASCADE, sequence INTEGER NOT NULL,
            message TEXT NOT NULL, reason TEXT NOT NULL, tries INTEGER NOT NULL,
            at INTEGER NOT NULL, is_wanted INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (sink, sequence)) WITHOUT ROWID;
          """)
    }
    // Newest sequence of the feed when the sink was made: what came later is never too old for it.
    migrator.registerMigration("2") { db in
      try db.execute(
        sql: "ALTER TABLE sinks ADD COLUMN backlog_end INTEGER NOT NULL DEFAULT 0")
    }
    return migrator
  }
}
