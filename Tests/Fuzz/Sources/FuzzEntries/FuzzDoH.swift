import Addressing
import DNSWire
import DoHMessages

/// The lines of a header, the first one method and target: what is taken for a query has one form.
func fuzzDoH(_ octets: [UInt8]) {
  let lines = octets.split(separator: 10, omittingEmptySubsequences: false).map {
    String(decoding: $0, as: UTF8.self)
  }
  let first = (lines.first ?? "").split(separator: " ", maxSplits: 1)
  guard first.count == 2 else { return }
  var request = DoHRequest(method: .init(String(first[0])), target: String(first[1]))
  request.forwardingField = ForwardingField.allCases[octets.count % 2]
  for line in lines.dropFirst() {
    let field = line.split(separator: ":", maxSplits: 1)
    if field.count == 2 { request.take(name: String(field[0]), value: String(field[1])) }
  }
  if let named = request.forwardedClient {
    precondition(SocketEndpoint("\(named)") == named, "a client that cannot be written")
  }
  switch request.step(path: "/dns-query") {
  case .query(let message):
    precondition(request.method == .get || request.method == .head, "query in another method")
    precondition(DoHRequest.isQuery(message.span), "no query")
    let text = DoHTarget(request.target).value(of: "dns").map(Array.init) ?? []
    precondition(Array(Base64URL.encode(message).utf8) == text, "a second spelling")
    _ = Freshness.seconds(of: message.span)
  case .body:
    precondition(request.method == .post, "body in another method")
  case .refuse(let status):
    precondition(status != .ok, "refused with success")
  }
}
