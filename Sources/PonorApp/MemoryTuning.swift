import CLinuxShims

/// Keeps the C library from giving memory back after every few queries.
///
/// libunbound frees what it used for a question when it is answered. With glibc's defaults the top
/// of a thread's heap is then returned to the kernel and faulted in again, some hundred times a
/// second under load (mallopt(3): M_TRIM_THRESHOLD, M_TOP_PAD).
enum MemoryTuning {
  /// Free memory at the top of a heap that is kept, octets.
  private static let keptOctets: Int32 = 16 << 20
  /// Memory a heap grows by at a time, octets.
  private static let growthOctets: Int32 = 1 << 20

  static func apply() {
    ponor_keep_memory(keptOctets, growthOctets)
  }
}
