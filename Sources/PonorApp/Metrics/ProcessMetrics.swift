import ControlPlane
import Foundation
import Glibc

/// The figures that Prometheus client libraries give of a process, under the names they all use.
enum ProcessMetrics {
  static func samples(started: Date) -> [MetricSample] {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let seconds = time(usage.ru_utime) + time(usage.ru_stime)
    var samples: [MetricSample] = [
      .gauge(
        "process_start_time_seconds", "Start of the process, unix time.",
        started.timeIntervalSince1970),
      .counter("process_cpu_seconds_total", "User and system time used.", seconds),
    ]
    // proc(5): total and resident size in pages.
    if let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) {
      let pages = text.split(separator: " ").prefix(2).compactMap { Double($0) }
      if pages.count == 2 {
        let size = Double(sysconf(CInt(_SC_PAGESIZE)))
        samples += [
          .gauge("process_virtual_memory_bytes", "Virtual memory.", pages[0] * size),
          .gauge("process_resident_memory_bytes", "Resident memory.", pages[1] * size),
        ]
      }
    }
    if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      samples.append(.gauge("process_open_fds", "Open file descriptors.", Double(files.count)))
    }
    return samples
  }

  private static func time(_ value: timeval) -> Double {
    Double(value.tv_sec) + Double(value.tv_usec) / 1e6
  }
}
