import CCurl
import Glibc

/// A connection of libcurl, kept between transfers.
///
/// libcurl carries both webhooks and mail, with one way of checking certificates, and is in every
/// Debian; URLSession, which the download of policy zones uses, is libcurl too, but speaks no SMTP
/// and hands out no plain or TLS stream for syslog.
///
/// Unsafe because libcurl is C: each pointer is valid for the length of one call.
package final class Transfer {
  private static let isReady = ponor_transfer_start() == 0

  private let handle: UnsafeMutableRawPointer

  /// A connection that is not open yet.
  package init() {
    guard Self.isReady, let handle = ponor_transfer_open() else {
      fatalError("libcurl cannot be started: no memory")
    }
    self.handle = handle
  }

  deinit { ponor_transfer_close(handle) }

  /// What a server answered.
  package struct Answer: Equatable, Sendable {
    /// Status of HTTP or reply of SMTP; 0 = none.
    package var status: Int
    /// How long it asks to wait, microseconds; 0 = it does not say.
    package var wait: Int64
    /// Why there was none; nil when there was.
    package var error: String?

    init(_ code: Int32, _ answer: ponor_answer) {
      status = Int(answer.status)
      wait = Int64(clamping: answer.retry_after).multipliedReportingOverflow(by: 1_000_000).0
      error = code == 0 ? nil : Self.text(answer)
    }

    private static func text(_ answer: ponor_answer) -> String {
      withUnsafeBytes(of: answer.error) { octets in
        String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
  }

  /// Posts a body.
  package func post(_ access: ServerAccess, headers: [String], body: [UInt8]) -> Answer {
    var answer = ponor_answer()
    let code = access.withAccess { access in
      withStrings(headers) { headers in
        ponor_transfer_post(
          handle, access, headers.baseAddress, headers.count, body, body.count, &answer)
      }
    }
    return Answer(code, answer)
  }

  /// Whether a mail is encrypted on its way.
  package enum Encryption: Int32, Sendable {
    /// Never.
    case none
    /// If the server offers it.
    case offered
    /// Or it is not sent.
    case required
  }

  /// Sends the mail in a file.
  package func mail(
    _ access: ServerAccess, _ encryption: Encryption, from sender: String, to readers: [String],
    file: String
  ) -> Answer {
    var answer = ponor_answer()
    let code = access.withAccess { access in
      withStrings(readers) { readers in
        ponor_transfer_mail(
          handle, access, encryption.rawValue, sender, readers.baseAddress, readers.count, file,
          &answer)
      }
    }
    return Answer(code, answer)
  }

  // MARK: - Streams

  /// Connects a stream to the host and port of an `http` (plain) or `https` (TLS) address.
  func connect(_ access: ServerAccess, url: String) -> Answer {
    var answer = ponor_answer()
    let code = access.withAccess(url: url) { ponor_stream_connect(handle, $0, &answer) }
    return Answer(code, answer)
  }

  /// Sends octets and waits until the other side's kernel has them.
  func send(_ octets: [UInt8], milliseconds: Int32) -> Answer {
    var answer = ponor_answer()
    var code = ponor_stream_send(handle, octets, octets.count, milliseconds, &answer)
    if code == 0 { code = ponor_stream_settle(handle, milliseconds, &answer) }
    return Answer(code, answer)
  }
}

/// Calls a body with C strings, valid for the length of the call.
func withStrings<Result>(
  _ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
  let copies = texts.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer(body)
}
