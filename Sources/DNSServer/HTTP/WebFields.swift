import DoHMessages
import NIOCore

/// Header fields and body of an answer, the same in both versions of HTTP.
///
/// Nothing else is sent: no cookie, no name of the server, nothing a page could be told by.
enum WebFields {
  static func fields(of answer: WebAnswer) -> [(String, String)] {
    let length = String(body(of: answer).readableBytes)
    guard answer.status == .ok else {
      var fields = [
        ("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store"),
        ("content-length", length),
      ]
      if answer.status == .methodNotAllowed { fields.append(("allow", "GET, HEAD, POST")) }
      return fields
    }
    let seconds = Freshness.seconds(of: answer.message.readableBytesUInt8Span)
    return [
      ("content-type", DoHRequest.mediaType), ("cache-control", "max-age=\(seconds)"),
      ("content-length", length),
    ]
  }

  static func body(of answer: WebAnswer) -> ByteBuffer {
    answer.status == .ok ? answer.message : ByteBuffer(string: answer.status.explanation)
  }
}
