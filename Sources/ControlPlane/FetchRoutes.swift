import Foundation
import Hummingbird

/// A request of somebody who is no operator: a recipient that fetches what is meant for it.
package struct FetchRequest: Sendable {
  /// Method of HTTP.
  package var method: String
  /// Path, decoded, without query.
  package var path: String
  /// Query, decoded, in order.
  package var query: [(name: String, value: String)]
  /// Header fields by lower-case name; of repeated ones the last.
  package var headers: [String: String]
  /// Body.
  package var body: [UInt8]
}

/// What such a request is answered.
package struct FetchAnswer: Sendable {
  /// What is sent.
  package enum Body: Sendable {
    /// Octets in memory.
    case octets([UInt8])
    /// A file.
    case file(String)
  }

  /// Status of HTTP.
  package var status: Int
  /// Header fields.
  package var headers: [String: String]
  /// What is sent.
  package var body: Body

  /// Makes an answer.
  package init(status: Int, headers: [String: String], body: Body) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

extension ControlRouter {
  /// Paths that recipients fetch from, and those below them.
  static let fetchRoots = ["taxii2", "api2", "dl"]
  /// Most octets of a request's body.
  private static let fetchBodyLimit = 65_536

  static func addFetches(to router: Router<BasicRequestContext>, _ source: any ControlSource) {
    for root in fetchRoots {
      for path in [root, "\(root)/**"] {
        for method in [HTTPRequest.Method.get, .post, .delete, .put] {
          router.on(RouterPath(path), method: method) { request, _ in
            try await fetch(request, source)
          }
        }
      }
    }
  }

  private static func fetch(
    _ request: Request, _ source: any ControlSource
  ) async throws -> Response {
    var request = request
    let body = try await request.collectBody(upTo: fetchBodyLimit)
    var headers: [String: String] = [:]
    for field in request.headers { headers[field.name.rawName.lowercased()] = field.value }
    let answer = await source.fetch(
      FetchRequest(
        method: request.method.rawValue, path: request.uri.path,
        query: request.uri.queryParameters.map { (String($0.key), String($0.value)) },
        headers: headers, body: Array(buffer: body)))
    guard let answer else {
      return try json(["error": "nobody may fetch here"], status: .notFound)
    }
    return response(answer)
  }

  private static func response(_ answer: FetchAnswer) -> Response {
    var headers: HTTPFields = [.cacheControl: "no-store"]
    for (name, value) in answer.headers {
      if let name = HTTPFields.Element.Name(name) { headers[name] = value }
    }
    let body: ResponseBody
    switch answer.body {
    case .octets(let octets): body = ResponseBody(byteBuffer: ByteBuffer(bytes: octets))
    case .file(let path): body = file(path)
    }
    return Response(
      status: HTTPResponse.Status(code: answer.status), headers: headers, body: body)
  }

  /// A file, piece after piece.
  private static func file(_ path: String) -> ResponseBody {
    ResponseBody { writer in
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      while let piece = try file.read(upToCount: ControlDownload.piece), !piece.isEmpty {
        try await writer.write(ByteBuffer(bytes: piece))
      }
      try await writer.finish(nil)
    }
  }
}
