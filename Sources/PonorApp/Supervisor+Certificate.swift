import DNSServer
import Foundation
import Logging
import Settings

/// Looking after the certificate of DNS over TLS and HTTPS.
extension Supervisor {
  /// Days before its end from which a certificate is warned about; ours: automatic renewal does
  /// its work 30 days before, so something is wrong by then.
  private static let warningDays: Int64 = 14
  private static let secondsPerDay: Int64 = 86_400

  /// Takes up a changed certificate; one that cannot be used is reported and the former stays.
  func refreshCertificate(_ credentials: TLSCredentials?) {
    guard let credentials, let options = settings.tlsOptions else {
      problems["certificate"] = nil
      return
    }
    do throws(TLSProblem) {
      if try credentials.refresh(options) == .replaced {
        logger.info("new certificate in force", metadata: ["file": "\(options.certificate)"])
      }
      problems["certificate"] = []
    } catch {
      report("\(error); the certificate in force stays")
    }
    warnOfExpiry(credentials.notAfter)
  }

  private func report(_ problem: String) {
    // Said once, not at every look.
    if problems["certificate"]?.contains(problem) != true { logger.error("\(problem)") }
    problems["certificate"] = [problem]
  }

  private func warnOfExpiry(_ end: Int64) {
    let days = (end - UTCClock.seconds()) / Self.secondsPerDay
    guard days < Self.warningDays else { return problems["certificate age"] = [] }
    let date = Date(timeIntervalSince1970: Double(end)).formatted(.iso8601)
    let state = end <= UTCClock.seconds() ? "has ended" : "ends"
    let warning = "the certificate of TLS \(state) at \(date); renew it"
    if problems["certificate age"]?.contains(warning) != true { logger.warning("\(warning)") }
    problems["certificate age"] = [warning]
  }
}
