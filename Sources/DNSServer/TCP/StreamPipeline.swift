import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOSSL

/// Puts the handlers of a new connection together, nearest to the socket first.
enum StreamPipeline {
  static func build(
    _ channel: any Channel, _ service: StreamService, _ client: Client, _ loop: TCPLoop
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    let connection: any StreamConnection & ChannelHandler =
      switch service {
      case .dns, .dnsOverTLS: TCPConnection(loop: loop, client: client)
      case .dnsOverHTTPS, .dnsOverHTTP:
        WebConnection(loop: loop, client: client, usesTLS: service.usesTLS)
      }
    if service.usesTLS {
      guard let credentials = loop.credentials else { throw ChannelError.operationUnsupported }
      let tls = NIOSSLServerHandler(context: credentials.context(for: service))
      try pipeline.addHandler(tls)
      connection.edge = try pipeline.context(handler: tls)
    } else if service == .dnsOverHTTP {
      let probe = HTTPVersionProbe()
      try pipeline.addHandler(probe)
      connection.edge = try pipeline.context(handler: probe)
    }
    try pipeline.addHandler(connection)
  }

  /// Adds what speaks HTTP/2 in front of `connection`.
  static func addHTTP2(_ connection: WebConnection, _ context: ChannelHandlerContext) throws {
    let exchange = HTTP2Exchange(connection)
    var configuration = NIOHTTP2Handler.Configuration()
    configuration.connection.initialSettings = [
      HTTP2Setting(parameter: .maxConcurrentStreams, value: TCPLimits.streams),
      HTTP2Setting(parameter: .maxHeaderListSize, value: TCPLimits.headerOctets),
      HTTP2Setting(parameter: .initialWindowSize, value: HTTP2Exchange.streamWindow),
    ]
    // What the library keeps to by itself, with its own figures: RST_STREAM, PING, SETTINGS and
    // PRIORITY frames within 30 s (200 each; CVE-2023-44487, CVE-2019-9512, -9515), empty DATA
    // frames (-9518), CONTINUATION frames (CVE-2024-27316), and what piles up to be sent (-9517).
    let http2 = NIOHTTP2Handler(
      mode: .server, frameDelegate: exchange.watcher,
      connectionConfiguration: configuration.connection,
      streamConfiguration: configuration.stream)
    let handlers: [any ChannelHandler] = [http2, exchange]
    try context.pipeline.syncOperations.addHandlers(handlers, position: .before(connection))
    connection.exchange = exchange
  }

  /// Adds what speaks HTTP/1.1 in front of `connection`.
  static func addHTTP1(_ connection: WebConnection, _ context: ChannelHandlerContext) throws {
    let exchange = HTTP1Exchange(connection)
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = TCPLimits.headerOctets
    limits.maxHeaderListSize = TCPLimits.headerOctets
    limits.maxHeaderFieldCount = HTTP1Exchange.fieldLimit
    let decoder = HTTPRequestDecoder(limitConfiguration: limits)
    let handlers: [any ChannelHandler] = [
      HTTPResponseEncoder(), ByteToMessageHandler(decoder), HTTPServerPipelineHandler(), exchange,
    ]
    try context.pipeline.syncOperations.addHandlers(handlers, position: .before(connection))
    connection.exchange = exchange
  }
}
