import GRDB

/// The tables of the evidence, one migration per released change; never edit one that was released.
enum EvidenceSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("evidence-1") { db in
      try db.execute(sql: episodes)
      try db.execute(sql: cases)
      try db.execute(sql: learning)
      try db.execute(sql: feed)
      try db.execute(sql: audit)
    }
    return migrator
  }

  /// Times are microseconds since 1970, UTC.
  private static let episodes = """
    -- Numbers and texts of which there is one each: the cursor, whose hits it counts, versions.
    CREATE TABLE state (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
    CREATE TABLE suspects (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,      -- text of Suspect
      first_hit INTEGER NOT NULL,     -- number of the first hit folded in
      last_hit INTEGER NOT NULL,      -- number of the last
      last INTEGER NOT NULL,          -- time of the last lookup
      state BLOB NOT NULL             -- ClientState
    );
    CREATE TABLE episodes (
      id INTEGER PRIMARY KEY,
      suspect INTEGER NOT NULL, family TEXT NOT NULL,
      case_number INTEGER NOT NULL UNIQUE, -- cases.id
      first INTEGER NOT NULL,         -- first lookup ever: what the uuid is made from
      last INTEGER NOT NULL,
      first_hit INTEGER NOT NULL, last_hit INTEGER NOT NULL,
      last_day INTEGER NOT NULL,      -- days since 1970; changes once a day, so its index is cheap
      open_day INTEGER,               -- a day whose counts changed since its record was sent
      is_open INTEGER NOT NULL,
      gate INTEGER NOT NULL,          -- as of the last scoring
      confidence REAL NOT NULL,
      scope INTEGER NOT NULL, devices INTEGER NOT NULL,
      verified INTEGER NOT NULL,      -- lookups whose transport verified the address
      state BLOB NOT NULL,            -- EpisodeState
      UNIQUE (suspect, family)
    );
    CREATE INDEX episodes_last_day ON episodes (last_day);
    CREATE INDEX episodes_gate ON episodes (is_open, gate);
    CREATE INDEX episodes_open_day ON episodes (open_day) WHERE open_day IS NOT NULL;
    -- What an episode did on one UTC day; id = episode << 16 | days since 1970 (until 2149).
    CREATE TABLE days (
      id INTEGER PRIMARY KEY,
      day INTEGER NOT NULL,           -- days since 1970
      revision INTEGER NOT NULL,      -- of the last record sent; 0 = none
      sent_gate INTEGER NOT NULL, sent_count INTEGER NOT NULL,
      summary BLOB NOT NULL           -- DaySummary
    );
    CREATE INDEX days_day ON days (day);
    -- Which addresses a line had, by day.
    CREATE TABLE line_addresses (
      client BLOB NOT NULL,           -- 16 octets
      suspect INTEGER NOT NULL,
      day INTEGER NOT NULL,           -- days since 1970
      first INTEGER NOT NULL, last INTEGER NOT NULL,
      PRIMARY KEY (client, suspect, day)
    ) WITHOUT ROWID;
    CREATE INDEX line_addresses_suspect ON line_addresses (suspect);
    CREATE INDEX line_addresses_day ON line_addresses (day);
    """

  private static let cases = """
    CREATE TABLE cases (
      id INTEGER PRIMARY KEY,         -- CaseNumber
      uuid TEXT NOT NULL UNIQUE,      -- of the episode
      family TEXT NOT NULL,
      opened INTEGER NOT NULL,        -- first lookup
      state INTEGER NOT NULL, since INTEGER NOT NULL,
      notified INTEGER, notices INTEGER NOT NULL,
      best_gate INTEGER NOT NULL      -- the highest it ever had
    );
    CREATE TABLE transitions (
      id INTEGER PRIMARY KEY, case_number INTEGER NOT NULL, time INTEGER NOT NULL,
      from_state INTEGER NOT NULL, to_state INTEGER NOT NULL,
      who TEXT NOT NULL, note TEXT NOT NULL
    );
    CREATE INDEX transitions_case ON transitions (case_number);
    -- What is known to be no infection, by suspect and family.
    CREATE TABLE suppressions (
      suspect TEXT NOT NULL, family TEXT NOT NULL, since INTEGER NOT NULL,
      PRIMARY KEY (suspect, family)
    ) WITHOUT ROWID;
    -- What is left of cases when they are deleted: counts by family and month.
    CREATE TABLE outcomes (
      family TEXT NOT NULL, month TEXT NOT NULL, what TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (family, month, what)
    ) WITHOUT ROWID;
    """

  private static let learning = """
    -- How often a name is asked for by clients without other evidence: counts without clients.
    CREATE TABLE benign (
      key INTEGER PRIMARY KEY,        -- ListedName.key
      clients INTEGER NOT NULL, client_days INTEGER NOT NULL, rank INTEGER,
      false_positives INTEGER NOT NULL
    );
    CREATE TABLE quarantine (
      key INTEGER PRIMARY KEY, name TEXT NOT NULL, family TEXT NOT NULL, since INTEGER NOT NULL,
      clients INTEGER NOT NULL, reason TEXT NOT NULL
    );
    """

  private static let feed = """
    CREATE TABLE feed (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
      added INTEGER NOT NULL,
      day INTEGER NOT NULL,           -- days.id
      joined INTEGER NOT NULL,        -- 1 = says which subscriber it was
      record BLOB NOT NULL            -- InfectionRecord, binary
    );
    CREATE INDEX feed_day ON feed (day);
    CREATE INDEX feed_joined ON feed (added) WHERE joined = 1;
    """

  private static let audit = """
    -- Every read of personal data, and every erasure.
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY, time INTEGER NOT NULL, who TEXT NOT NULL, via TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT NOT NULL,          -- keyed pseudonym of whom it was about; empty = of many
      count INTEGER NOT NULL
    );
    CREATE INDEX audit_time ON audit (time);
    CREATE INDEX audit_subject ON audit (subject) WHERE subject <> '';
    """
}
