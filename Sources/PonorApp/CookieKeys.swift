import ClientIdentity
import Foundation
import QueryPath
import Settings
import Synchronization

/// The cookie secrets in force, which outlive reloads.
///
/// A random secret is made once per process, else every reload would invalidate all cookies. A file
/// that cannot be read leaves the secrets that were in force.
enum CookieKeys {
  /// Largest file taken: some secrets and comments.
  private static let largestFile = 16 << 10

  private struct Keys {
    var secrets = CookieSecrets.random()
    var problem: String?
  }

  private static let inForce = Mutex(Keys())

  /// What is wrong with the file of secrets, as of the last `load`.
  static var problems: [String] {
    inForce.withLock { $0.problem.map { ["server.cookies.secret_file: \($0)"] } ?? [] }
  }

  /// The secrets that `settings` ask for; those in force when they cannot be had.
  static func load(_ settings: Settings.Cookies) -> CookieSecrets {
    var problem: String?
    var wanted = CookieSecrets(settings.secret.compactMap { CookieSecret(hexadecimal: $0) })
    if let path = settings.secretFile {
      switch read(path) {
      case .success(let secrets): wanted = secrets
      case .failure(let fault):
        wanted = nil
        problem = "\(path): \(fault); cookies are made with the former secrets"
      }
    }
    return inForce.withLock { keys in
      keys.problem = problem
      if let wanted { keys.secrets = wanted }
      return keys.secrets
    }
  }

  private struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  private static func read(_ path: String) -> Result<CookieSecrets, any Error> {
    guard let data = FileManager.default.contents(atPath: path) else {
      return .failure(Unreadable(description: "cannot be read"))
    }
    guard data.count <= largestFile else {
      return .failure(Unreadable(description: "is larger than \(largestFile) octets"))
    }
    return CookieSecrets.read(String(decoding: data, as: UTF8.self)).mapError { $0 }
  }
}

extension Settings {
  /// Cookies as the query path takes them.
  var cookiePolicy: CookiePolicy {
    var policy = CookiePolicy(secrets: CookieKeys.load(server.cookies))
    policy.pressureQueries = server.cookies.pressureQueries
    policy.pressureRecursions = server.cookies.pressureRecursions
    policy.requirement =
      switch server.cookies.require {
      case .never: .never
      case .pressure: .underPressure
      case .always: .always
      }
    return policy
  }
}
