import FuzzEntries

/// The entry that runs; a C callback cannot capture it.
nonisolated(unsafe) var chosen: FuzzEntry?  // Set once, before libFuzzer's first call.
