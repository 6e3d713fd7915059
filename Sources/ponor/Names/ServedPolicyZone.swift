import Foundation
import PonorApp
import RPZOut
import Settings

/// Prints a zone of `rpz_out` as the server hands it out, from the names kept beside its index.
enum ServedPolicyZone {
  static func print(
    _ name: String, _ format: NameFormat, _ settings: Settings
  ) throws {
    guard format == .rpz else {
      throw CommandFailure.usage("--zone goes with --format rpz only")
    }
    let wanted = (name.hasSuffix(".") ? String(name.dropLast()) : name).lowercased()
    guard let configured = settings.rpzOut.first(where: { $0.name == wanted }) else {
      throw CommandFailure.usage("'\(name)' is no zone of rpz_out; add it to the configuration")
    }
    let store = PolicyZoneStore(dataDirectory: settings.dataDirectory)
    guard let version = try store.open(configured, settings)?.newest?.version else {
      throw CommandFailure.failed(
        "there is no version of '\(name)' with these settings: start or reload the server")
    }
    try PolicyZoneFile.forEachPiece(version) { piece in
      try FileHandle.standardOutput.write(contentsOf: Data(piece))
    }
  }
}
