extension Settings {
  /// Every path that stands in the settings, that of the data directory apart: files and
  /// directories the server reads.
  package var inputPaths: [String] {
    Self.options.filter { $0.key != "data_dir" }.flatMap { $0.paths(self) }
  }
}
