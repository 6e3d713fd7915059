package import Addressing

/// Where dnstap goes, and what of it.
package struct DnstapOptions: Sendable, Equatable {
  /// Where frames are sent.
  package enum Target: Sendable, Equatable {
    /// A UNIX socket somebody listens on.
    case socket(String)
    /// A TCP address somebody listens on.
    case tcp(SocketEndpoint)
    /// A file; one that is there is kept as PATH.previous.
    case file(String)
  }

  /// Where to.
  package var target: Target
  /// Whether other messages than hits are sent.
  package var includesOthers = false
  /// One in so many of the messages that are no hits.
  package var sample = 1
  /// Who sends; empty says nothing.
  package var identity = ""
  /// The program and its version; empty says nothing.
  package var version = ""
  /// Octets that wait in each thread's ring.
  package var queueBytes = 4 << 20

  /// Sends hits to `target`.
  package init(target: Target) { self.target = target }
}
