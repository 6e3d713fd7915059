import Foundation
package import Operation
package import Settings

/// Confines a process as a server with the same settings is confined, to see what that does.
package enum SandboxTrial {
  /// Confines this process.
  ///
  /// - Throws: `SandboxError` when the settings require more than the kernel has.
  package static func confine(
    _ settings: Settings, configuration: String?
  ) throws(SandboxError) -> Sandbox {
    try? FileManager.default.createDirectory(
      atPath: settings.dataDirectory, withIntermediateDirectories: true)
    var sandbox = Sandbox(Sandbox.Wish(rawValue: settings.sandbox.rawValue) ?? .auto)
    // Connections too, so that the whole mechanism is tried.
    var settings = settings
    settings.sandboxConnectPorts = settings.sandboxConnectPorts ?? [53]
    try sandbox.confineFiles(.make(settings, configuration: configuration))
    try sandbox.confineCalls()
    return sandbox
  }
}
