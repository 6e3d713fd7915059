import NIOCore
import NIOHTTP2

/// Watches what the HTTP/2 handler sends: it keeps back what the client's windows do not take, and
/// ends a connection by itself when the client breaks the rules.
final class HTTP2Watcher: NIOHTTP2FrameDelegate {
  /// Octets of answers not sent yet, by stream.
  private var held: [HTTP2StreamID: Int] = [:]
  /// Their sum.
  private(set) var heldBack = 0
  /// Whether the connection was ended for an error.
  private(set) var hasSentError = false

  /// Notes an answer handed to the HTTP/2 handler.
  func hold(_ stream: HTTP2StreamID, _ octets: Int) {
    held[stream] = octets
    heldBack += octets
  }

  /// Notes that a stream is over, sent or not.
  func drop(_ stream: HTTP2StreamID) {
    if let octets = held.removeValue(forKey: stream) { heldBack -= octets }
  }

  func wroteFrame(_ frame: HTTP2Frame) {
    switch frame.payload {
    case .data(let data):
      guard let octets = held[frame.streamID] else { return }
      guard !data.endStream else { return drop(frame.streamID) }
      let sent = min(octets, data.data.readableBytes)
      held[frame.streamID] = octets - sent
      heldBack -= sent
    case .goAway(_, let errorCode, _):
      if errorCode != .noError { hasSentError = true }
    default: break
    }
  }
}
