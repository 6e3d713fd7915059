package import Addressing
import ClientIdentity
import DNSServer
import DNSWire
package import DoHMessages
import Policy
import Recursion

/// Who asks: cookies, and what listed forwarders say of the client behind them.
extension QueryPipeline {
  package func expectsProxyHeader(from peer: IPAddress) -> Bool {
    refreshState()
    return state.hasProxies && state.parts.senders.proxies.contains(peer)
  }

  package func forwardingField(from peer: IPAddress) -> ForwardingField? {
    refreshState()
    let senders = state.parts.senders
    return senders.webProxies.contains(peer) ? senders.forwardingField : nil
  }

  /// Completes `client` from the query's EDNS options and looks its view up.
  ///
  /// - Returns: false when a forwarder that is believed sent a client subnet that cannot be read.
  func identify(_ packet: Span<UInt8>) -> Bool {
    guard let edns = request.edns else { return true }
    if let cookie = edns.cookie { judge(cookie) }
    guard !edns.options.isEmpty, state.parts.senders.forwarders.contains(client.asker.address)
    else { return true }
    guard readForwarded(packet, edns.options) else { return false }
    if let subnet = options.subnet, subnet.sourceLength > 0 { becomeClient(subnet) }
    return true
  }

  // MARK: - Cookies

  /// Sets the reply's cookie, and notes that the client has shown to own its address.
  ///
  /// A cookie belongs to the address behind any balancer: else every client of a balancer could
  /// show the cookie of every other. Between a forwarder and us it is the forwarder's.
  private func judge(_ cookie: Request.Cookie) {
    let seconds = now / 1_000_000
    let policy = state.parts.cookies
    let address = client.asker.address
    if cookie.serverOctets == ServerCookie.octets {
      let shown = ServerCookie(head: cookie.serverHigh, hash: cookie.serverLow)
      let standing = shown.standing(
        client: cookie.client, address: address, at: seconds, secrets: policy.secrets)
      if standing != .unknown {
        client.isVerified = true
        hasValidCookie = true
      }
      if standing == .good {
        options.cookie = (cookie.client, shown)
        return
      }
    }
    options.cookie = (
      cookie.client,
      ServerCookie.make(
        client: cookie.client, address: address, at: seconds, secret: policy.secrets.current)
    )
  }

  /// Answers a query without a question (RFC 7873 §5.4): the cookie is the answer.
  func answerCookieOnly(_ packet: Span<UInt8>, _ reply: inout WireWriter) -> HandlerOutcome {
    counters.count(.special)
    _ = identify(packet)
    let isWrong = (request.edns?.cookie?.serverOctets ?? 0) > 0 && !hasValidCookie
    return refuse(isWrong ? .badCookie : .noError, nil, packet, &reply)
  }

  /// Turns a client away that should first show that it owns its address; nil when it need not.
  ///
  /// A lookup of a listed name is recorded nevertheless: many a bot never asks again. A notification
  /// is judged by who sent it and how it is signed, not by a cookie.
  func challenge(_ packet: Span<UInt8>, _ reply: inout WireWriter) -> HandlerOutcome? {
    guard request.flags.opcode == 0, client.carrier.isUDP, client.transport.isUDP,
      !hasValidCookie, isUnderPressure(),
      !isBalancerItself
    else { return nil }
    counters.count(.challenged)
    if request.qclass == .internet, let verdict = verdict(on: request.qname) {
      record(verdict, request.qname.originalBytes)
    }
    if request.edns?.cookie != nil { return refuse(.badCookie, nil, packet, &reply) }
    // RFC 7873 §5.2.3 leaves clients without cookies to the server: TCP shows whose they are.
    let limit = begin(packet, &reply)
    var traits = ReplyTraits()
    traits.isTruncated = true
    traits.recursionAvailable = view.offersRecursion(to: client)
    return finish(traits, limit, &reply)
  }

  private func isUnderPressure() -> Bool {
    let policy = state.parts.cookies
    switch policy.requirement {
    case .never: return false
    case .always: return true
    case .underPressure:
      return pressure.note(at: now, policy) { shared.recursion?.recursor.inFlight ?? 0 }
    }
  }

  /// Whether a balancer asks for itself, to see whether we are alive.
  private var isBalancerItself: Bool {
    client.relay == nil && state.parts.senders.proxies.contains(client.peer.address)
  }

  // MARK: - Forwarders

  /// Reads the options of a forwarder that is believed.
  private func readForwarded(_ packet: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var at = range.lowerBound
    // `Request.parse` has checked that codes, lengths and data fill the range.
    while at + 4 <= range.upperBound {
      let code = packet.word(at: at)
      let length = Int(packet.word(at: at + 2))
      let start = at + 4
      guard start + length <= range.upperBound else { return false }
      if code == EDNSOptionCode.clientSubnet {
        // Two of them cannot both be the forwarder's: whose word would count?
        guard options.subnet == nil,
          let subnet = ForwardedSubnet(packet, at: start, length: length)
        else { return false }
        options.subnet = subnet
      } else {
        device.add(optionCode: code, packet, at: start, length: length)
      }
      at = start + length
    }
    return true
  }

  /// Makes the forwarder's client the one that policy, limits and hits are about.
  private func becomeClient(_ subnet: ForwardedSubnet) {
    client.relay = client.asker
    // The port that the forwarder's client used stays unknown.
    client.remote = SocketEndpoint(address: subnet.address, port: 0)
    client.prefixLength = subnet.isWhole ? 0 : subnet.sourceLength
    // The forwarder may be who it says; its client has shown nothing to us.
    client.isVerified = false
    chooseView()
  }
}
