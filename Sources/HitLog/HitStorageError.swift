import GRDB
import GRDBSQLite

/// Why hits could not be stored or read.
package struct HitStorageError: Error, Equatable, CustomStringConvertible {
  /// The kinds of trouble that are handled differently.
  package enum Kind: String, Sendable {
    /// No space left on the device.
    case full
    /// The file or directory cannot be written.
    case readOnly
    /// The database cannot be opened (missing directory, no permission).
    case cannotOpen
    /// Another process holds the database for too long.
    case locked
    /// The file is no database, or its content contradicts itself.
    case damaged
    /// A later version of the program wrote the database.
    case newer
    /// Anything else SQLite reports.
    case other
  }

  /// The kind of trouble.
  package let kind: Kind
  /// SQLite's extended result code; 0 when SQLite reported none.
  package let code: Int32
  /// Where and what, for people.
  package let message: String

  /// Makes an error that SQLite did not report.
  package init(kind: Kind, code: Int32 = 0, message: String) {
    self.kind = kind
    self.code = code
    self.message = message
  }

  /// Makes an error of SQLite's extended result code.
  package init(code: Int32, message: String) {
    self.init(kind: Self.kind(of: code), code: code, message: message)
  }

  /// Takes over an error of GRDB or of a body that ran within it.
  package init(_ error: any Error) {
    switch error {
    case let error as HitStorageError: self = error
    case let error as DatabaseError:
      self.init(
        code: error.extendedResultCode.rawValue,
        message: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)")
    default: self.init(kind: .other, message: "\(error)")
    }
  }

  /// One line for people: where, what, and what to do.
  package var description: String { "\(message) (\(kind.rawValue), SQLite code \(code))" }

  private static func kind(of code: Int32) -> Kind {
    switch code & 0xff {
    case SQLITE_FULL: .full
    case SQLITE_READONLY, SQLITE_PERM: .readOnly
    case SQLITE_CANTOPEN: .cannotOpen
    case SQLITE_BUSY, SQLITE_LOCKED: .locked
    case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
    default: .other
    }
  }
}
