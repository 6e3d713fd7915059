/// A request of somebody who fetches, as far as answers depend on it.
package struct SharedRequest: Equatable, Sendable {
  /// Most octets of a body: requests are a few words of JSON.
  package static let bodyLimit = 65_536

  /// Method of HTTP, for example `GET`.
  package var method: String
  /// Path without query, decoded, for example `/taxii2/ponor/collections/`.
  package var path: String
  /// Query: names and values, decoded, in order.
  package var query: [(name: String, value: String)]
  /// Header fields by lower-case name.
  package var headers: [String: String]
  /// Body.
  package var body: [UInt8]

  /// Makes a request.
  package init(
    method: String, path: String, query: [(name: String, value: String)] = [],
    headers: [String: String] = [:], body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// Parts of the path between slashes.
  var parts: [Substring] { path.split(separator: "/") }

  package static func == (left: SharedRequest, right: SharedRequest) -> Bool {
    left.method == right.method && left.path == right.path && left.headers == right.headers
      && left.body == right.body && left.query.map(\.name) == right.query.map(\.name)
      && left.query.map(\.value) == right.query.map(\.value)
  }
}

/// What is answered.
package struct SharedAnswer: Equatable, Sendable {
  /// Status of HTTP.
  package var status: Int
  /// Header fields beside the content type, lower-case names.
  package var headers: [String: String] = [:]
  /// Media type of the body.
  package var type: String
  /// What is sent.
  package var body: Body
  /// Who asked, once that is known: for the audit.
  package var reader: String?
  /// Number of records or objects with personal data in it: for the audit.
  package var personal = 0

  /// What is sent.
  package enum Body: Equatable, Sendable {
    /// Octets in memory.
    case octets([UInt8])
    /// A file that may be large.
    case file(String)
  }

  init(status: Int, type: String, text: String) {
    self.status = status
    self.type = type
    body = .octets(Array(text.utf8))
  }

  init(file: String, type: String) {
    status = 200
    self.type = type
    body = .file(file)
  }
}
