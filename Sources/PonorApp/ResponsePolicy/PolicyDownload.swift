import Foundation
import FoundationNetworking

/// Fetches a file over HTTP into a file, with its size bounded and unchanged ones not sent again.
///
/// URLSession (libcurl) is used: it is part of the toolchain, follows redirects, checks certificates
/// against the system's list, and costs no further dependency.
final class PolicyDownload: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  // Unchecked: the session's delegate queue is serial and touches the state alone until it resumes
  // the continuation, once.

  /// What the server said of the version it gave (RFC 9110 §8.8).
  struct Validators: Codable, Equatable, Sendable {
    var etag: String?
    var lastModified: String?
    /// The address it came from.
    var url: String
  }

  /// How a fetch ended.
  enum Outcome: Sendable {
    /// A new version stands at the path.
    case fetched(Validators)
    /// The version at hand is current.
    case unchanged
    /// What went wrong.
    case failed(String)
  }

  /// Seconds without a single octet after which a fetch is given up.
  private static let idleTimeout: TimeInterval = 30
  /// Seconds a whole fetch may take.
  private static let wholeTimeout: TimeInterval = 900

  private let path: String
  private let limit: Int
  private let url: String
  private var handle: FileHandle?
  private var count = 0
  private var outcome: Outcome?
  private var continuation: CheckedContinuation<Outcome, Never>?

  private init(url: String, path: String, limit: Int) {
    self.url = url
    self.path = path
    self.limit = limit
  }

  /// Fetches `url` into the file at `path`, which is replaced only by a whole new version.
  ///
  /// - Parameter known: validators of the version at `path`, nil if there is none.
  static func run(
    url: String, path: String, limit: Int, known: Validators?
  ) async -> Outcome {
    guard let address = URL(string: url) else { return .failed("\(url) is no address") }
    var request = URLRequest(url: address, cachePolicy: .reloadIgnoringLocalCacheData)
    request.setValue("ponor", forHTTPHeaderField: "User-Agent")
    if let known, known.url == url {
      if let etag = known.etag { request.setValue(etag, forHTTPHeaderField: "If-None-Match") }
      if let date = known.lastModified {
        request.setValue(date, forHTTPHeaderField: "If-Modified-Since")
      }
    }
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    configuration.httpCookieStorage = nil
    configuration.timeoutIntervalForRequest = idleTimeout
    configuration.timeoutIntervalForResource = wholeTimeout
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    let download = PolicyDownload(url: url, path: path, limit: limit)
    let session = URLSession(configuration: configuration, delegate: download, delegateQueue: queue)
    let outcome = await withCheckedContinuation { continuation in
      download.continuation = continuation
      session.dataTask(with: request).resume()
    }
    session.finishTasksAndInvalidate()
    return outcome
  }

  private var temporary: String { path + ".new" }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    switch status {
    case 304:
      outcome = .unchanged
    case 200:
      guard FileManager.default.createFile(atPath: temporary, contents: nil),
        let handle = FileHandle(forWritingAtPath: temporary)
      else {
        outcome = .failed("cannot write \(temporary)")
        return completionHandler(.cancel)
      }
      self.handle = handle
      return completionHandler(.allow)
    default:
      outcome = .failed("the server answered with status \(status)")
    }
    completionHandler(.cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard outcome == nil, let handle else { return }
    count += data.count
    do {
      guard count <= limit else {
        outcome = .failed("it is larger than \(limit) octets")
        return dataTask.cancel()
      }
      try handle.write(contentsOf: data)
    } catch {
      outcome = .failed("cannot write \(temporary): \(error.localizedDescription)")
      dataTask.cancel()
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    let result = finish(task.response as? HTTPURLResponse, error)
    if case .fetched = result {} else { try? FileManager.default.removeItem(atPath: temporary) }
    continuation?.resume(returning: result)
    continuation = nil
  }

  private func finish(_ response: HTTPURLResponse?, _ error: (any Error)?) -> Outcome {
    try? handle?.synchronize()
    try? handle?.close()
    if let outcome { return outcome }
    if let error { return .failed(error.localizedDescription) }
    guard let response, handle != nil else { return .failed("no answer") }
    guard rename(temporary, path) == 0 else { return .failed("cannot replace \(path)") }
    return .fetched(
      Validators(
        etag: response.value(forHTTPHeaderField: "ETag"),
        lastModified: response.value(forHTTPHeaderField: "Last-Modified"), url: url))
  }
}
