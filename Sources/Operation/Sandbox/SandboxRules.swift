/// What a confined server may still touch.
package struct SandboxRules: Sendable, Equatable {
  /// Directories and files that are read and written, with everything below.
  package var writable: [String] = []
  /// Directories and files that are only read.
  package var readable: [String] = []
  /// Files that may be run.
  package var executable: [String] = []
  /// TCP ports that may be listened on.
  package var listenPorts: Set<UInt16> = []
  /// TCP ports that may be connected to; nil leaves connections alone.
  package var connectPorts: Set<UInt16>?

  /// Nothing at all.
  package init() {}

  /// What a program needs of the system before it does anything: its libraries, name service,
  /// random numbers, time zone and what it reads about itself.
  package static let system: [String] = [
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/usr/share/dns",
    "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/localtime", "/etc/timezone",
    "/etc/nsswitch.conf",
    "/etc/hosts", "/etc/resolv.conf", "/etc/passwd", "/etc/group", "/etc/services",
    "/etc/protocols", "/etc/host.conf", "/etc/gai.conf", "/etc/ssl/certs", "/etc/ssl/openssl.cnf",
    "/dev/urandom", "/dev/random", "/proc", "/sys/devices/system/cpu", "/sys/fs/cgroup",
  ]

  /// Directories too large to be opened up because one file in them is wanted.
  private static let shared: Set<String> = [
    "/", "/etc", "/usr", "/usr/bin", "/bin", "/home", "/root", "/tmp", "/var", "/var/lib", "/opt",
    "/srv", "/run", "/usr/local", "/usr/local/etc", "/usr/share", "/var/tmp", "/dev", "/mnt",
  ]

  /// What has to be opened up for a file of the configuration to be read, also after it has been
  /// replaced: its directory, since a rule sticks to a file and a new file has none; the file alone
  /// where the directory holds other things too.
  package static func place(of file: String) -> String {
    guard let slash = file.lastIndex(of: "/") else { return "." }
    let directory = slash == file.startIndex ? "/" : String(file[..<slash])
    return shared.contains(directory) ? file : directory
  }

  /// Whether a path was opened up, for reading at least.
  package func covers(_ path: String) -> Bool {
    (writable + readable).contains { place in
      let below = place.hasSuffix("/") ? place : place + "/"
      let isHere = place == "." && !path.hasPrefix("/") && !path.hasPrefix("..")
      return path == place || path.hasPrefix(below) || isHere
    }
  }
}
