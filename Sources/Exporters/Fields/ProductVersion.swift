/// What exports and the program call themselves.
package enum ProductVersion {
  /// Who makes it, in formats that ask for a vendor.
  package static let vendor = "Ponor"
  /// The product.
  package static let product = "ponor"
  /// Version of the program.
  package static let text = "0.1.0"
}
