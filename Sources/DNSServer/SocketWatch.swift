import CLinuxShims

/// Waits for datagrams on several sockets at once; used by one thread.
///
/// The kernel keeps the list (epoll), so that waiting on 256 addresses costs no more than on two.
final class SocketWatch {
  private let watch: Int32
  /// Places of the sockets that can be read, written by the kernel's side of `wait`.
  private let places: UnsafeMutablePointer<Int32>

  /// Watches open sockets.
  ///
  /// A worker that cannot wait would spin or be deaf, so running out of descriptors or memory here
  /// ends the program as running out of threads does.
  init(_ descriptors: [Int32]) {
    watch = ponor_watch_open(descriptors, Int32(descriptors.count))
    precondition(
      watch >= 0, "cannot watch \(descriptors.count) sockets: \(systemErrorText(-watch))")
    places = .allocate(capacity: Int(PONOR_READY))
  }

  deinit {
    ponor_watch_close(watch)
    places.deallocate()
  }

  /// Waits until a socket can be read or the time is over.
  ///
  /// - Returns: how many can be, as far as one call tells.
  func wait(milliseconds: Int32) -> Int {
    Int(ponor_watch_wait(watch, places, milliseconds))
  }

  /// The place of a socket the last `wait` found, among those watched.
  func ready(_ place: Int) -> Int { Int(places[place]) }
}
