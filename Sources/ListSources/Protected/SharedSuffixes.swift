/// Suffixes below which strangers register names, as far as they are built in.
package enum SharedSuffixes {
  /// Names in lower case without trailing dot.
  package static let names =
    sharedCountrySuffixes.names + sharedHostingSuffixes.names + sharedDynamicSuffixes.names
}
