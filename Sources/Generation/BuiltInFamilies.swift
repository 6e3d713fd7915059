package import DGAKit
import DGAModels

/// The families that are compiled in.
package enum BuiltInFamilies {
  /// Their names, and `family/variant` for each variant, in registry order.
  package static let names: [String] = builtInModels.flatMap { model in
    let metadata = model.metadata
    return [metadata.family]
      + metadata.variants.filter { !$0.name.isEmpty }.map { "\(metadata.family)/\($0.name)" }
  }
}

extension BuiltInFamilies {
  /// What is known of them, in registry order.
  package static var metadata: [ModelMetadata] { builtInModels.map { $0.metadata } }
}
