import CLinuxShims
import Glibc

/// Puts bounds on the process that generates names: it must never get in the resolver's way.
package enum BackgroundWork {
  /// Lowest ordinary priority (getpriority(2) goes from −20 to 19).
  private static let niceness: Int32 = 19
  /// Seconds of processor time; generating 100 million names takes about two minutes.
  private static let processorSeconds: rlim_t = 3600
  /// Octets of address space: 100 million names need some 8 GiB while they are sorted.
  private static let addressSpace: rlim_t = 24 << 30

  /// Applies the bounds to this process; what the system refuses is left as it is.
  package static func confine() {
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    limit(RLIMIT_CPU, processorSeconds)
    limit(RLIMIT_AS, addressSpace)
    // No network: a namespace with nothing in it. Takes privileges; without them seccomp of the
    // service manager has to do.
    _ = ponor_leave_network()
  }

  private static func limit(_ resource: __rlimit_resource, _ value: rlim_t) {
    var bounds = rlimit(rlim_cur: value, rlim_max: value)
    _ = setrlimit(__rlimit_resource_t(resource.rawValue), &bounds)
  }
}
