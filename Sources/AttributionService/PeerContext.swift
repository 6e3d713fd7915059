import Glibc
import Hummingbird
import NIOCore

/// A request's context that knows who is at the other end of the UNIX socket.
///
/// Unsafe because the kernel fills a structure of C; nothing of it leaves this file.
struct PeerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// `struct ucred` of unix(7).
  private struct Credentials: Sendable {
    var process: Int32 = 0
    var user: UInt32 = .max
    var group: UInt32 = .max
  }

  /// The user's name, or number, as the kernel says (SO_PEERCRED, unix(7)).
  func peer() async -> String {
    guard let provider = channel as? any SocketOptionProvider,
      let credentials: Credentials = try? await provider.unsafeGetSocketOption(
        level: .init(rawValue: SOL_SOCKET), name: .init(rawValue: SO_PEERCRED)
      ).get()
    else { return "unknown" }
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var text = [CChar](repeating: 0, count: 4_096)
    guard getpwuid_r(credentials.user, &entry, &text, text.count, &found) == 0, found != nil else {
      return "uid \(credentials.user)"
    }
    return String(cString: entry.pw_name)
  }
}
