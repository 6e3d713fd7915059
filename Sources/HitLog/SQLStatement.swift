// Unsafe: SQLite's C interface. Pointers given to `bind` must stay valid until the next `reset`.
import GRDBSQLite

/// A prepared statement on a raw connection: the per-row cost of GRDB's statements is too much
/// here.
final class SQLStatement {
  private let connection: OpaquePointer
  private let handle: OpaquePointer

  init(_ connection: OpaquePointer, _ sql: String) throws(HitStorageError) {
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

  @inline(__always)
  func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

  @inline(__always)
  func bind(_ index: Int32, _ value: Int64?) {
    if let value { bind(index, value) } else { bindNull(index) }
  }

  @inline(__always)
  func bind(_ index: Int32, blob: UnsafeRawBufferPointer) {
    // A null destructor is SQLITE_STATIC: the octets are read during `step`, not kept.
    sqlite3_bind_blob(handle, index, blob.baseAddress, Int32(blob.count), nil)
  }

  /// Binds octets that SQLite copies (SQLITE_TRANSIENT is the destructor -1).
  func bind(_ index: Int32, copying octets: [UInt8]) {
    _ = octets.withUnsafeBytes { bytes in
      sqlite3_bind_blob(
        handle, index, bytes.baseAddress, Int32(bytes.count),
        unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }
  }

  func bind(_ index: Int32, _ text: String) {
    sqlite3_bind_text(
      handle, index, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
  }

  @inline(__always)
  func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

  /// Runs to the next row; true when there is one.
  @inline(__always)
  func step() throws(HitStorageError) -> Bool {
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
  func reset() { sqlite3_reset(handle) }

  /// Runs a statement that gives no rows, and resets it.
  @inline(__always)
  func run() throws(HitStorageError) {
    _ = try step()
    sqlite3_reset(handle)
  }

  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func optionalInt(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : int(column)
  }

  func text(_ column: Int32) -> String {
    sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
  }

  func blob(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }
}
