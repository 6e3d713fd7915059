import Attribution
import GRDB

/// Reads FreeRADIUS' table `radacct` from an SQLite database, which may be in use.
enum AccountingDatabase {
  private static let table = "radacct"
  /// How long FreeRADIUS may hold a lock, seconds.
  private static let busySeconds = 5.0

  /// Reads the table; what went wrong, nil when all of it was read.
  static func read(
    _ path: String, _ options: ReaderOptions, _ output: inout ReaderOutput
  ) -> String? {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(busySeconds)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      return try queue.read { database in try read(database, path, options, &output) }
    } catch {
      return "\(path): cannot read the database: \(error)"
    }
  }

  private static func read(
    _ database: Database, _ path: String, _ options: ReaderOptions, _ output: inout ReaderOutput
  ) throws -> String? {
    guard try database.tableExists(table) else { return "\(path): there is no table \(table)" }
    var wanted = AccountingRows.columns
    if let key = options.key { wanted[0] = key.lowercased() }
    let present = Set(try database.columns(in: table).map { $0.name.lowercased() })
    let missing = (AccountingRows.required + [wanted[0]]).filter { !present.contains($0) }
    guard missing.isEmpty else {
      return "\(path): table \(table) has no column \(missing.joined(separator: ", "))"
    }
    // Columns this version does not have read as NULL.
    let columns = wanted.map { present.contains($0) ? "\"\($0)\"" : "NULL" }
    var reader = AccountingRows(options)
    // By start, so that who takes an address over comes after who had it.
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT \(columns.joined(separator: ", ")) FROM \(table) ORDER BY acctstarttime"
    )
    var number = 0
    while let row = try rows.next() {
      number += 1
      output.setLine(number)
      reader.read({ octets(row[$0]) }, &output)
    }
    reader.finish(&output)
    return nil
  }

  /// A value as the text a dump would have; nil for NULL and empty.
  private static func octets(_ value: (any DatabaseValueConvertible)?) -> Octets? {
    let text: String
    switch value?.databaseValue.storage {
    case .int64(let number): text = String(number)
    case .double(let number): text = String(number)
    case .string(let string): text = string
    case .blob(let data): return data.isEmpty ? nil : Octets(data)
    case .null, nil: return nil
    }
    return text.isEmpty ? nil : Octets(text.utf8)
  }
}
