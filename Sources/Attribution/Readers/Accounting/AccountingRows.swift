import Addressing

/// Reads rows of FreeRADIUS' SQL table `radacct`: one session each.
///
/// The columns are those of the schema FreeRADIUS ships, in any order and letter case; the table is
/// read from a database or from a dump with a header line (`AccountingTable`).
package struct AccountingRows: Sendable {
  /// Columns that are looked for; the subscriber key is the first, `username` unless configured.
  package static let columns = [
    "username", "acctuniqueid", "radacctid", "acctsessionid", "nasipaddress", "acctstarttime",
    "acctupdatetime", "acctstoptime", "acctinterval", "acctsessiontime", "framedipaddress",
    "framedipv6address", "framedipv6prefix", "delegatedipv6prefix",
  ]

  /// Columns without which nothing can be told.
  package static let required = ["acctsessionid", "acctstarttime", "acctstoptime"]

  private enum Column: Int {
    case key, unique, number, session, server, start, update, stop, interval, duration
    case ipv4, ipv6, linkPrefix, delegated
  }

  private var book: SessionBook
  private let utcOffset: Int64
  private var rows = 0

  /// Makes a reader.
  package init(_ options: ReaderOptions = ReaderOptions()) {
    book = SessionBook(interim: options.interim)
    utcOffset = options.utcOffset ?? 0
  }

  /// Takes a row; `field` gives the n-th of `columns`, nil for NULL or empty.
  package mutating func read(_ field: (Int) -> Octets?, _ output: inout ReaderOutput) {
    output.countRow()
    rows += 1
    func cell(_ column: Column) -> Octets? { field(column.rawValue) }
    guard let key = cell(.key), SubscriberKey.isValid(key) else {
      return output.malformed("the subscriber key is empty, too long or has control characters")
    }
    var times: [Column: Int64] = [:]
    for column in [Column.start, .update, .stop] {
      guard let text = cell(column) else { continue }
      // MySQL's zero date is its way to say NULL.
      if text.starts(with: "0000-00-00".utf8) { continue }
      guard let time = InstantText.parse(text, utcOffset: utcOffset) else {
        return output.malformed("time \(shown(text)) cannot be read")
      }
      times[column] = time
    }
    let duration = cell(.duration)?.decimal.flatMap(Self.span)
    let last = times[.stop] ?? times[.update]
    guard let start = times[.start] ?? last.flatMap({ end in duration.map { end - $0 } }) else {
      return output.malformed("the row has no acctstarttime, nor an end and acctsessiontime")
    }
    guard let addresses = Self.addresses(cell) else {
      return output.malformed("an address of the row cannot be read")
    }
    // Sessions without an address are of no use, but no fault either.
    guard !addresses.isEmpty else { return }
    let name = cell(.unique) ?? cell(.number) ?? cell(.session)
    var event = AccountingEvent(
      kind: .start, time: start,
      id: .init(
        server: cell(.server)?.text ?? "", session: name?.text ?? "row \(rows)"),
      key: key, interim: cell(.interval)?.decimal.flatMap(Self.span), addresses: addresses)
    take(event, &output)
    if let update = times[.update], update > start, times[.stop] == nil {
      event.kind = .interim
      event.time = update
      take(event, &output)
    }
    if let stop = times[.stop] {
      event.kind = .stop
      event.time = stop
      take(event, &output)
    }
  }

  private mutating func take(_ event: AccountingEvent, _ output: inout ReaderOutput) {
    if let flaw = book.take(event, &output) { output.malformed(flaw) }
  }

  /// All rows are read.
  package mutating func finish(_ output: inout ReaderOutput) { book.finish(&output) }

  /// Seconds as microseconds; nil for more than ten years, and for 0, which the table has for unknown.
  private static func span(_ seconds: Int64) -> Int64? {
    (1...10 * 366 * 86_400).contains(seconds) ? seconds * InstantText.microseconds : nil
  }

  /// The row's addresses; nil when one cannot be read.
  private static func addresses(_ cell: (Column) -> Octets?) -> [AccountingEvent.Address]? {
    var addresses: [AccountingEvent.Address] = []
    for (column, kind) in [
      (Column.ipv4, AccountingEvent.AddressKind.ipv4), (.ipv6, .ipv6),
      (.linkPrefix, .linkPrefix), (.delegated, .delegated),
    ] {
      guard let text = cell(column) else { continue }
      guard let prefix = text.prefix else { return nil }
      addresses.append(.init(kind: kind, prefix: prefix))
    }
    return addresses
  }
}

/// Reads a dump of `radacct` with a header line.
package struct AccountingTable: SourceReader {
  private var table: HeaderedTable
  private var rows: AccountingRows

  /// Makes a reader.
  package init(_ options: ReaderOptions = ReaderOptions()) {
    var columns = AccountingRows.columns
    if let key = options.key { columns[0] = key }
    table = HeaderedTable(columns, required: AccountingRows.required + [columns[0]])
    rows = AccountingRows(options)
  }

  package mutating func beginFile(_ output: inout ReaderOutput) { table.beginFile() }

  package mutating func read(_ line: [UInt8], _ output: inout ReaderOutput) {
    switch table.read(line) {
    case .nothing: return
    case .flaw(let what):
      output.countRow()
      output.malformed(what)
    case .fields: rows.read({ table[$0] }, &output)
    }
  }

  package mutating func finish(_ output: inout ReaderOutput) { rows.finish(&output) }
}
