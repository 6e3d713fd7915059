// Unsafe: SQLite's C interface. Pointers given to `bind` must stay valid until the next `reset`.
import GRDBSQLite

/// A prepared statement on a raw connection: the per-row cost of GRDB's statements is too much
/// here.
package final class SQLStatement {
  private let connection: OpaquePointer
  private let handle: OpaquePointer

  /// Prepares a statement; it must go before its connection does.
  package init(_ connection: OpaquePointer, _ sql: String) throws(HitStorageError) {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else {
      throw HitStorageError(code: code, message: String(cString: sqlite3_errmsg(connection)))
    }
    self.connection = connection
    handle = prepared
  }

  deinit { sqlite3_finalize(handle) }

  /// Binds a number; parameters count from 1.
  @inline(__always)
  package func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

  /// Binds a number or NULL.
  @inline(__always)
  package func bind(_ index: Int32, _ value: Int64?) {
    if let value { bind(index, value) } else { bindNull(index) }
  }

  @inline(__always)
  func bind(_ index: Int32, blob: UnsafeRawBufferPointer) {
    // A null destructor is SQLITE_STATIC: the octets are read during `step`, not kept.
    sqlite3_bind_blob(handle, index, blob.baseAddress, Int32(blob.count), nil)
  }

  /// Binds octets that SQLite copies (SQLITE_TRANSIENT is the destructor -1).
  package func bind(_ index: Int32, copying octets: [UInt8]) {
    // A blob without an address would be NULL.
    guard !octets.isEmpty else {
      sqlite3_bind_zeroblob(handle, index, 0)
      return
    }
    _ = octets.withUnsafeBytes { bytes in
      sqlite3_bind_blob(
        handle, index, bytes.baseAddress, Int32(bytes.count),
        unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }
  }

  /// Binds text, which SQLite copies.
  package func bind(_ index: Int32, _ text: String) {
    sqlite3_bind_text(
      handle, index, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
  }

  /// Binds NULL.
  @inline(__always)
  package func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

  /// Runs to the next row; true when there is one.
  @inline(__always)
  package func step() throws(HitStorageError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let error = HitStorageError(
        code: sqlite3_extended_errcode(connection),
        message: String(cString: sqlite3_errmsg(connection)))
      sqlite3_reset(handle)
      throw error
    }
  }

  /// Makes the statement ready for the next bindings.
  @inline(__always)
  package func reset() { sqlite3_reset(handle) }

  /// Runs a statement that gives no rows, and resets it.
  @inline(__always)
  package func run() throws(HitStorageError) {
    _ = try step()
    sqlite3_reset(handle)
  }

  /// A column of the present row as a number; columns count from 0.
  package func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// A column as a number, nil for NULL.
  package func optionalInt(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : int(column)
  }

  /// A column as text; empty for NULL.
  package func text(_ column: Int32) -> String {
    sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
  }

  /// A column's octets, copied; empty for NULL.
  package func blob(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// A column of the present row as a real number; 0 for NULL.
  package func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  /// Binds a real number.
  package func bind(_ index: Int32, _ value: Double) { sqlite3_bind_double(handle, index, value) }
}
